import {resolve} from 'node:path'
import {MigError} from '../errors.ts'
import type {ErrorCode} from '../errors.ts'
import {GitUnavailableError} from '../git/errors.ts'
import {locateRepository, operationIn} from '../git/locate.ts'
import type {GitOperation} from '../git/locate.ts'
import {joinCommands} from '../git/policy.ts'
import type {DatabaseOptions} from '../engine/databases.ts'
import {mergeInto} from './checks/merge-check.ts'
import type {MergeCheck} from './checks/merge-check.ts'
import {openProject} from '../engine/project.ts'
import type {Project} from '../engine/project.ts'
import {openProjectRepository} from '../engine/repository.ts'
import {KnownRevisions} from '../script/known-revisions.ts'
import {readScriptDirectory} from '../script/script-directory.ts'
import type {ScriptDirectory} from '../script/script-directory.ts'
import {stampCommand} from '../script/imported.ts'
import {databaseStatus, firstOrigin} from './status-database.ts'
import type {DatabaseStatus} from './status-database.ts'
import {nextAfterEdit} from '../engine/edit-advice.ts'
import type {UnknownOptions} from '../engine/unknown-revisions.ts'
import {viewsOf} from '../engine/views.ts'
import {shellWord} from '../util/shell.ts'
import type {RevisionView} from '../engine/views.ts'

/** A part that is not available, with the reason. */
export interface Unavailable {
  readonly unavailable: string
  /** Code of the error behind it. */
  readonly code: ErrorCode
  /** The hint of the error, if it has one. */
  readonly hint?: string
}

/** Git state of the checkout. */
export interface GitStatus {
  /** Undefined if HEAD is detached. */
  readonly branch: string | undefined
  readonly upstream: string | undefined
  /** Unfinished git operation. */
  readonly operation: GitOperation | undefined
  /** Result of merging into the upstream branch, as last fetched. */
  readonly merge: MergeCheck | undefined
  /** Why there is no result although there is an upstream branch. */
  readonly notMerged?: Unavailable
}

export interface StatusResult {
  readonly git: GitStatus | Unavailable
  readonly files: {readonly heads: readonly RevisionView[]} | Unavailable
  readonly database: DatabaseStatus | Unavailable
  /** Suggested next command; null if there is nothing to do. */
  readonly next: string | null
}

/** Returns the state of files, database and git. An unavailable part does not hide the rest. */
export async function status(options: DatabaseOptions & UnknownOptions): Promise<StatusResult> {
  const project = await openProject(options)
  const known = new KnownRevisions()
  const scripts = await orWhy(async () => readScriptDirectory(project.tree, project.layout, known))
  const [git, database] = await Promise.all([
    orWhy(async () => {
      const found = await gitStatus(project, options, known)
      return {found, nextOfMerge: await nextOfMerge(project, found)}
    }),
    orWhy(async () => ('unavailable' in scripts ? scripts : databaseStatus({...project, scripts, known}, options))),
  ])
  const files = 'unavailable' in scripts ? scripts : {heads: scripts.graph.heads.map(viewsOf(scripts.graph))}
  return {
    git: 'unavailable' in git ? git : git.found,
    files,
    database,
    next: nextCommand(project, {git, scripts, database}),
  }
}

async function gitStatus(project: Project, options: DatabaseOptions, known: KnownRevisions): Promise<GitStatus> {
  const repository = await openProjectRepository(project)
  const place = locateRepository(repository.root)
  const {name, upstream} = await repository.branch()
  const isFetched = upstream !== undefined && (await repository.resolve(upstream)) !== undefined
  const merges = isFetched
    ? await orWhy(async () => mergeInto({...options, onto: upstream}, upstream, {isQuick: true, known}))
    : []
  const isKnown = !('unavailable' in merges)
  return {
    branch: name,
    upstream,
    operation: place && operationIn(place),
    merge: isKnown ? merges[0] : undefined,
    ...(!isKnown && {notMerged: merges}),
  }
}

async function orWhy<T extends object>(ask: () => Promise<T>): Promise<T | Unavailable> {
  try {
    return await ask()
  } catch (error) {
    if (error instanceof GitUnavailableError) return {unavailable: error.reason, code: error.code}
    if (!(error instanceof MigError)) throw error
    const {message, code, hint} = error
    return {unavailable: message.replace(/\.$/, ''), code, ...(hint !== undefined && {hint})}
  }
}

