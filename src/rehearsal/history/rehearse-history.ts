import {effectsOn} from '../../engine/effects.ts'
import type {ScriptProject} from '../../engine/project.ts'
import type {RunContext} from '../../engine/run-context.ts'
import type {MigError} from '../../errors.ts'
import type {RevisionId} from '../../graph/revision.ts'
import {reachable} from '../../graph/walk.ts'
import {InterruptedError} from '../../runner/run-errors.ts'
import type {ScratchSource} from '../scratch.ts'
import {scratchSourcesOf} from '../scratch-database.ts'
import {failed} from './findings.ts'
import type {RehearsalFinding} from './findings.ts'
import {Position} from './position.ts'
import type {ReadCatalogue} from './position.ts'
import {passRows} from './row-pass.ts'
import type {TableWithoutRows} from './row-pass.ts'
import {passSchema} from './schema-pass.ts'
import type {SchemaPass, Steps} from './schema-pass.ts'
import {walk} from './walk.ts'

/** The outcome of the rehearsal of a revision. */
interface RevisionRehearsal {
  readonly revision: RevisionId
  readonly message: string
  readonly file: string
  /** The steps that were rehearsed: `none` has no statements, and `up` cannot be reverted. */
  readonly steps: Steps
  /** Whether it was not rehearsed because a revision below it cannot be applied. */
  readonly isSkipped?: true
  readonly findings: readonly RehearsalFinding[]
  /** The tables that it touches and that got no generated rows. */
  readonly withoutRows: readonly TableWithoutRows[]
}

/** The rehearsal on a temporary database for one of the project. */
export interface DatabaseRehearsal {
  /** The name of the database, if the configuration has several. */
  readonly database?: string
  /** The kind and the version of the temporary database. */
  readonly on: string
  readonly revisions: readonly RevisionRehearsal[]
}

/**
 * Rehearses revisions on temporary databases, one for each database of the project, which are dropped afterwards.
 *
 * @throws MigError REVISION_FAILED if the history below the revisions cannot be replayed; INTERRUPTED; as `connect`
 */
export async function rehearseHistory(
  context: RunContext<ScriptProject>,
  range: ReadonlySet<RevisionId>,
  read: ReadCatalogue,
): Promise<readonly DatabaseRehearsal[]> {
  const rehearsals: DatabaseRehearsal[] = []
  try {
    for (const source of await scratchSourcesOf(context))
      rehearsals.push(await rehearseOn(context, source, range, read))
  } catch (error) {
    throw context.signal?.aborted ? new InterruptedError('nothing was changed.', undefined) : error
  }
  return rehearsals
}

async function rehearseOn(
  context: RunContext<ScriptProject>,
  source: ScratchSource,
  range: ReadonlySet<RevisionId>,
  read: ReadCatalogue,
): Promise<DatabaseRehearsal> {
  const {graph} = context.project.scripts
  const passes = new Map<RevisionId, SchemaPass>()
  const findings = new Map<RevisionId, readonly RehearsalFinding[]>()
  const skipped = new Set<RevisionId>()
  const withoutRows = new Map<RevisionId, readonly TableWithoutRows[]>()
  const add = (revision: RevisionId, found: readonly RehearsalFinding[]): void => {
    findings.set(revision, [...(findings.get(revision) ?? []), ...found])
  }
  const collide = (revision: RevisionId, error: MigError): void =>
    add(revision, [failed(error, `Revision ${revision} cannot be applied after revisions of another branch`)])
  const isBranched = (id: RevisionId): boolean => {
    const below = reachable([id], (other) => graph.parents(other))
    const above = reachable([id], (other) => graph.childrenAndDependents(other))
    return below.size + above.size - 1 < graph.topological.length
  }

  const on = await withPosition(context, source, read, async (position) => {
    let description: string | undefined
    const visit = async (id: RevisionId): Promise<boolean> => {
      description ??= await position.description()
      const pass = await passSchema(position, graph.get(id), isBranched(id))
      passes.set(id, pass)
      add(id, pass.findings)
      return pass.isApplied
    }
    await walk(graph, position, {range, visit, collide, skip: (id) => void skipped.add(id)})
    return description ?? position.description()
  })

  await withPosition(context, source, read, async (position) => {
    const visit = async (id: RevisionId): Promise<boolean> => {
      const pass = passes.get(id)
      if (pass?.isApplied !== true) return false
      if (pass.touched.length > 0) {
        const rows = await passRows(position, id, pass, await lossesOf(context, source, id))
        add(id, rows.findings)
        withoutRows.set(id, rows.withoutRows)
      } else await position.run(id, 'upgrade')
      return true
    }
    await walk(graph, position, {range: rehearsable(graph, range, passes), visit, collide: () => {}, skip: () => {}})
  })

  return {
    ...(source.name !== undefined && {database: source.name}),
    on,
    revisions: graph.sorted(range).map((revision) => ({
      revision,
      message: graph.get(revision).message ?? '',
      file: graph.get(revision).file,
      steps: passes.get(revision)?.steps ?? 'none',
      ...(skipped.has(revision) && {isSkipped: true as const}),
      findings: findings.get(revision) ?? [],
      withoutRows: withoutRows.get(revision) ?? [],
    })),
  }
}

async function withPosition<Result>(
  context: RunContext<ScriptProject>,
  source: ScratchSource,
  read: ReadCatalogue,
  use: (position: Position) => Promise<Result>,
): Promise<Result> {
  const position = new Position(context, source, read)
  try {
    return await use(position)
  } finally {
    await position.close()
  }
}

/** Returns the revisions that can be applied; nothing is rehearsed with rows if none touches an existing table. */
function rehearsable(
  graph: ScriptProject['scripts']['graph'],
  range: ReadonlySet<RevisionId>,
  passes: ReadonlyMap<RevisionId, SchemaPass>,
): ReadonlySet<RevisionId> {
  const applied = graph.sorted(range).filter((id) => passes.get(id)?.isApplied === true)
  const last = applied.findLastIndex((id) => (passes.get(id)?.touched.length ?? 0) > 0)
  return new Set(applied.slice(0, last + 1))
}

/** Returns descriptions of the data that a revision is known to lose. */
async function lossesOf(
  {project, x}: RunContext<ScriptProject>,
  {name, dialect}: ScratchSource,
  id: RevisionId,
): Promise<readonly string[]> {
  const {tree, scripts} = project
  const effects = await effectsOn(tree, scripts.graph.get(id), 'upgrade', {name, dialect}, x, await project.registry())
  return effects.losesData
}
