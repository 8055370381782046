import type {RevisionId} from '../graph/revision.ts'
import {contentIdOf} from '../script/content-id.ts'
import type {OpenDatabase} from './databases.ts'
import type {Project} from './project.ts'
import type {ScriptDirectory} from '../script/script-directory.ts'

/** An applied revision whose file was edited. */
export interface EditedRevision {
  readonly revision: RevisionId
  readonly file: string
  /** The git blob ids of the applied text and of the current file. */
  readonly applied: string
  readonly now: string
  /** The name of the database, if the configuration has several. */
  readonly database?: string
}

/** Returns the applied revisions whose files were edited; differences in line endings are ignored. */
export async function editedOf(
  {tree, scripts}: Project & {readonly scripts: ScriptDirectory},
  databases: readonly Pick<OpenDatabase, 'name' | 'state'>[],
): Promise<readonly EditedRevision[]> {
  const rows = databases.flatMap(({name, state}) =>
    state.applied.filter(({revision}) => scripts.graph.has(revision)).map((row) => ({...row, database: name})),
  )
  const texts = await tree.read(rows.map(({revision}) => scripts.graph.get(revision).file))
  return rows.flatMap(({revision, contentId, database}, i) => {
    const now = contentIdOf(texts[i] ?? '')
    if (contentId === now || contentId === '') return []
    const named = database === undefined ? {} : {database}
    return [{revision, file: scripts.graph.get(revision).file, applied: contentId, now, ...named}]
  })
}
