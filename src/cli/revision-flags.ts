import * as Flags from '@oclif/core/flags'
import type {NewRevisionOptions} from '../engine/new-revision.ts'

/** The flags that all commands have that write a revision. */
export const revisionFlags = {
  message: Flags.string({char: 'm', summary: 'Message: what the revision does', helpValue: 'TEXT'}),
  'branch-label': Flags.string({
    summary: 'Label for the branch that starts here (can be repeated)',
    helpValue: 'LABEL',
    multiple: true,
    multipleNonGreedy: true,
  }),
  'depends-on': Flags.string({
    summary: 'Revision or label that must be applied first (can be repeated)',
    helpValue: 'TARGET',
    multiple: true,
    multipleNonGreedy: true,
  }),
  'rev-id': Flags.string({summary: 'Revision id (default: random)', helpValue: 'ID'}),
  splice: Flags.boolean({summary: 'Allow a parent that is not a head'}),
  'version-path': Flags.string({summary: 'Folder for the file', helpValue: 'FOLDER'}),
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
