import * as Flags from '@oclif/core/flags'
import type {CurrentResult} from '../src/api/runs/current.ts'
import {BaseCommand} from '../src/cli/base-command.ts'
import {unknownFlag, unknownOption} from '../src/cli/unknown-flag.ts'
import {tenantFlags, tenantOptions} from '../src/cli/tenant-flags.ts'
import {listOf, plural} from '../src/util/text.ts'

export default class Current extends BaseCommand {
  static override summary = 'Show the current revisions of the database'
  static override examples = ['mig current', 'mig current -v', 'mig current --check-heads && echo up to date']
  static override flags = {
    verbose: Flags.boolean({char: 'v', summary: 'Print the details of each revision, and the database'}),
    ...tenantFlags,
    ...unknownFlag,
    'check-heads': Flags.boolean({summary: 'Exit with 1 unless every revision is applied'}),
  }

  override async run(): Promise<CurrentResult> {
    const {flags} = await this.parse(Current)
    const {current} = await import('../src/api/runs/current.ts')
    const {verbose} = flags
    const result = await current({
      ...this.common(flags),
      ...tenantOptions(flags),
      verbose,
      ...unknownOption(flags),
      onEvent: this.noteEvents(flags),
    })
    if (flags.verbose) this.note(this.paintNote('dim', result.databases.join(', ')), flags)
    this.printList(result.current, flags.verbose)
    const state = stateOf(result)
    if (state !== '') this.note(state, flags)
    const covered = coveredIn(result)
    if (covered !== '') this.note(covered, flags)
    for (const {revision, whereabouts} of flags.verbose ? [] : result.current)
      if (whereabouts !== undefined) this.note(`${revision}: ${whereabouts}.`, flags)
    if (!result.upToDate && result.current.some(({isUnknown}) => isUnknown))
      this.note('`mig status` shows the next step.', flags)
    for (const {revision, file} of result.edited)
      this.note(`${revision} was edited after it was applied: ${file}.`, flags)
    for (const {revision, file} of result.reformatted)
      this.note(`${revision} was reformatted after it was applied, and its operations are the same: ${file}.`, flags)
    if (flags['check-heads'] && !result.upToDate) process.exitCode = 1
    return result
  }
}

/** Says which of the listed revisions are not heads of the database. */
function coveredIn({current}: CurrentResult): string {
  const isHead = new Set(current.filter(({isCovered}) => isCovered !== true).map(({revision}) => revision))
  const covered = new Set(current.map(({revision}) => revision)).difference(isHead)
  if (covered.size === 0) return ''
  const verb = covered.size === 1 ? 'is only a dependency' : 'are only dependencies'
  return `The database is at ${listOf([...isHead], 10)}; ${listOf([...covered], 10)} ${verb}.`
}

function stateOf({current, upToDate, pending, partiallyApplied, tenants}: CurrentResult): string {
  if (partiallyApplied.length > 0)
    return `${listOf(partiallyApplied)} is partially applied: \`mig repair\` shows what can be done, or which run is in progress.`
  if (tenants.length > 0 && !upToDate) {
    const behind = tenants.filter((tenant) => !tenant.upToDate).map(({tenant}) => tenant)
    return `${behind.length} of ${plural(tenants.length, 'tenant')} ${behind.length === 1 ? 'is' : 'are'} not up to date: ${listOf(behind, 10)}.`
  }
  if (upToDate) return current.length === 0 ? 'At base; there are no revisions yet.' : 'Up to date.'
  const missing =
    pending.length === 0 ? '' : `${plural(pending.length, 'revision')} not applied yet: \`mig upgrade heads\`.`
  return `${current.length === 0 ? 'At base. ' : ''}${missing}`.trim()
}
