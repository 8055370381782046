import {resolve} from 'node:path'
import {pathInRepository} from '../../git/commit-tree.ts'
import type {GitDestination} from '../../git/destination.ts'
import {MigError} from '../../errors.ts'
import {SwitchRefusedError} from '../../git/errors.ts'
import {locateRepository} from '../../git/locate.ts'
import type {Repository} from '../../git/repository.ts'
import type {RevisionId} from '../../graph/revision.ts'
import type {RevisionGraph} from '../../graph/revision-graph.ts'
import {ScriptDirectoryMissingError, VersionLocationMissingError} from '../../script/errors.ts'
import type {FileTree} from '../../script/file-tree.ts'
import type {ScriptRevision} from '../../script/revision-file.ts'
import {readScriptDirectory, versionLocationsOf} from '../../script/script-directory.ts'
import {shellWord} from '../../util/shell.ts'
import {listOf} from '../../util/text.ts'
import type {ScriptProject} from '../project.ts'
import {openProjectRepository, scriptsAt, unknownRef} from '../repository.ts'

/** The files and revisions that the work tree will have. */
export interface Destination {
  readonly tree: FileTree
  readonly graph: RevisionGraph<ScriptRevision>
  /** The commit that git checks out; undefined for the current checkout. */
  readonly checkout: (GitDestination & {readonly repository: Repository}) | undefined
  /** The places that snapshots of the database belong to: branches, or commits without one. */
  readonly places: {readonly left: string; readonly isBranch: boolean; readonly entered: string} | undefined
  /** Revisions whose files are not tracked by git: they stay. */
  readonly uncommitted: readonly RevisionId[]
}

/**
 * Returns the destination of a switch. Everything that git would refuse is refused here.
 *
 * @param ref a name as `git switch` takes it; undefined for the current checkout
 * @throws MigError SWITCH_REFUSED, UNKNOWN_REF, GIT_UNAVAILABLE, GIT_FAILED, and as `readScriptDirectory`
 */
export async function destinationOf(project: ScriptProject, ref: string | undefined): Promise<Destination> {
  const current = {
    tree: project.tree,
    graph: project.scripts.graph,
    checkout: undefined,
    places: undefined,
    uncommitted: [],
  }
  if (ref === undefined || ref === 'HEAD' || ref === '@') return current
  const repository = await openProjectRepository(project)
  const [{findDestination, currentCheckout}, {refuseObstacles, trackedFiles}, {CheckedOutTree}] = await Promise.all([
    import('../../git/destination.ts'),
    import('../../git/checkout-obstacles.ts'),
    import('../../git/checked-out-tree.ts'),
  ])
  const found = await findDestination(repository.root, ref)
  if (found === undefined) throw await unknownRef(repository, ref)
  const now = await currentCheckout(repository.root)
  const entered = found.branch ?? found.commit
  const places = {left: now.branch ?? now.commit ?? entered, isBranch: now.branch !== undefined, entered}
  if (places.left === entered) return {...current, places}
  const checkout = {...found, repository}
  const {cwd, layout} = project
  const inRepository = (path: string): string => pathInRepository(repository, resolve(cwd), path)
  const folders = versionLocationsOf(layout).map(inRepository)
  const place = locateRepository(repository.root)
  if (place !== undefined) await refuseObstacles({...place, cwd}, found, folders)
  const committed = await scriptsAt(project, repository, {commit: found.commit, ref: found.name}).catch(
    (error: unknown) => {
      throw isMissingFolder(error) ? withoutRevisions(error, found) : error
    },
  )
  const tracked = await trackedFiles(repository.root, folders)
  const uncommitted = project.scripts.graph.revisions.filter(({file}) => !tracked.has(inRepository(file)))
  if (uncommitted.length === 0)
    return {tree: committed.tree, graph: committed.scripts.graph, checkout, places, uncommitted: []}
  refuseHomeless(project.scripts.graph, uncommitted, committed.scripts.graph, found.name, inRepository)
  const tree = new CheckedOutTree(committed.tree, project.tree, new Set(uncommitted.map(({file}) => file)))
  const {graph} = await readScriptDirectory(tree, layout)
  return {tree, graph, checkout, places, uncommitted: uncommitted.map(({id}) => id)}
}

function isMissingFolder(error: unknown): error is MigError {
  return error instanceof ScriptDirectoryMissingError || error instanceof VersionLocationMissingError
}

/** A commit from before mig cannot be changed, so the folder cannot be created there. */
function withoutRevisions({code, message, data}: MigError, {args}: GitDestination): MigError {
  const words = args.filter((word) => word !== '--quiet').map(shellWord)
  return new MigError(code, message, {hint: `Run \`mig downgrade base\` and \`git ${words.join(' ')}\`.`, data})
}

/** Refuses uncommitted revisions that cannot stay, because the destination lacks what they are based on. */
function refuseHomeless(
  current: RevisionGraph<ScriptRevision>,
  uncommitted: readonly ScriptRevision[],
  committed: RevisionGraph<ScriptRevision>,
  name: string,
  inRepository: (path: string) => string,
): void {
  const staying = new Set(uncommitted.map(({id}) => id))
  for (const {id, file} of uncommitted) {
    const stash = `\`git stash push --all -- ${shellWord(`:/${inRepository(file)}`)}\``
    if (committed.has(id))
      throw new SwitchRefusedError(
        `${file} is not committed, and ${name} has another file of revision ${id}`,
        `Delete the file, or put it away with ${stash}.`,
      )
    const missing = current.parents(id).filter((parent) => !committed.has(parent) && !staying.has(parent))
    if (missing.length > 0)
      throw new SwitchRefusedError(
        `${file} is not committed, and is based on ${listOf(missing)}, which ${name} does not have`,
        `Commit it, or put it away with ${stash}: it is then reverted with the others.`,
      )
  }
}
