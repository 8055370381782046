import * as Flags from '@oclif/core/flags'

/** The flag of commands that can read the revisions of any commit. */
export const atFlag = Flags.string({
  summary: 'Read the files of a git commit, branch or tag instead of the work tree',
  helpValue: 'REF',
})
