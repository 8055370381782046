import type {RevisionId} from '../graph/revision.ts'
import type {ScriptDirectory} from '../script/script-directory.ts'
import {currentOf} from './current.ts'
import type {CurrentView} from './current.ts'
import {appliedSetOf, withDatabases} from './databases.ts'
import type {DatabaseOptions} from './databases.ts'
import {editedOf} from './edited.ts'
import type {EditedRevision} from './edited.ts'
import type {Project} from './project.ts'
import {whereaboutsOf} from './whereabouts.ts'
import type {Whereabouts} from './whereabouts.ts'

/** What is known of the databases. What the runner keeps of a run belongs here, too. */
export interface DatabaseStatus {
  /** The databases that were asked, without passwords. */
  readonly names: readonly string[]
  readonly current: readonly CurrentView[]
  /** What is not applied yet, in the order in which it would be. */
  readonly pending: readonly RevisionId[]
  /** What is applied and in no file, with where git has it. */
  readonly unknown: readonly Omit<Whereabouts, 'found'>[]
  readonly edited: readonly EditedRevision[]
}

/** Reads the state of the databases and compares it with the files. */
export async function databaseStatus(
  project: Project & {readonly scripts: ScriptDirectory},
  options: DatabaseOptions,
): Promise<DatabaseStatus> {
  const {graph} = project.scripts
  return withDatabases(project, options, async (databases) => {
    const applied = databases.map(appliedSetOf)
    const rows = databases.flatMap(({state}) => state ?? [])
    const unknown = await whereaboutsOf(
      project,
      rows.filter(({revision}) => !graph.has(revision)),
    )
    return {
      names: databases.map(({session}) => session.name),
      current: databases.flatMap((database) => currentOf(graph, database)),
      pending: graph.topological.filter((id) => applied.some((set) => !set.has(id))),
      unknown: unknown.map(({revision, text, command}) => ({revision, text, ...(command !== undefined && {command})})),
      edited: await editedOf(project, databases),
    }
  })
}
