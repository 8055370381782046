import {MigError} from '../errors.ts'
import {GitUnavailableError} from '../git/errors.ts'
import type {FoundRevision, Wanted} from '../git/find-revision.ts'
import {UnknownAppliedRevisionError} from '../graph/errors.ts'
import {SquashOriginalsMissingError} from '../graph/squash-errors.ts'
import type {RevisionId} from '../graph/revision.ts'
import type {Repository} from '../git/repository.ts'
import {ageOf} from '../util/age.ts'
import type {Project} from './project.ts'
import {openProjectRepository} from './repository.ts'
import {shellCommand, shellWord} from '../util/shell.ts'

/** The location of a revision that is missing from the files of this checkout. */
export interface Whereabouts {
  readonly revision: RevisionId
  /** A sentence about the revision, such as "it is on origin/feature-x (4f2a9c1, Ana, 2 days ago)". */
  readonly text: string
  /** The command that restores its file, if there is one. */
  readonly command?: string
  readonly found?: FoundRevision
}

/** Searches git for revisions that are missing from the files. If git is not available, the texts give the reason. */
export async function whereaboutsOf(project: Project, wanted: readonly Wanted[]): Promise<readonly Whereabouts[]> {
  if (wanted.length === 0) return []
  if (project.configPlace.kind === 'bundle') {
    const text = 'it is not in the bundle; write the bundle from a version that contains it'
    return wanted.map(({revision}) => ({revision, text}))
  }
  try {
    const repository = await openProjectRepository(project)
    const {deletedFiles, findRevisions} = await import('../git/find-revision.ts')
    const place = {layout: project.layout, base: project.cwd}
    const found = await findRevisions(repository, place, wanted)
    const deleted = await deletedFiles(repository, place, wanted)
    return await Promise.all(
      wanted.map(async ({revision}) => {
        const path = deleted.get(revision)
        const known = found.get(revision)
        return path === undefined ? describe(revision, known) : describeDeleted(repository, revision, path, known)
      }),
    )
  } catch (error) {
    if (!(error instanceof MigError)) throw error
    const reason = error instanceof GitUnavailableError ? error.reason : error.message.replace(/\.$/, '')
    return wanted.map(({revision}) => ({revision, text: `git is not available here: ${reason}`}))
  }
}

/** Adds the locations of missing revisions to an error about them. */
export async function withWhereabouts(project: Project, error: unknown): Promise<unknown> {
  if (error instanceof SquashOriginalsMissingError) {
    const wanted = error.originals.withoutFiles.map((revision) => ({revision}))
    const places = await whereaboutsOf(project, wanted)
    return wanted.length === 0 ? error : error.foundIn(places, restoringCommands(places))
  }
  if (!(error instanceof UnknownAppliedRevisionError)) return error
  return error.foundIn(await whereaboutsOf(project, error.applied))
}

/** Returns the commands that restore files that were deleted in the history of the checkout, where a merge does not. */
function restoringCommands(places: readonly Whereabouts[]): readonly string[] {
  const found = places.flatMap((place) => place.found ?? [])
  const sources = Map.groupBy(found, ({place, ref, at}) =>
    place === 'tag' && ref !== undefined ? ref : at.slice(0, 12),
  )
  return [...sources].map(([source, revisions]) => {
    const paths = revisions.map(({revision}) => shellWord(`:/${revision.file}`))
    return `${shellCommand`git restore --source ${source}`} -- ${paths.join(' ')}`
  })
}

function describe(revision: RevisionId, found: FoundRevision | undefined): Whereabouts {
  if (found === undefined) return {revision, text: 'it is in no commit of this clone; try `git fetch --all`'}
  const {place, ref, at, commit, isAsApplied} = found
  const by = commit ?? {id: at, author: undefined, authored: undefined}
  const who = [
    by.id.slice(0, 7),
    ...(by.author === undefined ? [] : [by.author]),
    ...(by.authored === undefined ? [] : [ageOf(new Date(by.authored * 1000), new Date())]),
  ].join(', ')
  const where = {
    branch: `on ${ref}`,
    'remote branch': `on ${ref}`,
    tag: `in tag ${ref}`,
    stash: 'in a stash',
    reflog: 'in a commit that was previously checked out here',
    history: 'in the history, but was deleted later',
    'no commit': 'in no commit, but git still has its content',
  }[place]
  const changed = isAsApplied === false ? ', with content that differs from the applied one' : ''
  const command = commandFor(found)
  return {revision, text: `it is ${where} (${who})${changed}`, found, ...(command !== undefined && {command})}
}

/** Returns the command that restores the file of a revision. */
function commandFor({place, ref, at, revision}: FoundRevision): string | undefined {
  if (place === 'branch' || place === 'remote branch') return shellCommand`git merge ${ref ?? at}`
  // Its untracked files can only be restored with the rest.
  if (place === 'stash') return ref === 'stash@{0}' ? 'git stash pop' : shellCommand`git stash pop ${ref ?? at}`
  if (place === 'no commit') return undefined
  const source = place === 'tag' ? (ref ?? at) : at.slice(0, 12)
  return shellCommand`git restore --source ${source} -- ${`:/${revision.file}`}`
}

/** Describes a revision whose file was deleted from the work tree, and perhaps from the index. */
async function describeDeleted(
  {root}: Repository,
  revision: RevisionId,
  path: string,
  found: FoundRevision | undefined,
): Promise<Whereabouts> {
  const {tryGit} = await import('../git/run-git.ts')
  const listed = await tryGit(root, ['ls-files', '--', `:(top,literal)${path}`]).catch(() => undefined)
  const isStaged = listed?.status === 0 && listed.stdout.length === 0
  return {
    revision,
    text: 'its file was deleted, but is still committed',
    command: isStaged
      ? shellCommand`git restore --staged --worktree -- ${`:/${path}`}`
      : shellCommand`git restore -- ${`:/${path}`}`,
    ...(found !== undefined && {found}),
  }
}
