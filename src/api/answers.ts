import {readFileSync} from 'node:fs'
import {resolve} from 'node:path'
import type {Answers} from '../autogenerate/renames/answers.ts'
import {InvalidConfigError} from '../config/errors.ts'
import {messageOf} from '../util/thrown.ts'
import type {Project} from './project.ts'

export interface AnswerOptions {
  /** What was renamed: `students.mail:email` for a column, `pupils:students` for a table. */
  readonly renames?: readonly string[] | undefined
  /** What is really dropped, although something like it has come: `students.mail`, `pupils`. */
  readonly drops?: readonly string[] | undefined
  /** The path of a JSON file with `renames` and `drops`. */
  readonly answersFile?: string | undefined
}

/**
 * Returns all answers that were given.
 *
 * @throws MigError INVALID_CONFIG
 */
export async function answersOf(
  {cwd}: Project,
  {renames = [], drops = [], answersFile}: AnswerOptions,
): Promise<Answers> {
  const file = answersFile === undefined ? {} : readAnswers(resolve(cwd, answersFile), answersFile)
  return {renames: [...(file.renames ?? []), ...renames], drops: [...(file.drops ?? []), ...drops]}
}

const isList = (list: unknown): boolean =>
  list === undefined || (Array.isArray(list) && list.every((one) => typeof one === 'string'))

function readAnswers(path: string, shown: string): Partial<Answers> {
  let value: unknown
  try {
    value = JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    throw new InvalidConfigError(shown, [messageOf(error)])
  }
  const {renames, drops, ...rest} = Object(value) as Readonly<Record<string, unknown>>
  if (!isList(renames) || !isList(drops) || Object.keys(rest).length > 0)
    throw new InvalidConfigError(shown, ['it must be {"renames": ["students.mail:email"], "drops": ["students.age"]}'])
  return value as Partial<Answers>
}
