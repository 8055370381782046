import type {AbstractSqlConnection} from '@mikro-orm/sql'
import type {ComparedDatabase, MikroSql} from '../../catalogue/mikro.ts'
import {importFrom} from '../../runner/connection/drivers.ts'
import type {Session} from '../../runner/connection/session.ts'

/** Returns a session as what entities are compared on. */
export async function comparedDatabase(session: Session, root: string): Promise<ComparedDatabase> {
  const mikro = (await importFrom(root, '@mikro-orm/sql', 'autogenerate')) as unknown as MikroSql
  const connection = session.em.getDriver().getConnection()
  return {
    mikro,
    em: session.em,
    dialect: session.dialect,
    platform: session.platform,
    // On any other session, what is not committed could not be seen.
    connection: {
      execute: async (sql: string, params: unknown[] = [], method: 'all' | 'get' | 'run' = 'all') =>
        connection.execute(sql, params, method, session.db),
      getPlatform: () => session.platform,
    } as unknown as AbstractSqlConnection,
    query: async (sql) => session.query(sql),
  }
}
