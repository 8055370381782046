import * as Flags from '@oclif/core/flags'
import type {CheckOptions} from '../../api/checks/check-options.ts'

/** The flags of checks that evaluate merges. */
export const mergeFlags = {
  onto: Flags.string({summary: 'Branch to merge into', helpValue: 'REF'}),
  'head-ref': Flags.string({summary: 'Commit to merge (default: HEAD)', helpValue: 'REF', dependsOn: ['onto']}),
  refs: Flags.string({
    summary: 'Check every matching ref on its own; * matches anything except a slash',
    helpValue: 'GLOB',
    dependsOn: ['onto'],
    exclusive: ['head-ref'],
  }),
  prove: Flags.boolean({
    summary: 'Apply both sides in either order on temporary databases, and compare',
    dependsOn: ['onto'],
  }),
}

/** Returns these flags as the options of the use case. */
export function mergeOptions(flags: {
  readonly onto?: string | undefined
  readonly 'head-ref'?: string | undefined
  readonly refs?: string | undefined
  readonly prove: boolean
}): Pick<CheckOptions, 'onto' | 'headRef' | 'refs' | 'prove'> {
  return {onto: flags.onto, headRef: flags['head-ref'], refs: flags.refs, prove: flags.prove}
}
