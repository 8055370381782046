import {MigError} from '../errors.ts'
import {GitUnavailableError} from '../git/errors.ts'
import type {RevisionId} from '../graph/revision.ts'
import {contentIdOf} from '../script/content-id.ts'
import type {DatabaseOptions} from './databases.ts'
import {contextOf} from './run-context.ts'
import {withDatabases} from './databases.ts'
import type {ScriptProject} from './project.ts'
import {openProjectRepository} from './repository.ts'

/** How the file of a revision differs from what a database has applied of it. */
export interface Difference {
  readonly state: 'not applied' | 'as applied' | 'edited'
  /** From the text that was applied to the file, as a unified diff; when it was edited, and git has that text. */
  readonly diff?: string
  /** Why there is no diff of what was edited. */
  readonly reason?: string
  /** The name of the database, where the configuration has several. */
  readonly database?: string
}

/** Returns for revisions of the files how each differs from what is applied: one answer for each database. */
export async function differencesOf(
  project: ScriptProject,
  options: DatabaseOptions,
  ids: readonly RevisionId[],
): Promise<ReadonlyMap<RevisionId, readonly Difference[]>> {
  const files = ids.map((id) => project.scripts.graph.get(id).file)
  const texts = await project.tree.read(files)
  const applied = await withDatabases(contextOf(project, options), async (databases) =>
    databases.map(({name, state}) => ({name, rows: new Map(state.applied.map((row) => [row.revision, row]))})),
  )
  const found = new Map<RevisionId, readonly Difference[]>()
  for (const [i, id] of ids.entries()) {
    const [file = '', now = ''] = [files[i], texts[i]]
    const differences = applied.map(async ({name, rows}): Promise<Difference> => {
      const row = rows.get(id)
      const named = name === undefined ? {} : {database: name}
      if (row === undefined) return {state: 'not applied', ...named}
      if (row.contentId === contentIdOf(now)) return {state: 'as applied', ...named}
      return {state: 'edited', ...named, ...(await compared(project, id, {file, now, contentId: row.contentId}))}
    })
    found.set(id, await Promise.all(differences))
  }
  return found
}

async function compared(
  project: ScriptProject,
  id: RevisionId,
  {file, now, contentId}: {readonly file: string; readonly now: string; readonly contentId: string},
): Promise<Pick<Difference, 'diff' | 'reason'>> {
  if (contentId === '') return {reason: 'what was applied was not written down'}
  const was = await appliedText(project, id, contentId)
  if ('reason' in was) return was
  const {unifiedDiff} = await import('../git/unified-diff.ts')
  return {diff: unifiedDiff(was.text, now, [`${file} as applied`, file])}
}

/** Returns the text that was applied, as git has it, or why it cannot be had. */
async function appliedText(
  project: ScriptProject,
  revision: RevisionId,
  contentId: string,
): Promise<{readonly text: string} | {readonly reason: string}> {
  try {
    const repository = await openProjectRepository(project)
    if (await repository.has(contentId)) {
      const [bytes] = await repository.blobs([contentId])
      if (bytes !== undefined) return {text: bytes.toString('utf8')}
    }
    // A text with other line ends has another id in git.
    const {findRevisions} = await import('../git/find-revision.ts')
    const wanted = [{revision, contentId}]
    const found = (await findRevisions(repository, {layout: project.layout, base: project.cwd}, wanted)).get(revision)
    if (found?.isAsApplied === true) return {text: found.text}
    return {
      reason: `git does not have the text that was applied (${contentId.slice(0, 12)}): it was never committed here`,
    }
  } catch (error) {
    if (!(error instanceof MigError)) throw error
    const reason = error instanceof GitUnavailableError ? error.reason : error.message.replace(/\.$/, '')
    return {reason: `git is not available here: ${reason}`}
  }
}
