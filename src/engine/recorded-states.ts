import {clientAddress} from '../runner/connection/client-rows.ts'
import {databaseName} from '../runner/connection/database-name.ts'
import {readRecordedState} from '../runner/state/recorded-state.ts'
import type {DatabaseState} from '../runner/state/store.ts'
import {stateIn} from '../graph/recorded.ts'
import type {Project, ScriptProject} from './project.ts'
import {tableNamesOf, withDatabases} from './databases.ts'
import type {RunContext} from './run-context.ts'

/** The state of a database that need not be open. */
export interface RecordedState {
  /** Its name, if the configuration has several databases. */
  readonly name: string | undefined
  readonly tenant: string | undefined
  /** Its URL, without password. */
  readonly address: string
  readonly state: DatabaseState
}

/**
 * Reads the states of all databases without locks, sessions, or MikroORM. Returns undefined if that is not enough; opening
 * the databases then tells what is the matter.
 *
 * @param isIdle whether a run in progress is not enough, either
 * @throws MigError DATABASE_UNREACHABLE, INVALID_DATABASE_URL, errors of the configuration
 */
export async function recordedStates(
  {project, em, configured}: RunContext,
  {isIdle = false} = {},
): Promise<readonly RecordedState[] | undefined> {
  const {root, settings, tenant} = project
  if (em !== undefined || tenant !== undefined || settings.tenants !== undefined) return undefined
  const states = await Promise.all(
    (await configured()).map(async (database): Promise<RecordedState | undefined> => {
      const address = clientAddress(database, root, process.env)
      const timeout = settings.connectTimeout
      const state = address && (await readRecordedState(address, root, tableNamesOf(project), timeout, isIdle))
      if (address === undefined || state === undefined || mayHaveSquash(project, state)) return undefined
      return {name: database.name, tenant: undefined, address: databaseName(address.driver, address.options), state}
    }),
  )
  const known = states.filter((state) => state !== undefined)
  return known.length === states.length ? known : undefined
}

/** A row without a file may be that of a squash, and this query does not read what it replaces. */
function mayHaveSquash(project: Project | ScriptProject, state: DatabaseState): boolean {
  return 'scripts' in project && stateIn(project.scripts.graph, state.applied).unknown.size > 0
}

/** Reads the states of all databases, and opens them only if necessary. */
export async function statesOf(context: RunContext): Promise<readonly RecordedState[]> {
  return (
    (await recordedStates(context)) ??
    withDatabases(context, async (databases) =>
      databases.map(({name, tenant, session, state}) => ({name, tenant, address: session.name, state})),
    )
  )
}
