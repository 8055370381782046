import type {Directive} from '../config/autogenerate.ts'
import {schemaOperations} from '../baseline/baseline.ts'
import {recordedOn} from '../engine/effects.ts'
import type {ScriptProject} from '../engine/project.ts'
import type {RunContext} from '../engine/run-context.ts'
import {MigError} from '../errors.ts'
import {execute} from '../operations/execute.ts'
import {inverseOf} from '../operations/inverse.ts'
import type {Operation} from '../operations/operation.ts'
import type {Position} from '../rehearsal/history/position.ts'
import type {ScratchSource} from '../rehearsal/scratch.ts'
import type {Direction} from '../script/load.ts'
import type {RevisionId} from '../graph/revision.ts'
import {ReadingRevisionError} from './errors.ts'

/** The statements that a revision ran. */
export interface RanRevision {
  readonly revision: RevisionId
  readonly statements: readonly string[]
}

/** Operations in both directions; the downgrade is undefined if it cannot be told. */
export interface Body {
  readonly upgrade: readonly Operation[]
  readonly downgrade: readonly Operation[] | undefined
}

/** Matches statements that change rows, which no catalogue shows. */
const changesRows = /^(?:insert|update|delete|merge|replace|copy|with|select\s+(?:pg_catalog\.)?setval)\b/i

/** Matches what a catalogue, as it is compared, does not show: privileges, owners, positions of counters, settings. */
const isNotCompared =
  /\b(?:grant|revoke|owner\s+to|default\s+privileges|restart|setval|nextval|pragma|security\s+label|lo_\w+|alter\s+(?:database|system|role|user|text\s+search)|refresh\s+materialized|publication|subscription|event\s+trigger)\b|\bauto_increment\s*=/i

/**
 * Returns a body that makes the schema of a database at once, and then changes rows as the revisions did. It has to be tried
 * out: statements may need a schema that is no longer there.
 *
 * @param position a temporary database on which the whole history of the revisions has run
 * @returns undefined if the catalogue does not show all that the revisions did
 */
export async function schemaBody(
  {project}: RunContext<ScriptProject>,
  position: Position,
  ran: readonly RanRevision[],
): Promise<Body | undefined> {
  if (ran.some(({statements}) => statements.some((sql) => isNotCompared.test(sql)))) return undefined
  const made = await schemaOperations(project, await position.session())
  if (made === undefined) return undefined
  const rows = ran.flatMap(({statements}) => statements.filter((sql) => changesRows.test(sql.trimStart())))
  return {
    upgrade: [...made, ...rows.map((sql) => execute(sql))],
    downgrade: await reverted(project, made),
  }
}

/**
 * Returns a body with the operations of all revisions, one after another.
 *
 * @throws MigError SQUASH_REFUSED if one of them decides by rows that only other databases have
 */
export async function wholeBody(
  context: RunContext<ScriptProject>,
  source: ScratchSource,
  ran: readonly RanRevision[],
  isFromBase: boolean,
): Promise<Body> {
  const upgrade: Operation[] = []
  let downgrade: readonly Operation[] | undefined = []
  for (const {revision, statements} of ran) {
    const forward = await operationsOf(context, source, revision, 'upgrade')
    // On an empty database, what code reads is what the history itself has made.
    if (forward === undefined && !isFromBase) throw new ReadingRevisionError(revision)
    upgrade.push(...(forward ?? statements.map((sql) => execute(sql))))
    const back = await operationsOf(context, source, revision, 'downgrade')
    downgrade = back === undefined || downgrade === undefined ? undefined : [...back, ...downgrade]
  }
  return {upgrade, downgrade}
}

/** Returns the operations of a revision, or undefined if they depend on the database or cannot be told. */
async function operationsOf(
  {project, x}: RunContext<ScriptProject>,
  {name, dialect}: ScratchSource,
  id: RevisionId,
  direction: Direction,
): Promise<readonly Operation[] | undefined> {
  const revision = project.scripts.graph.get(id)
  try {
    const recorded = await recordedOn(project.tree, revision, direction, {name, dialect}, x, await project.registry())
    if (recorded.kind === 'sql') return recorded.sql.trim() === '' ? [] : [execute(recorded.sql)]
    return recorded.unknown.length > 0 ? undefined : recorded.operations
  } catch (error) {
    if (error instanceof MigError) return undefined
    throw error
  }
}

async function reverted(
  project: ScriptProject,
  operations: readonly Operation[],
): Promise<readonly Operation[] | undefined> {
  const inverse = inverseOf(operations, await project.registry())
  return 'operations' in inverse ? inverse.operations : undefined
}

/** Returns the body of a revision on one of the databases of a project. */
export function directiveOf({name, dialect}: ScratchSource, {upgrade, downgrade = []}: Body): Directive {
  return {database: name, dialect, upgrade, downgrade}
}
