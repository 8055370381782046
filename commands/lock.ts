import * as Flags from '@oclif/core/flags'
import type {LockView} from '../src/api/runs/lock.ts'
import {describeHolder} from '../src/api/events.ts'
import {BaseCommand} from '../src/cli/base-command.ts'
import {tenantFlags, tenantOptions} from '../src/cli/tenant-flags.ts'

export default class Lock extends BaseCommand {
  static override summary = 'Show who holds the lock of a database'
  static override description =
    'A run that writes locks its database. A lock of a session ends with the session; a lock in a table may outlive its holder and can be taken away.'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --break --reason "the container was killed"',
  ]
  static override flags = {
    break: Flags.boolean({summary: 'Take a lock in a table away from its holder', dependsOn: ['reason']}),
    reason: Flags.string({summary: 'Why, for the log', dependsOn: ['break']}),
    ...tenantFlags,
  }

  override async run(): Promise<{readonly locks: readonly LockView[]}> {
    const {flags} = await this.parse(Lock)
    const {breakLock, lockHolders} = await import('../src/api/runs/lock.ts')
    const options = {...this.common(flags), ...tenantOptions(flags), onEvent: this.noteEvents(flags)}
    const locks =
      flags.reason === undefined ? await lockHolders(options) : await breakLock({...options, reason: flags.reason})
    this.printLines(
      locks.map(({database, holder}) => {
        if (holder === null) return `${database} is not locked.`
        return `${database} ${flags.break ? 'was' : 'is'} locked by ${describeHolder(holder)}.`
      }),
    )
    return {locks}
  }
}
