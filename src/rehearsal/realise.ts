import type {Creation, CreationUnit} from '../catalogue/creation.ts'
import {serverVersion} from '../catalogue/snapshot/read.ts'
import {snapshotOf} from '../catalogue/snapshot/snapshot.ts'
import type {CatalogueObject, Snapshot} from '../catalogue/snapshot/snapshot.ts'
import {dialects} from '../dialects/dialects.ts'
import type {Session} from '../runner/connection/session.ts'
import {withEmptyDatabase} from './empty-database.ts'
import type {EmptyDatabaseOptions} from './empty-database.ts'
import {NoFreshSchemasError, placeOf, withFreshSchemas} from './empty-place.ts'
import type {EmptyPlace} from './empty-place.ts'
import {preludeOf} from './prelude.ts'
import {RealisedCache} from './realised-cache.ts'
import {reasonOf} from './reason.ts'

/** The schema that MikroORM's schema generator creates for the entities in an empty database. */
export interface Realised {
  readonly snapshot: Snapshot
  readonly failures: readonly CreationFailure[]
}

/** A statement of MikroORM's schema generator that the database refuses. */
export interface CreationFailure {
  readonly table: string | undefined
  readonly sql: string
  readonly reason: string
}

export interface RealiseOptions extends EmptyDatabaseOptions {
  /** The schemas that the entities use, if a database has several. */
  readonly schemas: readonly string[]
  /** The database that is compared: it has what the entities need and nobody but a revision makes. */
  readonly live: Snapshot
}

/**
 * Returns the snapshot of what creates the entities' schema, made in an empty database of the same kind and version.
 * Objects are kept by their statements, so that only what changed is made again.
 *
 * @throws MigError as `withEmptyDatabase`
 */
export async function realise(session: Session, creation: Creation, options: RealiseOptions): Promise<Realised> {
  const version = await serverVersion(async (sql) => session.query(sql), session.dialect)
  const cache = RealisedCache.open(options.root, [session.dialect, version])
  const keys = keysOf(creation)
  const missing = creation.tables.filter((unit) => !cache.has(keys.of(unit)))
  if (missing.length > 0 || !cache.has(keys.rest)) {
    const needed = creation.after.length > 0 ? creation.tables : withReferenced(missing, creation.tables)
    const made = await make(session, {...creation, tables: needed}, options)
    if (made.failures.length > 0 || !made.isSelfContained) return made
    keep(made.snapshot, needed, keys, cache)
  }
  const objects = [...creation.tables.flatMap((unit) => cache.get(keys.of(unit))), ...cache.get(keys.rest)]
  cache.close([...creation.tables.map(keys.of), keys.rest])
  return {snapshot: snapshotOf(objects), failures: []}
}

interface Keys {
  readonly of: (unit: CreationUnit) => string
  readonly rest: string
}

/** A table depends on its statements and the types; a view on everything. */
function keysOf({before, tables, links, after}: Creation): Keys {
  const of = ({table, statements}: CreationUnit): string =>
    RealisedCache.key([...before, ...statements, ...(links.get(table ?? '') ?? [])])
  return {of, rest: RealisedCache.key([...before, ...after, ...(after.length > 0 ? tables.map(of) : [])])}
}

function withReferenced(units: readonly CreationUnit[], all: readonly CreationUnit[]): readonly CreationUnit[] {
  const named = new Map(all.map((unit) => [unit.table, unit]))
  const found = new Set(units)
  for (const {references} of found)
    for (const name of references) {
      const unit = named.get(name)
      if (unit !== undefined) found.add(unit)
    }
  return all.filter((unit) => found.has(unit))
}

function keep(snapshot: Snapshot, units: readonly CreationUnit[], keys: Keys, cache: RealisedCache): void {
  const byTable = Map.groupBy(snapshot.values(), ({kind, table, name}) => (kind === 'table' ? name : table))
  const rest: CatalogueObject[] = []
  const tables = new Set(units.map(({table}) => table))
  for (const unit of units) cache.set(keys.of(unit), byTable.get(unit.table) ?? [])
  for (const [table, objects] of byTable) if (!tables.has(table)) rest.push(...objects)
  cache.set(keys.rest, rest)
}

/** The created schema, and whether it depends only on its statements, so that it can be kept. */
interface Made extends Realised {
  readonly isSelfContained: boolean
}

/** Makes everything at once, or, if that fails, one statement after the other, with what else the entities may need. */
async function make(session: Session, creation: Creation, options: RealiseOptions): Promise<Made> {
  const {extensions, others} = preludeOf(options.live, creation, session)
  try {
    return await inEmptyPlace(session, options, async ({execute, read, usesOthers}) => {
      await execute([...extensions, ...statementsOf(creation).map(({sql}) => sql)])
      const isSelfContained = creation.after.length === 0 || !(await usesOthers())
      return {snapshot: await read(), failures: [], isSelfContained}
    })
  } catch {
    await session.stopIfAborted()
    return inEmptyPlace(session, options, async (place) => {
      await inAnyOrder(
        session,
        place,
        [...extensions, ...others].map((sql) => ({sql})),
      )
      const before = await place.read()
      const failures = await inAnyOrder(session, place, statementsOf(creation))
      const made = [...(await place.read())].filter(([key]) => !before.has(key))
      return {snapshot: new Map(made), failures, isSelfContained: false}
    })
  }
}

/** Where schemas can be renamed within a transaction, no other database is needed. */
async function inEmptyPlace(
  session: Session,
  options: RealiseOptions,
  use: (place: EmptyPlace) => Promise<Made>,
): Promise<Made> {
  const {schemas, ddlCommits} = dialects[session.dialect].capabilities
  if (!schemas || ddlCommits)
    return withEmptyDatabase(session, options, async (connection) => use(placeOf(session, connection)))
  const own = session.platform.getDefaultSchemaName()
  const all = [...new Set([...(own === undefined ? [] : [own]), ...options.schemas])]
  try {
    return await withFreshSchemas(session, all, options.timeout, use)
  } catch (error) {
    if (!(error instanceof NoFreshSchemasError)) throw error
    return withEmptyDatabase(session, options, async (connection) => use(placeOf(session, connection, all)))
  }
}

interface Statement {
  readonly table?: string | undefined
  readonly sql: string
}

function statementsOf({required, before, tables, links, after}: Creation): readonly Statement[] {
  return [
    ...before.map((sql) => ({sql})),
    ...required.map((sql) => ({sql})),
    ...tables.flatMap(({table, statements}) => statements.map((sql) => ({table, sql}))),
    ...tables.flatMap(({table}) => (links.get(table ?? '') ?? []).map((sql) => ({table, sql}))),
    ...after.map((sql) => ({sql})),
  ]
}

/** Runs statements that may depend on each other, and returns those that fail even after all others. */
async function inAnyOrder(
  session: Session,
  {attempt}: EmptyPlace,
  statements: readonly Statement[],
): Promise<readonly CreationFailure[]> {
  let waiting = statements
  for (;;) {
    const failed: CreationFailure[] = []
    for (const {table, sql} of waiting) {
      await session.stopIfAborted()
      try {
        await attempt(sql)
      } catch (error) {
        failed.push({table, sql, reason: reasonOf(error)})
      }
    }
    if (failed.length === 0 || failed.length === waiting.length) return failed
    waiting = failed
  }
}
