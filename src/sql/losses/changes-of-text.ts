import {dialects} from '../../dialects/dialects.ts'
import type {Dialect} from '../../dialects/dialect.ts'
import {visitStatements} from '../../dialects/split/postgres.ts'
import {changesOfTree} from './changes-of-tree.ts'
import {changesOfWords} from './changes-of-words.ts'
import type {DataChange} from './data-change.ts'

/** Matches every text that can lose data by such a change. */
export const mayLoseData = /\b(?:drop|truncate|delete)\b/i

/**
 * Returns the changes of a SQL text that decide about data, in order. Those of a statement that cannot be parsed are not
 * known.
 */
export async function changesOfText(text: string, dialect: Dialect): Promise<readonly DataChange[]> {
  const found: DataChange[] = []
  if (dialects[dialect].capabilities.hasServerParser)
    await visitStatements(text, (statement) => void found.push(...changesOfTree(statement)))
  else
    for (const {sql} of await dialects[dialect].split(text, true))
      found.push(...changesOfWords(await dialects[dialect].condense(sql)))
  return found
}
