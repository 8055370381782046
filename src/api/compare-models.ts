import {compareSchemas} from '../autogenerate/compare.ts'
import type {CompareOptions, Comparison} from '../autogenerate/compare.ts'
import type {ComparedDatabase} from '../autogenerate/mikro.ts'
import {settle} from '../autogenerate/settle.ts'
import type {Settled} from '../autogenerate/settle.ts'
import type {RevisionGraph} from '../graph/revision-graph.ts'
import {splitName} from '../operations/names.ts'
import type {Operation} from '../operations/operation.ts'
import {CommandFailure} from '../runner/command.ts'
import {lockTableOf} from '../runner/tables.ts'
import {sqlContext} from '../sql/context.ts'
import {messageOf} from '../util/thrown.ts'
import {NoEntitiesError, NotAtHeadsError} from './autogenerate-errors.ts'
import {appliedSetOf, tableNamesOf, withDatabases} from './databases.ts'
import type {DatabaseOptions, OpenDatabase} from './databases.ts'
import {refuseHalfApplied} from './migrate.ts'
import {comparedDatabase} from './models.ts'
import type {Project, ScriptProject} from './project.ts'
import {rehearseInTransaction} from './rehearse.ts'
import {rehearseOnCopy} from './rehearse-copy.ts'

export type CompareModelsOptions = DatabaseOptions

/** Compares the entities with the database of a project, which must be where the files are. */
export async function withComparison<Result>(
  project: ScriptProject,
  options: CompareModelsOptions,
  use: (settled: Settled, database: OpenDatabase) => Promise<Result>,
): Promise<readonly Result[]> {
  return withDatabases(project, options, async (databases) => {
    const results: Result[] = []
    for (const database of databases) {
      refuseHalfApplied(database)
      refuseElsewhere(project.scripts.graph, database)
      results.push(await use(await compareDatabase(project, options, database), database))
    }
    return results
  })
}

async function compareDatabase(
  project: Project,
  {onEvent}: CompareModelsOptions,
  {session}: OpenDatabase,
): Promise<Settled> {
  const database = await comparedDatabase(session, project.root)
  if ([...database.em.getMetadata().getAll()].length === 0) throw new NoEntitiesError()
  const names = tableNamesOf(project)
  const own = new Set([names.versionTable, names.logTable, lockTableOf(names)])
  const compare: CompareOptions = {
    isOwn: (table, schema) =>
      own.has(table) && (names.schema === undefined || schema === undefined || schema === names.schema),
  }
  const before = await compareSchemas(database, compare)
  if (before.operations.length === 0) return untried(before)
  try {
    return await rehearse(project, session, database, before.operations, async (rehearsed) => {
      const after = await compareSchemas(rehearsed, {...compare, tables: tablesOf(before.operations)})
      return settle(before, after, sqlContext(database.dialect, database.platform))
    })
  } catch (error) {
    const reason = error instanceof CommandFailure ? messageOf(error.cause) : messageOf(error)
    onEvent?.({kind: 'note', text: `The operations were not tried: ${reason}`})
    return untried(before)
  }
}

const untried = ({operations}: Comparison): Settled => ({operations, unstable: [], unsettled: []})

async function rehearse<Result>(
  {settings}: Project,
  session: OpenDatabase['session'],
  database: ComparedDatabase,
  operations: readonly Operation[],
  use: (database: ComparedDatabase) => Promise<Result>,
): Promise<Result> {
  if (session.dialect === 'mysql' || session.dialect === 'mariadb')
    return rehearseOnCopy(session, database, operations, use)
  return rehearseInTransaction(session, database, operations, settings.tableLockTimeout, use)
}

/** Returns the names, without schemas, of the tables that operations are about. */
function tablesOf(operations: readonly Operation[]): readonly string[] {
  const names = operations.flatMap((one) =>
    'table' in one && one.table !== undefined ? splitName(one.table).name : [],
  )
  return [...new Set(names)]
}

/** @throws MigError DATABASE_NOT_AT_HEADS */
function refuseElsewhere(graph: RevisionGraph, database: OpenDatabase): void {
  const applied = appliedSetOf(database)
  const pending = graph.topological.filter((id) => !applied.has(id))
  const unknown = [...applied].filter((id) => !graph.has(id))
  if (pending.length > 0 || unknown.length > 0) throw new NotAtHeadsError(database.session.name, pending, unknown)
}
