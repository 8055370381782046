import {rmSync} from 'node:fs'
import {resolve} from 'node:path'
import {contentsOf} from '../autogenerate/autogenerate.ts'
import {draftNew, writeNew} from '../engine/new-revision.ts'
import type {NewRevisionOptions} from '../engine/new-revision.ts'
import type {ScriptProject} from '../engine/project.ts'
import type {RunContext} from '../engine/run-context.ts'
import type {RevisionView} from '../engine/views.ts'
import type {RevisionId} from '../graph/revision.ts'
import {reachable} from '../graph/walk.ts'
import type {Outcome} from '../rehearsal/commute/outcome.ts'
import {Position} from '../rehearsal/history/position.ts'
import type {ReadCatalogue} from '../rehearsal/history/position.ts'
import type {ScratchSource} from '../rehearsal/scratch.ts'
import {scratchSourcesOf} from '../rehearsal/scratch-database.ts'
import {InterruptedError} from '../runner/run-errors.ts'
import {OverlayTree} from '../script/overlay-tree.ts'
import {directiveOf, schemaBody, wholeBody} from './body.ts'
import type {Body, RanRevision} from './body.ts'
import {PruneRefusedError, SquashDiffersError, SquashFailedError} from './errors.ts'
import {outcomeOf, proveSquash} from './proof.ts'
import type {Originals, SquashProof} from './proof.ts'
import {placeOf} from './range.ts'
import type {SquashPlace} from './range.ts'

/** Properties of the squash that is written. */
export interface SquashOptions extends Omit<NewRevisionOptions, 'dependsOn' | 'splice'> {
  /** Whether to delete the files of the replaced revisions. */
  readonly prune?: boolean | undefined
  /** Whether to delete them although databases may need them. */
  readonly force?: boolean | undefined
}

/** A squash, and how it was proved on each database. */
export interface SquashResult {
  readonly revision: RevisionView
  readonly proof: readonly SquashProof[]
  /** The deleted files. */
  readonly pruned: readonly string[]
}

/** A database of the project, what the revisions make there, and the bodies that may make the same. */
interface Candidate {
  readonly source: ScratchSource
  readonly originals: Originals
  readonly bodies: readonly Body[]
}

/**
 * Writes a revision that replaces others, after trying out on temporary databases that it makes the same schema and the same
 * rows, and that its downgrade leads back.
 *
 * @throws MigError SQUASH_REFUSED, SQUASH_DIFFERS, REVISION_FAILED, INTERRUPTED; as `writeNew` and `connect`
 */
export async function writeSquash(
  context: RunContext<ScriptProject>,
  range: Iterable<RevisionId>,
  options: SquashOptions,
  read: ReadCatalogue,
): Promise<SquashResult> {
  try {
    return await provenSquash(context, range, options, read)
  } catch (error) {
    throw context.signal?.aborted ? new InterruptedError('nothing was written.', undefined) : error
  }
}

async function provenSquash(
  context: RunContext<ScriptProject>,
  range: Iterable<RevisionId>,
  options: SquashOptions,
  read: ReadCatalogue,
): Promise<SquashResult> {
  const {project} = context
  const place = placeOf(project.scripts.graph, range)
  if (options.prune && !options.force) throw new PruneRefusedError(place.replaces)
  const candidates: Candidate[] = []
  for (const source of await scratchSourcesOf(context)) candidates.push(await candidateOf(context, source, place, read))
  const attempts = Math.max(...candidates.map(({bodies}) => bodies.length))
  for (let i = 0; ; i++) {
    const wanted = await wantedRevision(project, place, candidates, i, options)
    try {
      const {project: trial, id} = await trialOf(project, wanted, place)
      const proof: SquashProof[] = []
      for (const {source, originals} of candidates)
        proof.push(await proveSquash({...context, project: trial}, source, id, originals, read))
      const {revision} = await writeNew(project, {...wanted, revisionId: id, splice: true}, place.downRevisions)
      return {revision, proof, pruned: options.prune ? pruned(project, place) : []}
    } catch (error) {
      const isOther = error instanceof SquashDiffersError || error instanceof SquashFailedError
      if (!isOther || i + 1 >= attempts) throw error
    }
  }
}

