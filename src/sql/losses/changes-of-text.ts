import {ParserMissingError} from '../../dialects/errors.ts'
import {dialects} from '../../dialects/dialects.ts'
import type {Dialect} from '../../dialects/dialect.ts'
import {visitStatements} from '../../dialects/split/postgres.ts'
import {changesOfTree} from './changes-of-tree.ts'
import {changesOfWords} from './changes-of-words.ts'
import type {DataChange} from './data-change.ts'

/** Matches every text that can lose data by such a change. */
export const mayLoseData = /\b(?:drop|truncate|delete|replace)\b/i

/**
 * Returns the changes of a SQL text that decide about data, in order. Those of a statement that cannot be parsed are not
 * known.
 */
export async function changesOfText(text: string, dialect: Dialect): Promise<readonly DataChange[]> {
  if (dialects[dialect].capabilities.hasServerParser) {
    const parsed = await changesOfParsed(text)
    if (parsed !== undefined) return parsed
  }
  const found: DataChange[] = []
  for (const {sql} of await dialects[dialect].split(text, true))
    found.push(...changesOfWords(await dialects[dialect].condense(sql)))
  return found
}

/**
 * Returns the changes of a text of PostgreSQL; undefined if it cannot be parsed, or where there is no parser, as in a program of
 * one file.
 */
async function changesOfParsed(text: string): Promise<readonly DataChange[] | undefined> {
  const found: DataChange[] = []
  try {
    const isParsed = await visitStatements(text, (statement) => void found.push(...changesOfTree(statement)))
    return isParsed ? found : undefined
  } catch (error) {
    if (error instanceof ParserMissingError) return undefined
    throw error
  }
}