function nextCommand(
  {settings}: Project,
  {
    git,
    scripts,
    database,
  }: {
    readonly git: {readonly nextOfMerge: MergeStep | undefined} | Unavailable
    readonly scripts: ScriptDirectory | Unavailable
    readonly database: DatabaseStatus | Unavailable
  },
): string | null {
  const merging = 'unavailable' in git ? undefined : git.nextOfMerge
  if (merging?.isRestoring === true) return merging.command
  if ('unavailable' in scripts) return 'mig check files'
  const upgrade = scripts.graph.heads.length > 1 ? 'mig upgrade heads' : 'mig upgrade'
  const isEmpty = scripts.graph.heads.length === 0
  if ('unavailable' in database) {
    if (isEmpty)
      return database.code === 'DATABASE_MISSING' ? 'mig ensure-version --create-database' : 'mig revision -m "..."'
  } else if (isEmpty && database.unknown.length === 0)
    return database.hasTables === true ? 'mig baseline -m "..."' : 'mig revision -m "..."'
  if (!('unavailable' in database) && database.partiallyApplied.length > 0) return 'mig repair'
  const join = joinCommands(scripts.graph, settings.policy)
  if (join !== '') return join
  if ('unavailable' in database) {
    if (database.code === 'DATABASE_MISSING') return `${upgrade} --create-database`
  } else {
    const isToRestore = !database.allowsUnknown || database.pending.length > 0
    const stray = isToRestore ? database.unknown.find(({command}) => command !== undefined) : undefined
    // A branch may not be ready to be merged.
    if (stray?.command !== undefined) return stray.command.startsWith('git merge') ? 'mig switch' : stray.command
    if (database.outOfOrder !== undefined) return database.outOfOrder.command
    const origin = database.hasTables === true ? firstOrigin(scripts.graph) : undefined
    if (origin?.folder !== undefined) return stampCommand(origin)
    if (database.unknown.length === 0 && database.pending.length > 0)
      return database.tenants?.some(({isMissing}) => isMissing) ? `${upgrade} --create-database` : upgrade
  }
  if (merging !== undefined) return merging.command
  const edited = 'unavailable' in database ? undefined : database.edited[0]
  return edited === undefined ? null : nextAfterEdit(edited)
}

/** The next step towards a merge. */
interface MergeStep {
  readonly command: string
  /** Whether the files lack published revisions, so no database can be brought in line with them. */
  readonly isRestoring: boolean
}

const step = (command: string, isRestoring = false): MergeStep => ({command, isRestoring})

/** Returns the command that brings a branch nearer to its upstream. */
async function nextOfMerge(
  project: Project,
  {operation, upstream = '', merge}: GitStatus,
): Promise<MergeStep | undefined> {
  if (merge === undefined || merge.status === 'ok') return undefined
  // A bisection only tries commits: it has nothing to continue, and a commit or a merge would not fit.
  if (operation === 'bisect') return undefined
  const {joinedBy = [], findings} = merge
  if (joinedBy.length > 0) return step(`git add ${joinedBy.map(shellWord).join(' ')} && git commit`)
  if (operation !== undefined) return step(`git ${operation} --continue`)
  const {root} = await openProjectRepository(project)
  const {tryGit} = await import('../git/run-git.ts')
  const {status: isMissing} = await tryGit(root, ['merge-base', '--is-ancestor', upstream, 'HEAD'])
  if (isMissing !== 0) return step(`git merge ${shellWord(upstream)}`)
  // There is nothing to merge: this branch itself has changed what is published.
  const changed = findings.filter(({code}) => code === 'PUBLISHED_DELETED' || code === 'PUBLISHED_EDITED')
  const paths = [...new Set(changed.flatMap(({file}) => (file === undefined ? [] : [file])))]
  if (paths.length === 0) return step(`mig check heads --onto ${shellWord(upstream)}`)
  const words = paths.map(shellWord).join(' ')
  const absolute = paths.map((path) => resolve(project.cwd, path))
  const {status: differs} = await tryGit(root, ['diff', '--quiet', upstream, '--', ...absolute])
  return differs === 0
    ? step(`git add ${words} && git commit`, true)
    : step(`git restore --source ${shellWord(upstream)} --staged --worktree -- ${words}`, true)
}
