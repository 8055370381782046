import {planHistory} from '../../graph/history.ts'
import {meansCurrent} from '../../graph/resolve.ts'
import type {RevisionId} from '../../graph/revision.ts'
import {parseRange} from '../../graph/target.ts'
import {InvalidRangeError} from '../../graph/target-errors.ts'
import type {DatabaseOptions} from '../../engine/databases.ts'
import {openScripts} from '../../engine/project.ts'
import type {ProjectOptions, ScriptProject} from '../../engine/project.ts'
import {contextOf} from '../../engine/run-context.ts'
import type {DatabaseRehearsal} from '../../rehearsal/history/rehearse-history.ts'

export interface RehearseOptions extends ProjectOptions, Pick<DatabaseOptions, 'orm' | 'em' | 'onEvent' | 'signal'> {
  /** `FROM:TO`, either end optional; default: the revisions that the upstream branch does not have. */
  readonly range?: string | undefined
  /** Whether to rehearse the whole history. */
  readonly all?: boolean | undefined
  /** Whether to remove the databases that are kept to be faster, instead of rehearsing. */
  readonly clean?: boolean | undefined
}

export interface RehearsalResult {
  /** Whether no finding is an error. */
  readonly ok: boolean
  /** One rehearsal per database; none if there is nothing to rehearse. */
  readonly databases: readonly DatabaseRehearsal[]
  /** The number of kept databases that were removed, if that was asked for. */
  readonly removed?: number
}

/**
 * Rehearses revisions: runs them up, down, and up again on temporary databases, empty and with generated rows, and compares
 * the catalogues. The databases of the project are neither read nor changed.
 *
 * @throws MigError INVALID_RANGE; as `openScripts` and `rehearseHistory`
 */
export async function rehearse(options: RehearseOptions): Promise<RehearsalResult> {
  const project = await openScripts(options)
  if (options.clean) {
    const {cleanTemplates} = await import('../../rehearsal/templates/clean.ts')
    return {ok: true, databases: [], removed: await cleanTemplates(contextOf(project, options))}
  }
  const range = await rangeOf(project, options)
  if (range.size === 0) return {ok: true, databases: []}
  const context = contextOf(project, options)
  const [{rehearseHistory}, {isOwnOf}, {read}] = await Promise.all([
    import('../../rehearsal/history/rehearse-history.ts'),
    import('../../baseline/baseline.ts'),
    import('../../baseline/trial.ts'),
  ])
  const databases = await rehearseHistory(
    context,
    range,
    async (session) => (await read(session, {isOwn: isOwnOf(project, session)})).objects,
  )
  const findings = databases.flatMap(({revisions}) => revisions.flatMap((revision) => revision.findings))
  return {ok: findings.every(({level}) => level !== 'error'), databases}
}

async function rangeOf(project: ScriptProject, {range, all}: RehearseOptions): Promise<ReadonlySet<RevisionId>> {
  const {graph} = project.scripts
  if (range !== undefined) {
    const {resolveGitRange} = await import('../../engine/git-targets.ts')
    const parsed = await resolveGitRange(project, parseRange(range.trim()))
    if (meansCurrent(graph, parsed.lower) || meansCurrent(graph, parsed.upper))
      throw new InvalidRangeError(range, 'a rehearsal does not read the database; use revision ids')
    return new Set(planHistory(graph, parsed))
  }
  if (all) return new Set(graph.topological)
  const {publishedRevisions} = await import('../../engine/published.ts')
  return new Set(graph.topological).difference(await publishedRevisions(project))
}
