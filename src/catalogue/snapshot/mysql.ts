import {readChecks, readForeignKeys} from './mysql/constraints.ts'
import {readIndexes} from './mysql/indexes.ts'
import {readRoutines, readTriggers} from './mysql/routines.ts'
import {describeServer} from './mysql/server.ts'
import {readTables} from './mysql/tables.ts'
import {readViews} from './mysql/views.ts'
import type {CatalogueObject, Query} from './snapshot.ts'

/** Reads all objects of the current database of a MySQL or MariaDB server; there are none if no database is chosen. */
export async function readMysql(query: Query): Promise<readonly CatalogueObject[]> {
  const server = await describeServer(query)
  if (server === undefined) return []
  const {tables, views, objects} = await readTables(server)
  const readers = [readIndexes(tables), readForeignKeys, readChecks, readTriggers, readViews(views), readRoutines]
  const found = [...objects]
  for (const read of readers) found.push(...(await read(server)))
  return found
}