/** Runs the revisions on a temporary database, and returns what they make and how one revision may make it. */
async function candidateOf(
  context: RunContext<ScriptProject>,
  source: ScratchSource,
  place: SquashPlace,
  read: ReadCatalogue,
): Promise<Candidate> {
  const {graph} = context.project.scripts
  const inside = new Set(place.revisions)
  const below = reachable(place.revisions, (id) => graph.parents(id)).difference(inside)
  const repeat = async (): Promise<Outcome> =>
    withRevisions(context, source, read, {below, revisions: place.revisions}, async (position) => outcomeOf(position))
  let again: Promise<Outcome> | undefined
  return withRevisions(context, source, read, {below, revisions: place.revisions}, async (position, before, ran) => {
    const originals = {
      ...{below, before, after: await outcomeOf(position), on: await position.description()},
      repeat: async () => (again ??= repeat()),
    }
    const schema = below.size === 0 ? await schemaBody(context, position, ran) : undefined
    const whole = await wholeBody(context, source, ran, below.size === 0)
    return {source, originals, bodies: [...(schema === undefined ? [] : [schema]), whole]}
  })
}

/** Runs revisions on a temporary database. */
async function withRevisions<Result>(
  context: RunContext<ScriptProject>,
  source: ScratchSource,
  read: ReadCatalogue,
  {below, revisions}: {readonly below: ReadonlySet<RevisionId>; readonly revisions: readonly RevisionId[]},
  use: (position: Position, before: Outcome, ran: readonly RanRevision[]) => Promise<Result>,
): Promise<Result> {
  const position = new Position(context, source, read)
  try {
    await position.moveTo(below)
    const before = await outcomeOf(position)
    const ran: RanRevision[] = []
    for (const revision of revisions) ran.push({revision, statements: await position.run(revision, 'upgrade')})
    return await use(position, before, ran)
  } finally {
    await position.close()
  }
}

type Wanted = Omit<NewRevisionOptions, 'splice'> &
  Pick<Parameters<typeof writeNew>[1], 'contents' | 'squash' | 'isBaseline' | 'transactional' | 'irreversible'>

async function wantedRevision(
  project: ScriptProject,
  place: SquashPlace,
  candidates: readonly Candidate[],
  attempt: number,
  options: SquashOptions,
): Promise<Wanted> {
  const directives = candidates.map(({source, bodies}) =>
    directiveOf(source, bodyOf(bodies[Math.min(attempt, bodies.length - 1)] as Body, place)),
  )
  const {
    message = `squash ${place.replaces.length} revisions`,
    branchLabels = [],
    revisionId,
    versionPath,
    isSql,
  } = options
  return {
    ...{message, revisionId, versionPath, isSql},
    branchLabels: [...new Set([...place.branchLabels, ...branchLabels])],
    irreversible: place.irreversible,
    dependsOn: place.dependsOn,
    contents: await contentsOf(project, directives, [], isSql ?? false),
    isBaseline: place.isBaseline,
    transactional: place.transactional,
    squash: {replaces: place.replaces, replacedSquashes: place.replacedSquashes},
  }
}

/** Returns a body without a downgrade if one of the revisions must not be downgraded. */
function bodyOf(body: Body, {irreversible}: SquashPlace): Body {
  return irreversible === undefined ? body : {...body, downgrade: undefined}
}

/** Returns the project as it would be with the squash. */
async function trialOf(
  project: ScriptProject,
  wanted: Wanted,
  {downRevisions}: SquashPlace,
): Promise<{readonly project: ScriptProject; readonly id: RevisionId}> {
  const {revision, graph, text} = await draftNew(project, wanted, downRevisions)
  return {
    id: revision.id,
    project: {
      ...project,
      tree: new OverlayTree(project.tree, new Map([[revision.file, text]])),
      scripts: {...project.scripts, graph},
    },
  }
}

/** Deletes the files of the replaced revisions, and returns them. */
function pruned({cwd, scripts: {graph}}: ScriptProject, {replaces, replacedSquashes}: SquashPlace): readonly string[] {
  const gone = new Set([...replaces, ...replacedSquashes])
  const files = graph.sources.filter(({id}) => gone.has(id)).map(({file}) => file)
  for (const file of files) rmSync(resolve(cwd, file))
  return files
}
