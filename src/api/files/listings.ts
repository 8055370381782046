import {currentRevisions} from '../../graph/applied.ts'
import {RevisionNotFoundError} from '../../graph/errors.ts'
import {planHistory} from '../../graph/history.ts'
import {meansCurrent, resolveTargets} from '../../graph/resolve.ts'
import type {RevisionId} from '../../graph/revision.ts'
import {parseRange, parseTarget} from '../../graph/target.ts'
import type {Range} from '../../graph/target.ts'
import type {DatabaseOptions} from '../../engine/databases.ts'
import type {Difference} from '../../engine/edited-text.ts'
import {openScripts} from '../../engine/project.ts'
import type {ReadOptions, ScriptProject} from '../../engine/project.ts'
import {viewOutsideGraph, viewsOf} from '../../engine/views.ts'
import type {RevisionView} from '../../engine/views.ts'

export interface ListingOptions extends ReadOptions {
  /** Whether views say what comes after each revision. */
  readonly verbose?: boolean | undefined
}

export interface HeadsOptions extends ListingOptions {
  /** Leaves out heads that another revision depends on. */
  readonly resolveDependencies?: boolean | undefined
  /** Writes the file with the heads that the policy names. */
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
  /** The revisions that come after it, with the labels that tell them apart. */
  readonly branchesInto: readonly {
    readonly revision: RevisionId
    readonly branchLabels: readonly string[]
    readonly message: string
  }[]
}

/** Returns the branch points: the revisions that more than one comes after. */
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

export interface HistoryOptions extends ListingOptions, DatabaseOptions {
  /** `FROM:TO`, either end optional; everything when left out. */
  readonly range?: string | undefined
  /** Marks what the database stands on. */
  readonly indicateCurrent?: boolean | undefined
  /** The name of a table, column or another object: only revisions that touch it. */
  readonly touches?: string | undefined
}

export interface HistoryResult {
  readonly revisions: readonly RevisionView[]
  /** With `touches`: revisions of which it is not known what they touch. */
  readonly unknown?: readonly RevisionId[]
}

/**
 * Returns revisions, newest first. A database is asked only when the answer needs it. To find out what revisions touch,
 * their code is run without a database.
 */
export async function history(options: HistoryOptions): Promise<HistoryResult> {
  const project = await openScripts(options)
  const listed = await historyOf(project, options)
  if (options.touches === undefined) return listed
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
  const applied = await appliedKnown(project, options)
  const current = new Set(currentRevisions(graph, applied))
  const ids = planHistory(graph, range, applied)
  return {revisions: ids.map((id) => ({...view(id), isCurrent: current.has(id)}))}
}

/** A revision, which may be in git and not in the files. */
export interface ShownRevision extends RevisionView {
  /** Where it is, as a sentence, when it is in no file of this checkout. */
  readonly whereabouts?: string
  /** A commit that has it. */
  readonly at?: string
  /** The text of its file there. */
  readonly source?: string
  /** How its file differs from what is applied, on each database. */
  readonly differences?: readonly Difference[]
}

export interface ShowOptions extends ReadOptions, DatabaseOptions {
  readonly target: string
  /** Whether views say what the upgrade reads and writes: its code is run without a database. */
  readonly effects?: boolean | undefined
  /** Whether views say how the file differs from what the database has applied. */
  readonly diff?: boolean | undefined
  /** Whether git is asked for a revision that no file has. */
  readonly elsewhere?: boolean | undefined
}

/** Returns the revisions that a target means. A database is asked only for targets that count from what it has. */
export async function show(options: ShowOptions): Promise<{readonly revisions: readonly ShownRevision[]}> {
  const project = await openScripts(options)
  const {graph} = project.scripts
  const view = viewsOf(graph, true)
  const {upper: target = parseTarget(options.target)} = await rangeOf(project, {upper: parseTarget(options.target)})
  const applied = meansCurrent(graph, target) ? await appliedKnown(project, options) : undefined
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

/** Returns revisions with what their upgrades read and write. */
async function withEffects(
  project: ScriptProject,
  options: ShowOptions,
  views: readonly RevisionView[],
): Promise<readonly ShownRevision[]> {
  const {effectsFinder} = await import('../../engine/effects.ts')
  const effectsOf = await effectsFinder(project, options)
  return Promise.all(views.map(async (one) => ({...one, effects: await effectsOf(one.revision)})))
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
  return views.map((one) => ({...one, differences: found.get(one.revision) ?? []}))
}

/** Returns a revision that no file of this checkout has, as git has it. */
async function showFromGit(project: ScriptProject, id: string): Promise<ShownRevision | undefined> {
  if (!/^[\p{L}\p{N}_.]{4,}$/u.test(id)) return undefined
  const {whereaboutsOf} = await import('../../engine/locate-revision.ts')
  const [place] = await whereaboutsOf(project, [{revision: id}])
  if (place?.found === undefined) return undefined
  const {revision, text: source, at} = place.found
  return {...viewOutsideGraph(revision), whereabouts: place.text, at, source}
}

/** Returns a range without `git:REF`. */
async function rangeOf(project: ScriptProject, range: Range): Promise<Range> {
  if (range.lower?.kind !== 'git' && range.upper?.kind !== 'git') return range
  const {resolveGitRange} = await import('../../engine/git-targets.ts')
  return resolveGitRange(project, range)
}

/** Returns what is applied of the files' revisions. */
async function appliedKnown(project: ScriptProject, options: DatabaseOptions): Promise<ReadonlySet<RevisionId>> {
  const {appliedSetOf, withDatabases} = await import('../../engine/databases.ts')
  const {contextOf} = await import('../../engine/run-context.ts')
  const {graph} = project.scripts
  return withDatabases(contextOf(project, options), async (databases) => {
    const applied = databases.flatMap((database) => [...appliedSetOf(database)])
    return new Set(applied.filter((id) => graph.has(id)))
  })
}
