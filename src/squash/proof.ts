import type {ScriptProject} from '../engine/project.ts'
import type {RunContext} from '../engine/run-context.ts'
import type {RevisionId} from '../graph/revision.ts'
import {countOf, firstDifference} from '../rehearsal/commute/outcome.ts'
import type {Outcome} from '../rehearsal/commute/outcome.ts'
import {Position} from '../rehearsal/history/position.ts'
import type {ReadCatalogue} from '../rehearsal/history/position.ts'
import {contentsOf} from '../rehearsal/history/row-contents.ts'
import {attempt, tablesOf} from '../rehearsal/history/schema-pass.ts'
import type {ScratchSource} from '../rehearsal/scratch.ts'
import {SquashDiffersError, SquashFailedError} from './errors.ts'

/** The databases before and after the revisions that a squash replaces. */
export interface Originals {
  readonly below: ReadonlySet<RevisionId>
  readonly before: Outcome
  readonly after: Outcome
  /** Runs the revisions once more: values of the clock and of chance are other ones each time. */
  readonly repeat: () => Promise<Outcome>
  readonly on: string
}

/** The comparison of a squash with the revisions that it replaces. */
export interface SquashProof {
  /** The name of the database, if the configuration has several. */
  readonly database?: string
  /** The number of compared objects. */
  readonly compared: number
  /** The number of compared rows. */
  readonly rows: number
  /** Whether the downgrade was tried out; not if it cannot be reverted. */
  readonly isReversible: boolean
  /** The kind and the version of the temporary database. */
  readonly on: string
}

/** Reads the schema and the rows of a temporary database. */
export async function outcomeOf(position: Position): Promise<Outcome> {
  const catalogue = await position.catalogue()
  return {catalogue, rows: await contentsOf(await position.session(), tablesOf(catalogue))}
}

/**
 * Runs a squash up and down on a temporary database, and compares it with the revisions.
 *
 * @throws MigError SQUASH_DIFFERS
 */
export async function proveSquash(
  context: RunContext<ScriptProject>,
  source: ScratchSource,
  id: RevisionId,
  {below, before, after, repeat, on}: Originals,
  read: ReadCatalogue,
): Promise<SquashProof> {
  const position = new Position(context, source, read)
  const step = async (direction: 'upgrade' | 'downgrade', wanted: Outcome): Promise<Outcome> => {
    const ran = await attempt(async () => position.run(id, direction))
    if ('error' in ran)
      throw ran.error.code === 'IRREVERSIBLE' ? ran.error : new SquashFailedError(direction, ran.error)
    const found = await outcomeOf(position)
    const isDifferent = firstDifference(wanted, found) !== undefined
    const difference = isDifferent ? firstDifference(wanted, found, [after, await repeat()]) : undefined
    if (difference !== undefined) throw new SquashDiffersError(direction, difference, on)
    return found
  }
  try {
    await position.moveTo(below)
    const made = await step('upgrade', after)
    const isReversible = await step('downgrade', before).then(
      () => true,
      (error: unknown) => {
        if (error instanceof SquashFailedError || error instanceof SquashDiffersError) throw error
        return false
      },
    )
    return {
      ...(source.name !== undefined && {database: source.name}),
      compared: countOf([after, made]),
      rows: [...after.rows.values()].reduce((sum, rows) => sum + rows.length, 0),
      isReversible,
      on,
    }
  } finally {
    await position.close()
  }
}
