import {relative, resolve, sep} from 'node:path'
import type {RevisionId} from '../graph/revision.ts'
import {buildRevisionGraph} from '../graph/revision-graph.ts'
import {downRevisionsOfNew} from '../graph/succeed.ts'
import type {SucceedOptions} from '../graph/succeed.ts'
import {readTargets} from '../graph/target.ts'
import {writeRevision} from '../script/new-revision.ts'
import type {NewRevision} from '../script/new-revision.ts'
import {runPostWriteHook} from '../script/post-write-hook.ts'
import type {ScriptDirectory} from '../script/script-directory.ts'
import {resolveGitTargets} from './git-targets.ts'
import {writeHeadsFile} from './heads-file.ts'
import type {Project, ProjectOptions, ScriptProject} from './project.ts'
import {viewsOf} from './views.ts'
import type {RevisionView} from './views.ts'

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

export interface NewRevisionResult {
  readonly revision: RevisionView
}

/**
 * Returns what a new revision comes after.
 *
 * @throws MigError as `downRevisionsOfNew` and `resolveGitTargets`
 */
export async function downRevisionsOf(
  project: ScriptProject,
  target: string,
  options: SucceedOptions,
): Promise<readonly RevisionId[]> {
  const [resolved = target] = await resolveGitTargets(project, readTargets(target))
  return downRevisionsOfNew(project.scripts.graph, resolved, options)
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
