import type {IndexDef} from '@mikro-orm/sql'
import {isSameStatement} from '../postgres-tree.ts'
import {commonTables, differenceOf} from './comparator.ts'
import type {Comparator} from './comparator.ts'

/**
 * Indexes that an entity defines as a statement: expressions, `nulls not distinct`, operator classes. MikroORM compares
 * only their names; this comparator compares PostgreSQL's parse trees of both statements.
 */
export const indexExpressions: Comparator = {
  compare: async (input) => {
    for (const [from, to] of commonTables(input))
      for (const index of to.getIndexes()) {
        if (index.expression === undefined) continue
        const before = from.getIndexes().find(({keyName}) => keyName === index.keyName)
        if (before === undefined || (await isSame(before, index, input, from.getQuotedName()))) continue
        const {addedIndexes, removedIndexes} = differenceOf(input.difference, from, to)
        removedIndexes[index.keyName] = before
        addedIndexes[index.keyName] = index
      }
  },
}

async function isSame(
  before: IndexDef,
  {expression = '', keyName}: IndexDef,
  {database}: Parameters<Comparator['compare']>[0],
  table: string,
): Promise<boolean> {
  const stored = before.expression ?? (await definitionOf(keyName, table, database))
  return stored === undefined || isSameStatement(stored, expression)
}

/** Returns an index definition as PostgreSQL writes it. */
async function definitionOf(
  name: string,
  table: string,
  database: Parameters<Comparator['compare']>[0]['database'],
): Promise<string | undefined> {
  const {platform} = database
  const [row] = await database.query<{readonly sql: string}>(
    `select pg_get_indexdef(i.indexrelid) as sql from pg_index i join pg_class c on c.oid = i.indexrelid
     where i.indrelid = ${platform.quoteValue(table)}::regclass and c.relname = ${platform.quoteValue(name)}`,
  )
  return row?.sql
}
