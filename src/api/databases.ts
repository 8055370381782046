import {hostname, userInfo} from 'node:os'
import {databasesOf} from '../config/database.ts'
import type {RevisionId} from '../graph/revision.ts'
import type {Connection, DatabaseSource, SqlOrm} from '../runner/connect.ts'
import type {OnEvent, RunEvent} from '../runner/events.ts'
import type {Session} from '../runner/session.ts'
import type {AppliedRevision, VersionStore, VersionTables} from '../runner/version-store.ts'
import {migVersion} from '../util/version.ts'
import type {Project, ProjectOptions} from './project.ts'

export type {RunEvent}

/** What use cases that need a database can be told. */
export interface DatabaseOptions extends ProjectOptions {
  /** An instance of MikroORM to work with, instead of the one that the configuration describes. It is not closed. */
  readonly orm?: SqlOrm | undefined
  readonly onEvent?: OnEvent | undefined
  readonly signal?: AbortSignal | undefined
}

/** A database with an open session, and the state that was read from it. */
export interface OpenDatabase {
  /** Its name in the configuration, where that has several. */
  readonly name: string | undefined
  readonly session: Session
  readonly store: VersionStore
  /** Undefined when there is no version table yet. */
  readonly state: readonly AppliedRevision[] | undefined
}

/** Opens every database of a project at once, reads their states, and closes them after `use`. */
export async function withDatabases<Result>(
  project: Project,
  options: DatabaseOptions,
  use: (databases: readonly OpenDatabase[]) => Promise<Result>,
): Promise<Result> {
  const {connect} = await import('../runner/connect.ts')
  const {withSession} = await import('../runner/session.ts')
  const {VersionStore: Store} = await import('../runner/version-store.ts')
  const actor = {by: `${userName()}@${hostname()}`, mig: migVersion()}
  const sources = await sourcesOf(project, options)
  const connections: Connection[] = []
  const open = async (done: readonly OpenDatabase[]): Promise<Result> => {
    const next = sources[done.length]
    if (next === undefined) return use(done)
    const connection = await connect(next.source, project.root)
    connections.push(connection)
    return withSession(connection, options.signal, async (session) => {
      const store = new Store(session, tablesOf(project), actor)
      return open([...done, {name: next.name, session, store, state: await store.read()}])
    })
  }
  try {
    return await open([])
  } finally {
    await Promise.allSettled(connections.map(async (connection) => connection.close()))
  }
}

/** Returns the applied set of a database. */
export function appliedSetOf({state}: OpenDatabase): ReadonlySet<RevisionId> {
  return new Set(state?.map((row) => row.revision))
}

async function sourcesOf(
  {settings, root}: Project,
  {orm, onEvent}: DatabaseOptions,
): Promise<readonly {readonly name: string | undefined; readonly source: DatabaseSource}[]> {
  if (orm !== undefined) return [{name: undefined, source: {kind: 'orm', orm}}]
  const configured = await databasesOf(settings, root, process.env)
  return configured.map((database) => {
    if (database.kind === 'url' && database.isDefault)
      onEvent?.({
        kind: 'note',
        text: `No database is configured: using the embedded PostgreSQL in ${database.url.slice('pglite:'.length)}.`,
      })
    return {name: database.name, source: database}
  })
}

function tablesOf({settings}: Project): VersionTables {
  const {versionTable, logTable, versionTableSchema} = settings
  return {versionTable, logTable, schema: versionTableSchema}
}

function userName(): string {
  try {
    return userInfo().username
  } catch {
    // A container may run as a user without a name.
    return `uid ${process.getuid?.() ?? '?'}`
  }
}
