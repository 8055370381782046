import * as Flags from '@oclif/core/flags'
import type {AutogenerateOptions} from '../api/models.ts'

const group = 'AUTOGENERATE'
const needs = {dependsOn: ['autogenerate'], helpGroup: group}

/** Flags for autogenerating a revision. */
export const autogenerateFlags = {
  sql: Flags.boolean({summary: 'Write a SQL file'}),
  autogenerate: Flags.boolean({
    summary: 'Generate operations that bring the database in line with the entities',
    helpGroup: group,
  }),
  scratch: Flags.boolean({
    summary:
      'Compare with a temporary database on which the history is replayed; with --no-, use no temporary database',
    allowNo: true,
    ...needs,
  }),
  rename: Flags.string({
    summary: 'Rename to record: students.mail:email or pupils:students (can be repeated)',
    helpValue: 'OLD:NEW',
    multiple: true,
    multipleNonGreedy: true,
    ...needs,
  }),
  drop: Flags.string({
    summary: 'Treat as dropped, not renamed (can be repeated)',
    helpValue: 'NAME',
    multiple: true,
    multipleNonGreedy: true,
    ...needs,
  }),
  answers: Flags.string({summary: 'JSON file with renames and drops', helpValue: 'FILE', ...needs}),
  amend: Flags.boolean({
    summary: 'Generate the newest revision again, or the one that --head names, and replace its file',
    exclusive: ['branch-label', 'depends-on', 'rev-id', 'splice', 'version-path'],
    ...needs,
  }),
  'allow-empty': Flags.boolean({summary: 'Write a file even if there is no difference', ...needs}),
}

/** Returns these flags as the options of the use case. */
export function autogenerateOptions(flags: {
  readonly scratch?: boolean
  readonly rename?: readonly string[] | undefined
  readonly drop?: readonly string[] | undefined
  readonly answers?: string | undefined
  readonly amend?: boolean
  readonly 'allow-empty'?: boolean
}): AutogenerateOptions {
  return {
    scratch: flags.scratch,
    renames: flags.rename,
    drops: flags.drop,
    answersFile: flags.answers,
    amend: flags.amend,
    allowEmpty: flags['allow-empty'],
  }
}
