import {currentRevisions} from '../../graph/applied.ts'
import {RevisionNotFoundError} from '../../graph/target-errors.ts'
import {replacedRevisions} from '../../graph/originals.ts'
import {planHistory} from '../../graph/history.ts'
import {meansCurrent, resolveTargets} from '../../graph/resolve.ts'
import type {RevisionId} from '../../graph/revision.ts'
import {parseRange, parseTarget} from '../../graph/target.ts'
import type {Range} from '../../graph/target.ts'
import type {BundleOptions} from '../../engine/bundle/bundle.ts'
import type {DatabaseOptions} from '../../engine/databases.ts'
import type {Difference} from '../../engine/edited-text.ts'
import {openScripts} from '../../engine/project.ts'
import type {RunContext} from '../../engine/run-context.ts'
import type {ReadOptions, ScriptProject} from '../../engine/project.ts'
import {viewOfReplaced, viewOutsideGraph, viewsOf} from '../../engine/views.ts'
import type {RevisionView} from '../../engine/views.ts'

export interface ListingOptions extends ReadOptions {
  /** Whether views include the children of each revision. */
  readonly verbose?: boolean | undefined
}

export interface HeadsOptions extends ListingOptions, BundleOptions {
  /** Omits heads that another revision depends on. */
  readonly resolveDependencies?: boolean | undefined
  /** Writes the heads file named by the policy. */
  readonly write?: boolean | undefined
}

/** Returns the heads of the script directory. */
export async function heads(options: HeadsOptions): Promise<{readonly heads: readonly RevisionView[]}> {
  const project = await openScripts(options)
  const {graph} = project.scripts
  if (options.write) {
    const {writeHeadsFile} = await import('../../engine/heads-file.ts')
    writeHeadsFile(project, graph)
  }
  const ids = options.resolveDependencies ? graph.effectiveHeads : graph.heads
  return {heads: ids.map(viewsOf(graph, options.verbose))}
}

export interface BranchPointView extends RevisionView {
  /** Children, with the labels that distinguish them. */
  readonly branchesInto: readonly {
    readonly revision: RevisionId
    readonly branchLabels: readonly string[]
    readonly message: string
  }[]
}

/** Returns the branch points: revisions with more than one child. */
export async function branches(options: ListingOptions): Promise<{readonly branchPoints: readonly BranchPointView[]}> {
  const {scripts} = await openScripts(options)
  const {graph} = scripts
  const view = viewsOf(graph, options.verbose)
  const points = graph.sorted(graph.branchPoints).toReversed()
  return {
    branchPoints: points.map((id) => ({
      ...view(id),
      branchesInto: graph.children(id).map((child) => {
        const {revision, branchLabels, message} = view(child)
        return {revision, branchLabels, message}
      }),
    })),
  }
}

export interface HistoryOptions extends ListingOptions, DatabaseOptions, BundleOptions {
  /** `FROM:TO`, either end optional; default: everything. */
  readonly range?: string | undefined
  /** Whether to list the revisions that squashes replace, too, each after its squash. */
  readonly all?: boolean | undefined
  /** Marks the current revisions of the database. */
  readonly indicateCurrent?: boolean | undefined
  /** Name of a table, column or other object; lists only revisions that touch it. */
  readonly touches?: string | undefined
}

export interface HistoryResult {
  readonly revisions: readonly RevisionView[]
  /** With `touches`: revisions whose effects are unknown. */
  readonly unknown?: readonly RevisionId[]
}

/**
 * Returns revisions, newest first. Connects to the database only if required. To determine what revisions touch, runs
 * their code without a database.
 */
export async function history(options: HistoryOptions): Promise<HistoryResult> {
  const project = await openScripts(options)
  const listed = await historyOf(project, options)
  if (options.touches === undefined) return options.all ? withReplaced(project, listed) : listed
  const {effectsFinder, touches} = await import('../../engine/effects.ts')
  const effectsOf = await effectsFinder(project, options)
  const revisions: RevisionView[] = []
  const unknown: RevisionId[] = []
  for (const view of listed.revisions) {
    const answer = touches(await effectsOf(view.revision), options.touches)
    if (answer === true) revisions.push(view)
    if (answer === 'unknown') unknown.push(view.revision)
  }
  return {revisions, unknown}
}

/** Returns views with those of the revisions that they replace, newest first. */
function withReplaced({scripts: {graph}}: ScriptProject, {revisions}: HistoryResult): HistoryResult {
  const replaced = Map.groupBy(replacedRevisions(graph).toReversed(), ({id}) => graph.aliases.get(id))
  return {
    revisions: revisions.flatMap((view) => [
      view,
      ...(replaced.get(view.revision) ?? []).map((one) => viewOfReplaced(one, view.revision)),
    ]),
  }
}

