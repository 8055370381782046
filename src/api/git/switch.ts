import {SwitchRefusedError} from '../../git/errors.ts'
import type {FoundRevision} from '../../git/find-revision.ts'
import {locateRepository, operationIn} from '../../git/locate.ts'
import type {Repository} from '../../git/repository.ts'
import {headsOf} from '../../graph/applied.ts'
import {planDowngrade, planUpgrade} from '../../graph/plan.ts'
import type {Plan, Step} from '../../graph/plan.ts'
import type {RevisionId} from '../../graph/revision.ts'
import {buildRevisionGraph} from '../../graph/revision-graph.ts'
import type {RevisionGraph} from '../../graph/revision-graph.ts'
import {contentIdOf} from '../../script/content-id.ts'
import type {FileTree} from '../../script/file-tree.ts'
import {loadEach} from '../../script/load.ts'
import {OverlayTree} from '../../script/overlay-tree.ts'
import {ScriptRevision} from '../../script/revision-file.ts'
import type {ScriptDirectory} from '../../script/script-directory.ts'
import type {AppliedRevision} from '../../runner/state/store.ts'
import {appliedSetOf, withDatabases, withLockedDatabases} from '../../engine/databases.ts'
import type {OpenDatabase, WriteOptions} from '../../engine/databases.ts'
import {doesTheSame} from '../../engine/edited.ts'
import {refusePartiallyApplied, runOf} from '../../engine/migrate.ts'
import {upgrade} from '../runs/migrate.ts'
import type {StepView} from '../../engine/results.ts'
import {openScripts} from '../../engine/project.ts'
import type {Project} from '../../engine/project.ts'
import {commitNamed, openProjectRepository, scriptsAt} from '../../engine/repository.ts'
import {contextOf} from '../../engine/run-context.ts'
import type {RunContext} from '../../engine/run-context.ts'
import {whereaboutsOf} from '../../engine/locate-revision.ts'

export interface SwitchOptions extends WriteOptions {
  /** Branch, tag or commit to switch to; default: the current checkout. */
  readonly ref?: string | undefined
  /** Whether to return the plan without changing anything. */
  readonly dryRun?: boolean | undefined
  /** Whether to run downgrades whose text differs from the applied one. */
  readonly trust?: boolean | undefined
}

export interface SwitchResult {
  /** Steps reverted with the code that was applied, then steps applied. */
  readonly steps: readonly StepView[]
  /** Git command run in between; null if nothing is checked out. */
  readonly checkout: string | null
  /** Heads of the database afterwards. */
  readonly heads: readonly RevisionId[]
}

type Here = Project & {readonly scripts: ScriptDirectory}

/** Target of a switch: its files and revisions, and the git arguments that check it out. */
interface Destination {
  readonly tree: FileTree
  readonly graph: RevisionGraph<ScriptRevision>
  readonly checkout: readonly string[] | undefined
}

/** Plan for one database: down with the code that was applied, then up with the code of the destination. */
interface SwitchPlan {
  readonly database: OpenDatabase
  readonly union: RevisionGraph<ScriptRevision>
  readonly texts: ReadonlyMap<string, string>
  readonly down: Plan & ReturnType<typeof planDowngrade>
  readonly up: ReturnType<typeof planUpgrade>
}

/**
 * Switches the database and the checkout together: reverts revisions that the destination lacks, checks it out, and
 * applies its revisions. Everything is planned before anything is run; rerunning an interrupted switch resumes it.
 *
 * @throws MigError SWITCH_REFUSED, UNKNOWN_REF, GIT_FAILED, and as `upgrade` and `downgrade`
 */
export async function switchTo(options: SwitchOptions): Promise<SwitchResult> {
  const project = await openScripts(options)
  const repository = options.ref === undefined ? undefined : await openProjectRepository(project)
  if (repository !== undefined) await refuseBusy(repository)
  const destination = await destinationOf(project, repository, options.ref)
  const withThem = options.dryRun ? withDatabases : withLockedDatabases
  const context = contextOf(project, options)
  const planned = await withThem(context, async (databases) => {
    const plans: SwitchPlan[] = []
    for (const database of databases) plans.push(await planSwitch(project, database, destination, options))
    if (!options.dryRun)
      await saying(options, 'The checkout is unchanged', async () => {
        for (const plan of plans) await goDown(context, plan)
      })
    return Promise.all(plans.map(async (plan) => viewOf(project, plan, destination, options)))
  })
  const checkout = destination.checkout === undefined ? null : `git ${destination.checkout.join(' ')}`
  const steps = planned.flatMap((view) => view.steps)
  const heads = planned[0]?.heads ?? []
  if (options.dryRun) return {steps, checkout, heads}
  if (repository !== undefined && destination.checkout !== undefined) {
    const {runGit} = await import('../../git/run-git.ts')
    await runGit(repository.root, destination.checkout)
  }
  // The files are now those of the destination, possibly including the configuration.
  const done = await saying(options, `The checkout is at ${options.ref ?? 'HEAD'}`, async () =>
    upgrade({...options, target: 'heads'}),
  )
  return {steps, checkout, heads: done.heads}
}

