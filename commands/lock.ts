import * as Flags from '@oclif/core/flags'
import {describeHolder} from '../src/api/events.ts'
import {BaseCommand} from '../src/cli/base-command.ts'
import type {CommandResults} from '../src/cli/json-output.ts'
import {tenantFlags, tenantOptions} from '../src/cli/tenant-flags.ts'
import {text} from '../src/render/safe/text.ts'

export default class Lock extends BaseCommand {
  static override summary = 'Show who holds the database lock'
  static override description =
    'Every run that writes holds a lock. A session lock ends with its session; a lock row can outlive its process and can be removed.'
  static override examples = ['mig lock', 'mig lock --break --reason "the container was killed"']
  static override flags = {
    break: Flags.boolean({summary: 'Remove the lock row of another run', dependsOn: ['reason']}),
    reason: Flags.string({summary: 'Reason, recorded in the log', helpValue: 'TEXT', dependsOn: ['break']}),
    ...tenantFlags,
  }

  override async run(): Promise<CommandResults['lock']> {
    const {flags} = await this.parse(Lock)
    if (flags.reason?.trim() === '')
      this.error('--break requires --reason "…", which is recorded in the log.', {exit: 2})
    const {breakLock, lockHolders} = await import('../src/api/runs/lock.ts')
    const options = {...this.common(flags), ...tenantOptions(flags), onEvent: this.noteEvents(flags)}
    const locks =
      flags.reason === undefined ? await lockHolders(options) : await breakLock({...options, reason: flags.reason})
    this.printLines(
      locks.map(({database, holder}) => {
        if (holder === null) return text`${database} is not locked.`
        return text`${database} ${flags.break ? 'was' : 'is'} locked by ${describeHolder(holder)}.`
      }),
    )
    return {locks}
  }
}