async function historyOf(
  project: ScriptProject,
  options: HistoryOptions,
): Promise<{readonly revisions: readonly RevisionView[]}> {
  const {graph} = project.scripts
  const view = viewsOf(graph, options.verbose)
  const range = options.range === undefined ? undefined : await rangeOf(project, parseRange(options.range.trim()))
  const needsDatabase =
    options.indicateCurrent || meansCurrent(graph, range?.lower) || meansCurrent(graph, range?.upper)
  if (!needsDatabase) return {revisions: planHistory(graph, range).map(view)}
  const sets = await appliedSets(project, options)
  const current = new Set(sets.flatMap((applied) => currentRevisions(graph, applied)))
  const ids = planHistory(graph, range, new Set(sets.flatMap((applied) => [...applied])))
  return {revisions: ids.map((id) => ({...view(id), isCurrent: current.has(id)}))}
}

/** A revision in the files, or found in git only. */
export interface ShownRevision extends RevisionView {
  /** Location, as a sentence, of a revision missing from this checkout. */
  readonly whereabouts?: string
  /** A commit that contains it. */
  readonly at?: string
  /** Text of its file in that commit. */
  readonly source?: string
  /** Differences between its file and the applied text, per database. */
  readonly differences?: readonly Difference[]
}

export interface ShowOptions extends ReadOptions, DatabaseOptions {
  readonly target: string
  /** Whether views include what the upgrade reads and writes; runs its code without a database. */
  readonly effects?: boolean | undefined
  /** Whether views include the differences between the file and the applied text. */
  readonly diff?: boolean | undefined
  /** Whether to search git for revisions missing from the files. */
  readonly elsewhere?: boolean | undefined
}

/** Returns the revisions that a target refers to. Connects to the database only for relative targets and `current`. */
export async function show(options: ShowOptions): Promise<{readonly revisions: readonly ShownRevision[]}> {
  const project = await openScripts(options)
  const {graph} = project.scripts
  const view = viewsOf(graph, true)
  const {upper: target = parseTarget(options.target)} = await rangeOf(project, {upper: parseTarget(options.target)})
  const sets = meansCurrent(graph, target) ? await appliedSets(project, options) : undefined
  const applied = sets && new Set(sets.flatMap((set) => [...set]))
  try {
    const views = resolveTargets(graph, target, applied).map(view)
    const compared = options.diff ? await withDifferences(project, options, views) : views
    return {revisions: options.effects ? await withEffects(project, options, compared) : compared}
  } catch (error) {
    if (!(error instanceof RevisionNotFoundError) || !options.elsewhere || options.at !== undefined) throw error
    const elsewhere = await showFromGit(project, options.target)
    if (elsewhere === undefined) throw error
    return {revisions: [elsewhere]}
  }
}

/** Returns views with the effects of their upgrades. */
async function withEffects(
  project: ScriptProject,
  options: ShowOptions,
  views: readonly RevisionView[],
): Promise<readonly ShownRevision[]> {
  const {effectsFinder} = await import('../../engine/effects.ts')
  const effectsOf = await effectsFinder(project, options)
  return Promise.all(views.map(async (view) => ({...view, effects: await effectsOf(view.revision)})))
}

async function withDifferences(
  project: ScriptProject,
  options: ShowOptions,
  views: readonly RevisionView[],
): Promise<readonly ShownRevision[]> {
  const {differencesOf} = await import('../../engine/edited-text.ts')
  const found = await differencesOf(
    project,
    options,
    views.map(({revision}) => revision),
  )
  return views.map((view) => ({...view, differences: found.get(view.revision) ?? []}))
}

/** Returns a revision missing from this checkout, as found in git. */
async function showFromGit(project: ScriptProject, id: string): Promise<ShownRevision | undefined> {
  if (!/^[\p{L}\p{N}_.]+$/u.test(id)) return undefined
  const {whereaboutsOf} = await import('../../engine/locate-revision.ts')
  const [place] = await whereaboutsOf(project, [{revision: id}])
  if (place?.found === undefined) return undefined
  const {revision, text: source, at} = place.found
  return {...viewOutsideGraph(revision), whereabouts: place.text, at, source}
}

/** Returns a range with `git:REF` resolved. */
async function rangeOf(project: ScriptProject, range: Range): Promise<Range> {
  if (range.lower?.kind !== 'git' && range.upper?.kind !== 'git') return range
  const {resolveGitRange} = await import('../../engine/git-targets.ts')
  return resolveGitRange(project, range)
}

/** Returns the applied revisions that the files contain, of each database and tenant. */
async function appliedSets(
  project: ScriptProject,
  options: DatabaseOptions,
): Promise<readonly ReadonlySet<RevisionId>[]> {
  const [{appliedSetOf}, {withDatabases}, {contextOf}, {forEachTenant}, {unlessMissing}] = await Promise.all([
    import('../../engine/database-state.ts'),
    import('../../engine/databases.ts'),
    import('../../engine/run-context.ts'),
    import('../../engine/tenants/tenants.ts'),
    import('../../engine/tenants/missing-tenant.ts'),
  ])
  const {graph} = project.scripts
  const read = async (context: RunContext<ScriptProject>): Promise<readonly ReadonlySet<RevisionId>[]> =>
    withDatabases(context, async (databases) =>
      databases.map((database) => new Set([...appliedSetOf(graph, database)].filter((id) => graph.has(id)))),
    )
  const {results} = await forEachTenant(
    contextOf(project, options),
    options,
    async (context) => unlessMissing(options, read(context), []),
    {isRead: true},
  )
  return results.flat()
}
