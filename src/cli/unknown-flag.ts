import * as Flags from '@oclif/core/flags'
import type {UnknownOptions} from '../engine/unknown-revisions.ts'

/** The flag of commands that can run on a database with revisions that are missing from the files. */
export const unknownFlag = {
  'allow-unknown': Flags.boolean({
    summary: 'Allow applied revisions that are missing from the files, as after a rollback of the application',
  }),
}

/** Returns the option that the flag stands for; without it, the configuration decides. */
export function unknownOption(flags: {readonly 'allow-unknown': boolean}): UnknownOptions {
  return flags['allow-unknown'] ? {allowUnknown: true} : {}
}