/** Emits a note with the state of checkout and database if a part fails. */
async function saying<T>({onEvent}: SwitchOptions, place: string, go: () => Promise<T>): Promise<T> {
  try {
    return await go()
  } catch (error) {
    onEvent?.({
      kind: 'note',
      text: `${place}, and the database is where the run stopped; rerun the same \`mig switch\` to resume.`,
    })
    throw error
  }
}

/** @throws MigError SWITCH_REFUSED if a git operation is unfinished or the work tree has changes */
async function refuseBusy({root}: Repository): Promise<void> {
  const place = locateRepository(root)
  const operation = place && operationIn(place)
  if (operation !== undefined)
    throw new SwitchRefusedError(`a git ${operation} is in progress`, `Finish it, or run \`git ${operation} --abort\`.`)
  const {runGit} = await import('../../git/run-git.ts')
  const changed = (await runGit(root, ['status', '--porcelain', '--untracked-files=no'])).toString().trim()
  if (changed !== '')
    throw new SwitchRefusedError('the work tree has uncommitted changes', 'Commit them, or run `git stash`.')
}

async function destinationOf(project: Here, repository: Repository | undefined, ref?: string): Promise<Destination> {
  if (repository === undefined || ref === undefined)
    return {tree: project.tree, graph: project.scripts.graph, checkout: undefined}
  const commit = await commitNamed(repository, ref)
  const {tree, scripts} = await scriptsAt(project, repository, {commit, ref})
  const names = new Set((await repository.refs()).map(({name}) => name))
  const isBranch = names.has(`refs/heads/${ref}`)
  return {
    tree,
    graph: scripts.graph,
    checkout: isBranch ? ['switch', '--quiet', ref] : ['switch', '--quiet', '--detach', ref],
  }
}

async function planSwitch(
  project: Here,
  database: OpenDatabase,
  {graph}: Destination,
  options: SwitchOptions,
): Promise<SwitchPlan> {
  refusePartiallyApplied(database)
  const rows = database.state.applied
  const applied = appliedSetOf(database)
  const sources = await sourcesOf(
    project,
    database,
    rows.filter(({revision}) => !graph.has(revision)),
    options,
  )
  const union = buildRevisionGraph([...graph.revisions, ...sources.map(({revision}) => revision)])
  const kept = [...applied].filter((id) => graph.has(id))
  const down = planDowngrade(union, applied, {kind: 'revisions', ids: kept})
  return {
    database,
    union,
    texts: new Map(sources.map(({revision, text}) => [revision.file, text])),
    down,
    up: planUpgrade(graph, kept, [...graph.effectiveHeads]),
  }
}

interface Source {
  readonly revision: ScriptRevision
  readonly text: string
}

/**
 * Returns the code of revisions that the destination lacks: from the files or git, or else the downgrade SQL recorded
 * when they were applied.
 */
