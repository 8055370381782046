import {readFileSync} from 'node:fs'
import {resolve} from 'node:path'
import {UnknownAnswerError} from './answers.ts'
import type {Answers} from './answers.ts'
import {InvalidConfigError} from '../../config/errors.ts'
import {messageOf} from '../../util/error-info.ts'
import type {Project} from '../../engine/project.ts'

export interface AnswerOptions {
  /** Renames: `students.mail:email` for a column, `pupils:students` for a table. */
  readonly renames?: readonly string[] | undefined
  /** Objects to drop even though a similar one was added: `students.mail`, `pupils`. */
  readonly drops?: readonly string[] | undefined
  /** The path of a JSON file with `renames` and `drops`. */
  readonly answersFile?: string | undefined
}

/**
 * Returns the answers given for a database. With several databases, an answer can be prefixed with the name of one:
 * `main/students.mail:email`.
 *
 * @throws MigError INVALID_CONFIG, UNKNOWN_ANSWER
 */
export async function answersOf(
  {cwd, settings}: Project,
  {renames = [], drops = [], answersFile}: AnswerOptions,
  database: string | undefined,
): Promise<Answers> {
  const file = answersFile === undefined ? {} : readAnswers(resolve(cwd, answersFile), answersFile)
  const names = Object.keys(settings.databases ?? {})
  const own = (text: string): readonly string[] => {
    const slash = text.indexOf('/')
    if (slash === -1 || names.length === 0) return [text]
    const name = text.slice(0, slash)
    if (!names.includes(name)) throw new UnknownAnswerError(text, `unknown database ${name}`, names)
    return name === database ? [text.slice(slash + 1)] : []
  }
  return {
    renames: [...(file.renames ?? []), ...renames].flatMap(own),
    drops: [...(file.drops ?? []), ...drops].flatMap(own),
  }
}

const isList = (list: unknown): boolean =>
  list === undefined || (Array.isArray(list) && list.every((item) => typeof item === 'string'))

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
