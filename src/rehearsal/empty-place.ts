import {randomBytes} from 'node:crypto'
import {readSnapshot} from '../catalogue/snapshot/read.ts'
import {snapshotOf} from '../catalogue/snapshot/snapshot.ts'
import type {CatalogueObject, Snapshot} from '../catalogue/snapshot/snapshot.ts'
import {dialects} from '../dialects/dialects.ts'
import {dialectOf} from '../runner/connection/session.ts'
import type {Session} from '../runner/connection/session.ts'
import type {Connection} from '../runner/connection/connect.ts'
import {sqlContext} from '../sql/context.ts'
import {rehearseInTransaction} from './transaction.ts'

/** A database without objects, or schemas without objects within one. */
export interface EmptyPlace {
  /** Runs statements, each possibly with several parts. */
  readonly execute: (statements: readonly string[]) => Promise<void>
  /** Runs a statement whose failure changes nothing. */
  readonly attempt: (statement: string) => Promise<void>
  readonly read: () => Promise<Snapshot>
  /** Returns whether a view uses what is not in the place: then it depends on more than its statement. */
  readonly usesOthers: () => Promise<boolean>
}

/**
 * Returns a database as a place.
 *
 * @param session the session whose interruption stops it between two statements
 * @param schemas the schemas to read, if a database has several
 */
export function placeOf(session: Session, {em}: Connection, schemas: readonly string[] = []): EmptyPlace {
  const driver = em.getDriver()
  const platform = driver.getPlatform()
  const connection = driver.getConnection()
  const run = async (sql: string): Promise<void> => platform.getSchemaGenerator(driver, em).execute(sql)
  const query = async <Row>(sql: string): Promise<readonly Row[]> => connection.execute<Row[]>(sql)
  return {
    execute: async (statements) => {
      for (const statement of statements) {
        await session.stopIfAborted()
        await run(statement)
      }
    },
    attempt: run,
    read: async () => readSnapshot(query, sqlContext(dialectOf(platform), platform), schemas),
    usesOthers: async () => false,
  }
}

/**
 * Calls `use` while some schemas are empty, in a transaction that is rolled back: the schemas that exist are renamed, and
 * new ones take their names. Other sessions never see that, and no table is locked. Objects of the renamed schemas, such
 * as types of extensions, are still found by the search path.
 *
 * @throws NoFreshSchemasError
 */
export async function withFreshSchemas<Result>(
  session: Session,
  schemas: readonly string[],
  tableLock: number,
  use: (place: EmptyPlace) => Promise<Result>,
): Promise<Result> {
  const {list, literal} = sqlContext(session.dialect, session.platform)
  const suffix = randomBytes(4).toString('hex')
  return rehearseInTransaction(session, tableLock, async () => {
    const names = schemas.map(literal).join(', ')
    const existing = await session.query<{readonly name: string}>(
      `select nspname as name from pg_namespace where nspname in (${names})`,
    )
    const hidden = existing.map(({name}, i) => ({name, other: `mig_hidden_${i}_${suffix}`}))
    const path = [...new Set([...schemas, ...hidden.map(({other}) => other)])]
    const statements = [
      ...hidden.map(({name, other}) => `alter schema ${list([name])} rename to ${other}`),
      ...hidden.map(({name}) => `create schema ${list([name])}`),
      `set local search_path to ${list(path)}`,
    ]
    await send(session, statements).catch((error: unknown) => {
      throw new NoFreshSchemasError(error)
    })
    return use(placeWithin(session, schemas, hidden))
  })
}

/** The schemas cannot be renamed: they belong to another user, or an event trigger fails. */
export class NoFreshSchemasError extends Error {
  constructor(cause: unknown) {
    super('the schemas cannot be renamed', {cause})
  }
}

interface HiddenSchema {
  readonly name: string
  /** Its name during the transaction. */
  readonly other: string
}

function placeWithin(session: Session, schemas: readonly string[], hidden: readonly HiddenSchema[]): EmptyPlace {
  const execute = async (statements: readonly string[]): Promise<void> => {
    const parts = await Promise.all(statements.map(async (sql) => dialects[session.dialect].split(sql, false)))
    await send(
      session,
      parts.flat().map(({sql}) => sql),
    )
  }
  return {
    execute,
    attempt: async (statement) => {
      await send(session, ['savepoint mig_statement'])
      try {
        await execute([statement])
      } catch (error) {
        await send(session, ['rollback to savepoint mig_statement'])
        throw error
      }
    },
    usesOthers: async () => {
      const query = async <Row>(sql: string): Promise<readonly Row[]> => session.query<Row>(sql)
      const found = await readSnapshot(query, sqlContext(session.dialect, session.platform), schemas)
      return [...found.values()].some(
        ({kind, definition}) => kind === 'view' && definition['sql']?.includes('mig_hidden_'),
      )
    },
    read: async () => {
      const query = async <Row>(sql: string): Promise<readonly Row[]> => session.query<Row>(sql)
      const found = await readSnapshot(query, sqlContext(session.dialect, session.platform), schemas)
      return snapshotOf([...found.values()].map((object) => withNames(object, hidden)))
    },
  }
}

/** Returns an object whose definition names the hidden schemas as they are called outside of the transaction. */
function withNames(object: CatalogueObject, hidden: readonly HiddenSchema[]): CatalogueObject {
  const text = JSON.stringify(object.definition)
  if (!text.includes('mig_hidden_')) return object
  const restored = hidden.reduce((found, {name, other}) => found.replaceAll(`${other}.`, `${identifier(name)}.`), text)
  return {...object, definition: JSON.parse(restored) as CatalogueObject['definition']}
}

/** Returns a name as PostgreSQL writes it within a definition, in JSON. */
function identifier(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) ? name : JSON.stringify(`"${name.replaceAll('"', '""')}"`).slice(1, -1)
}

async function send(session: Session, statements: readonly string[]): Promise<void> {
  await session.send(statements.map((sql) => ({sql})))
}