async function sourcesOf(
  project: Here,
  database: OpenDatabase,
  rows: readonly AppliedRevision[],
  {trust, onEvent}: SwitchOptions,
): Promise<readonly Source[]> {
  const {graph} = project.scripts
  const here = rows.filter(({revision}) => graph.has(revision)).map(({revision}) => graph.get(revision))
  const texts = await project.tree.read(here.map(({file}) => file))
  const byId = new Map(here.map((revision, i) => [revision.id, {revision, text: texts[i] ?? ''}]))
  const isAsApplied = async (row: AppliedRevision): Promise<boolean> =>
    contentIdOf(byId.get(row.revision)?.text ?? '') === row.contentId ||
    (graph.has(row.revision) && (await doesTheSame(project, database, row)))
  const elsewhere: AppliedRevision[] = []
  for (const row of rows) if (!(await isAsApplied(row))) elsewhere.push(row)
  const places = new Map((await whereaboutsOf(project, elsewhere)).map((place) => [place.revision, place]))
  const missing = elsewhere.filter(({revision}) => places.get(revision)?.found?.isAsApplied !== true)
  const recorded = await database.store.downgradesOf(missing.map(({revision}) => revision))
  return rows.map((row) => {
    const own = byId.get(row.revision)
    const place = places.get(row.revision)
    if (own !== undefined && place === undefined) return own
    const found = place?.found
    // An unused path next to the existing files.
    if (found?.isAsApplied === true) return foundSource(found)
    const sql = recorded.get(row.revision)
    if (sql !== undefined) {
      onEvent?.({kind: 'note', text: `${row.revision} is reverted with the SQL recorded when it was applied.`})
      return recordedSource(row, sql)
    }
    if (trust === true && found !== undefined) return foundSource(found)
    if (trust === true && own !== undefined) return own
    const isKnown = own !== undefined || found !== undefined
    throw new SwitchRefusedError(
      isKnown
        ? `the text of ${row.revision} differs from what was applied`
        : `${row.revision} is applied, but its code cannot be read: ${place?.text ?? 'it is missing from the files'}`,
      isKnown ? 'Use `--trust` to run its current downgrade anyway.' : '`mig status` shows what is applied.',
    )
  })
}

function foundSource({revision, at, text}: FoundRevision): Source {
  return {revision: renamed(revision, `${at}/${revision.file}`), text}
}

/** Returns a SQL revision made of a recorded downgrade. */
function recordedSource({revision: id, downRevisions, message: comment}: AppliedRevision, sql: string): Source {
  const file = `${id}/downgrade_sql.sql`
  const header = {id, downRevisions, dependsOn: [], branchLabels: [], transactional: true, comment, file}
  return {revision: new ScriptRevision(header), text: `-- upgrade\n\n-- downgrade\n${sql}\n`}
}

function renamed(revision: ScriptRevision, file: string): ScriptRevision {
  const {id, downRevisions, dependsOn, branchLabels, transactional, irreversible, message} = revision
  const header = {id, downRevisions, dependsOn, branchLabels, transactional, comment: message, file}
  return new ScriptRevision(irreversible === undefined ? header : {...header, irreversible})
}

async function goDown(context: RunContext<Here>, {database, union, texts, down}: SwitchPlan): Promise<void> {
  if (down.steps.length === 0) return
  const {prepareRun, runSteps} = await import('../../runner/runner.ts')
  const tree = new OverlayTree(context.project.tree, texts)
  const revisions = {tree, graph: union, load: loadEach(tree)}
  const run = {...(await runOf(context, database, appliedSetOf(database))), revisions}
  await runSteps(run, await prepareRun(run, down.steps))
}

async function viewOf(
  project: Here,
  {database, union, texts, down, up}: SwitchPlan,
  destination: Destination,
  {dryRun, x = {}}: SwitchOptions,
): Promise<Pick<SwitchResult, 'steps' | 'heads'>> {
  const registry = await project.registry()
  const lossesOf = async ({direction, revision}: Step): Promise<readonly string[]> => {
    const scriptRevision = union.get(revision)
    if (direction === 'downgrade') {
      const {effectsOn} = await import('../../engine/effects.ts')
      const tree = new OverlayTree(project.tree, texts)
      const {dialect} = database.session
      return (await effectsOn(tree, scriptRevision, 'downgrade', {name: database.name, dialect}, x, registry)).losesData
    }
    // Code from another branch is not run before the plan is confirmed.
    const {writtenLosses} = await import('../../conflicts/written-losses.ts')
    const [text = ''] = await destination.tree.read([scriptRevision.file])
    return writtenLosses(scriptRevision.file, text, registry)
  }
  const steps: StepView[] = []
  for (const step of [...down.steps, ...up.steps]) {
    const {direction, revision, heads} = step
    const losesData = dryRun ? await lossesOf(step) : []
    const more = {
      ...(database.name !== undefined && {database: database.name}),
      ...(losesData.length > 0 && {losesData}),
    }
    steps.push({direction, revision, message: union.get(revision).message, heads, ...more})
  }
  return {steps, heads: steps.at(-1)?.heads ?? headsOf(union, appliedSetOf(database))}
}
