import {MigError} from '../errors.ts'
import {GitUnavailableError} from '../git/errors.ts'
import type {RevisionId} from '../graph/revision.ts'
import {hasContentId} from '../script/former-name.ts'
import type {DatabaseOptions, OpenDatabase} from './databases.ts'
import {contextOf} from './run-context.ts'
import {withDatabases} from './databases.ts'
import {doesTheSame, wasAppliedEmpty} from './edited.ts'
import type {ScriptProject} from './project.ts'
import {openProjectRepository} from './repository.ts'

/** The difference between a revision file and its applied version. */
export interface Difference {
  /** `reformatted`: the text differs, but the revision does the same. */
  readonly state: 'not applied' | 'as applied' | 'reformatted' | 'edited'
  /** Set if the file was edited, and the revision had been applied without operations. */
  readonly wasEmpty?: true
  /** A unified diff from the applied text to the file, if they differ and git has the applied text. */
  readonly diff?: string
  /** Why there is no diff. */
  readonly reason?: string
  /** The name of the database, if the configuration has several. */
  readonly database?: string
}

/** Returns the differences between revision files and their applied versions, one per database. */
export async function differencesOf(
  project: ScriptProject,
  options: DatabaseOptions,
  ids: readonly RevisionId[],
): Promise<ReadonlyMap<RevisionId, readonly Difference[]>> {
  const files = ids.map((id) => project.scripts.graph.get(id).file)
  const texts = await project.tree.read(files)
  return withDatabases(contextOf(project, options), async (databases) => {
    const found = new Map<RevisionId, readonly Difference[]>()
    for (const [i, id] of ids.entries()) {
      const file = {file: files[i] ?? '', now: texts[i] ?? ''}
      found.set(id, await Promise.all(databases.map(async (database) => differenceOf(project, database, id, file))))
    }
    return found
  })
}

async function differenceOf(
  project: ScriptProject,
  database: OpenDatabase,
  id: RevisionId,
  {file, now}: {readonly file: string; readonly now: string},
): Promise<Difference> {
  const {name, state} = database
  const row = state.applied.find(({revision}) => revision === id)
  const named = name === undefined ? {} : {database: name}
  if (row === undefined) return {state: 'not applied', ...named}
  const {contentId} = row
  if (hasContentId(now, contentId)) return {state: 'as applied', ...named}
  const isSame = await doesTheSame(project, database, row)
  const shown = await compared(project, id, {file, now, contentId})
  if (isSame) return {state: 'reformatted', ...named, ...shown}
  const wasEmpty = await wasAppliedEmpty(project, row)
  return {state: 'edited', ...(wasEmpty && {wasEmpty}), ...named, ...shown}
}

async function compared(
  project: ScriptProject,
  id: RevisionId,
  {file, now, contentId}: {readonly file: string; readonly now: string; readonly contentId: string},
): Promise<Pick<Difference, 'diff' | 'reason'>> {
  if (contentId === '') return {reason: 'the applied text was not recorded'}
  const was = await appliedText(project, id, contentId)
  if ('reason' in was) return was
  const {unifiedDiff} = await import('../git/unified-diff.ts')
  return {diff: unifiedDiff(was.text, now, [`${file} as applied`, file])}
}

/** Returns the applied text from git, or the reason why it is not available. */
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
    // A text with different line endings has a different id in git.
    const {findRevisions} = await import('../git/find-revision.ts')
    const wanted = [{revision, contentId}]
    const found = (await findRevisions(repository, {layout: project.layout, base: project.cwd}, wanted)).get(revision)
    if (found?.isAsApplied === true) return {text: found.text}
    return {
      reason: `the applied text (${contentId.slice(0, 12)}) is not in git: it was never committed here`,
    }
  } catch (error) {
    if (!(error instanceof MigError)) throw error
    const reason = error instanceof GitUnavailableError ? error.reason : error.message.replace(/\.$/, '')
    return {reason: `git is not available here: ${reason}`}
  }
}
