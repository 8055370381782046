import * as Flags from '@oclif/core/flags'
import type {NewRevisionOptions} from '../engine/new-revision.ts'

/** The flags that all commands have that write a revision. */
export const revisionFlags = {
  message: Flags.string({char: 'm', summary: 'What it is for, in a sentence', helpValue: 'TEXT'}),
  'branch-label': Flags.string({
    summary: 'A label for the branch that begins here (can be repeated)',
    helpValue: 'LABEL',
    multiple: true,
    multipleNonGreedy: true,
  }),
  'depends-on': Flags.string({
    summary: 'A revision or label that must be applied first (can be repeated)',
    helpValue: 'TARGET',
    multiple: true,
    multipleNonGreedy: true,
  }),
  'rev-id': Flags.string({summary: 'The id, instead of a random one', helpValue: 'ID'}),
  splice: Flags.boolean({summary: 'Let it come after what is no head'}),
  'version-path': Flags.string({summary: 'The folder for the file', helpValue: 'FOLDER'}),
}

/** Returns these flags as the options of the use case. */
export function revisionOptions(flags: {
  readonly message?: string | undefined
  readonly 'branch-label'?: readonly string[] | undefined
  readonly 'depends-on'?: readonly string[] | undefined
  readonly 'rev-id'?: string | undefined
  readonly splice?: boolean | undefined
  readonly 'version-path'?: string | undefined
}): NewRevisionOptions {
  return {
    message: flags.message,
    branchLabels: flags['branch-label'],
    dependsOn: flags['depends-on'],
    revisionId: flags['rev-id'],
    splice: flags.splice,
    versionPath: flags['version-path'],
  }
}
