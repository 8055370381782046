import {revisionToAmend} from '../graph/amend.ts'
import type {RevisionId} from '../graph/revision.ts'
import {buildRevisionGraph} from '../graph/build.ts'
import {readTargets} from '../graph/target.ts'
import type {Target} from '../graph/target.ts'
import {wholeMessageOf} from '../script/new-revision.ts'
import type {NewRevision} from '../script/new-revision.ts'
import type {ScriptRevision} from '../script/revision-file.ts'
import {resolveGitTargets} from './git-targets.ts'
import type {CreateRevisionOptions} from './new-revision.ts'
import type {ScriptProject} from './project.ts'

/** A head that is to be written again, and the project as it would be without it. */
export interface Amendment {
  readonly project: ScriptProject
  readonly replaces: ScriptRevision
  readonly wanted: CreateRevisionOptions & Pick<NewRevision, 'squash'>
  readonly downRevisions: readonly RevisionId[]
}

/**
 * Takes a head out of a project in order to write it again.
 *
 * @throws MigError as `resolveTargets` and `resolveGitTargets`; NOTHING_TO_AMEND, NOT_A_HEAD
 */
export async function amendmentOf(project: ScriptProject, options: CreateRevisionOptions): Promise<Amendment> {
  const {scripts} = project
  const targets = await resolveGitTargets(project, readTargets(options.head ?? 'head'))
  const id = revisionToAmend(scripts.graph, targets[0] as Target)
  const replaces = scripts.graph.get(id)
  const {downRevisions, branchLabels, dependsOn, file} = replaces
  const others = scripts.graph.sources.filter((revision) => revision !== replaces)
  return {
    project: {...project, scripts: {...scripts, graph: buildRevisionGraph(others)}},
    replaces,
    wanted: {
      ...{branchLabels, dependsOn},
      ...(replaces.replaces.length > 0 && {squash: replaces}),
      message: options.message ?? wholeMessageOf(replaces),
      isSql: options.isSql || file.toLowerCase().endsWith('.sql'),
    },
    downRevisions,
  }
}
