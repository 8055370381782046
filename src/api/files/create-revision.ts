import {relative, resolve, sep} from 'node:path'
import {downRevisionsOfMerge, downRevisionsOfNew} from '../../graph/succeed.ts'
import {buildRevisionGraph} from '../../graph/revision-graph.ts'
import {writeRevision} from '../../script/new-revision.ts'
import type {NewRevision} from '../../script/new-revision.ts'
import {runPostWriteHook} from '../../script/post-write-hook.ts'
import {expandTargets} from '../../engine/git-targets.ts'
import {writeHeadsFile} from '../../engine/heads-file.ts'
import {openScripts} from '../../engine/project.ts'
import type {Project, ProjectOptions} from '../../engine/project.ts'
import type {ScriptDirectory} from '../../script/script-directory.ts'
import {viewsOf} from '../../engine/views.ts'
import type {RevisionView} from '../../engine/views.ts'

export interface NewRevisionOptions extends ProjectOptions {
  readonly message?: string | undefined
  readonly branchLabels?: readonly string[] | undefined
  readonly dependsOn?: readonly string[] | undefined
  /** Made up when left out. */
  readonly revisionId?: string | undefined
  /** The folder for the file, relative to the working directory. */
  readonly versionPath?: string | undefined
  /** Whether it may come after what is no head. */
  readonly splice?: boolean | undefined
  /** Whether it is a file of SQL, whatever the template of the project is. */
  readonly isSql?: boolean | undefined
}

export interface CreateRevisionOptions extends NewRevisionOptions {
  /** What it comes after; `head` when left out, `base` for nothing. */
  readonly head?: string | undefined
}

export interface MergeOptions extends NewRevisionOptions {
  /** What to join: `heads`, several revisions, or one branch, which is joined with the line that it left. */
  readonly targets: readonly string[]
}

export interface BranchOptions extends NewRevisionOptions {
  /** The label of the branch. */
  readonly name: string
  /** What the branch comes after; `head` when left out, `base` for an independent one. */
  readonly from?: string | undefined
}

export interface NewRevisionResult {
  readonly revision: RevisionView
}

/** Writes a new revision. */
export async function createRevision(options: CreateRevisionOptions): Promise<NewRevisionResult> {
  const project = await openScripts(options)
  const downRevisions = downRevisionsOfNew(project.scripts.graph, options.head ?? 'head', options)
  return writeNew(project, options, downRevisions)
}

/** Writes a revision that joins branches. */
export async function merge(options: MergeOptions): Promise<NewRevisionResult> {
  const project = await openScripts(options)
  const targets = await expandTargets(options, options.targets)
  const downRevisions = downRevisionsOfMerge(project.scripts.graph, targets, options)
  return writeNew(
    project,
    {...options, message: options.message ?? `merge ${downRevisions.join(' and ')}`},
    downRevisions,
  )
}

/** Writes the first revision of a new branch. It may come after any revision: beginning a branch is what it is for. */
export async function branch(options: BranchOptions): Promise<NewRevisionResult> {
  const project = await openScripts(options)
  const {name, from = 'head', message = `start branch ${name}`, branchLabels = []} = options
  const downRevisions = downRevisionsOfNew(project.scripts.graph, from, {splice: true})
  return writeNew(project, {...options, message, branchLabels: [name, ...branchLabels]}, downRevisions)
}

/** Writes the file of a revision that comes after others. */
export async function writeNew(
  project: Project & {readonly scripts: ScriptDirectory},
  options: NewRevisionOptions & Pick<NewRevision, 'contents'>,
  downRevisions: readonly string[],
): Promise<NewRevisionResult> {
  const {scripts, settings, root, cwd} = project
  const wanted: NewRevision = {
    message: options.message ?? '',
    downRevisions,
    branchLabels: options.branchLabels ?? [],
    dependsOn: options.dependsOn ?? [],
    revisionId: options.revisionId,
    contents: options.contents,
    isSql: options.isSql,
    versionPath: options.versionPath && relative(cwd, resolve(cwd, options.versionPath)).split(sep).join('/'),
  }
  const databases = Object.keys(settings.databases ?? {})
  const revision = await writeRevision(wanted, {scripts, naming: settings, databases, root: cwd, now: new Date()})
  for (const hook of settings.postWriteHooks)
    await runPostWriteHook(
      {command: hook.command, cwd: resolve(root, hook.cwd ?? '.')},
      resolve(cwd, revision.file),
      revision.file,
    )
  const graph = buildRevisionGraph([...scripts.graph.revisions, revision])
  writeHeadsFile(project, graph)
  const view = viewsOf(graph)
  return {revision: view(revision.id)}
}
