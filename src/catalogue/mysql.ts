import type {DatabaseSchema} from '@mikro-orm/sql'
import type {ComparedDatabase} from './compared-database.ts'

/** Mends what MikroORM reads of a MySQL or MariaDB database: views name the database before everything in it. */
export async function correctMysql(schema: DatabaseSchema, database: ComparedDatabase): Promise<void> {
  const views = schema.getViews()
  if (views.length === 0) return
  const [row] = await database.query<{readonly name: string}>('select database() as name')
  const prefix = `${database.platform.quoteIdentifier(row?.name ?? '')}.`
  for (const view of views) view.definition = view.definition.replaceAll(prefix, '')
}
