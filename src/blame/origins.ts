import {resolve} from 'node:path'
import type {ScriptProject} from '../engine/project.ts'
import {commitNamed, openProjectRepository} from '../engine/repository.ts'
import {MigError} from '../errors.ts'
import {pathInRepository} from '../git/commit-tree.ts'
import {GitUnavailableError} from '../git/errors.ts'
import type {Repository} from '../git/repository.ts'
import type {RevisionId} from '../graph/revision.ts'

/** The commit that added the file of a revision. */
export interface AddingCommit {
  readonly id: string
  readonly author: string
  /** Author date in ISO 8601, in UTC. */
  readonly date: string
}

/** The commits that added the files of revisions. */
export interface Origins {
  readonly commits: ReadonlyMap<RevisionId, AddingCommit>
  /** The revisions whose files are not committed. */
  readonly uncommitted: ReadonlySet<RevisionId>
  /** Why the commits are not known, if git is not available. */
  readonly unavailable: string | null
}

/** Finds the commits that added the files of revisions. Without git, the result says why it is not available. */
export async function originsOf(
  project: ScriptProject,
  at: string | undefined,
  revisions: Iterable<RevisionId>,
): Promise<Origins> {
  try {
    const repository = await openProjectRepository(project)
    const {graph} = project.scripts
    const paths = new Map(
      [...new Set(revisions)].map((id) => [id, pathInRepository(repository, resolve(project.cwd), graph.get(id).file)]),
    )
    return await originsIn(repository, at, paths)
  } catch (error) {
    // A ref that does not exist was reported when the files were read.
    if (!(error instanceof MigError)) throw error
    const reason = error instanceof GitUnavailableError ? error.reason : error.message.replace(/\.$/, '')
    return {commits: new Map(), uncommitted: new Set(), unavailable: reason}
  }
}

async function originsIn(
  repository: Repository,
  at: string | undefined,
  paths: ReadonlyMap<RevisionId, string>,
): Promise<Origins> {
  const from = at === undefined ? await repository.resolve('HEAD') : await commitNamed(repository, at)
  if (from === undefined) return {commits: new Map(), uncommitted: new Set(paths.keys()), unavailable: null}
  const folders = new Set([...paths.values()].map((path) => path.slice(0, Math.max(0, path.lastIndexOf('/')))))
  const files = await Promise.all([...folders].map(async (folder) => repository.files(from, folder, false)))
  const committed = new Set(files.flatMap((list = []) => list.map(({path}) => path)))
  const known = [...paths].filter(([, path]) => committed.has(path))
  const added = await repository.commitsThatAdded(
    from,
    known.map(([, path]) => path),
  )
  const commits = known.flatMap(([id, path]) => {
    const commit = added.get(path)
    if (commit === undefined) return []
    const {id: hash, author, authored} = commit
    return [[id, {id: hash, author, date: new Date(authored * 1000).toISOString()}] as const]
  })
  const uncommitted = [...paths].filter(([, path]) => !committed.has(path)).map(([id]) => id)
  return {commits: new Map(commits), uncommitted: new Set(uncommitted), unavailable: null}
}
