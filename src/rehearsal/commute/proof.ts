import type {Snapshot} from '../../catalogue/snapshot/snapshot.ts'
import type {ScriptProject} from '../../engine/project.ts'
import type {RunContext} from '../../engine/run-context.ts'
import type {MigError} from '../../errors.ts'
import type {RevisionId} from '../../graph/revision.ts'
import {InterruptedError} from '../../runner/run-errors.ts'
import {reasonOf} from '../history/findings.ts'
import {Position} from '../history/position.ts'
import type {ReadCatalogue} from '../history/position.ts'
import {contentsOf, generateRows} from '../history/row-contents.ts'
import {attempt, tablesOf, touchedTables} from '../history/schema-pass.ts'
import type {ScratchSource} from '../scratch.ts'
import {scratchSourcesOf} from '../scratch-database.ts'
import {pendingOf, sidesOf} from './orders.ts'
import type {Sides} from './orders.ts'
import {countOf, firstDifference} from './outcome.ts'
import type {Outcome, ProofDifference} from './outcome.ts'

/** A revision that failed, and why. */
export interface FailedRevision {
  readonly revision: RevisionId
  readonly error: string
}

/** One order of the heads, applied to their common ancestors. */
export interface OrderOutcome {
  /** The revisions in the order in which they were applied, up to one that failed. */
  readonly order: readonly RevisionId[]
  readonly heads: readonly RevisionId[]
  readonly failed?: FailedRevision
}

/** Whether heads give the same in every order. */
export interface Proof {
  /** The name of the database, if the configuration has several. */
  readonly database?: string
  /** Null if a side fails by itself. */
  readonly commutes: boolean | null
  readonly orders: readonly OrderOutcome[]
  /** Set if there are too many orders to try all of them: their number, and the seed of the choice. */
  readonly sample?: {readonly of: number; readonly seed: number}
  /** The first object that differs, after the first order and after another one. */
  readonly difference?: ProofDifference
  /** The number of compared objects. */
  readonly compared: number
  /** The same with generated rows; null if that was not tried, or a side fails with them by itself. */
  readonly withRows: boolean | null
  /** The kind and the version of the temporary database. */
  readonly on: string
}

/** A side that fails without the others. */
interface LoneFailure extends FailedRevision {
  /** Whether it fails only with generated rows. */
  readonly withRows: boolean
  readonly hint?: string | undefined
}

/** A proof, and what it is about. */
export interface ProofResult {
  readonly proof: Proof
  readonly alone: readonly LoneFailure[]
  /** The failure or the difference that comes with generated rows only. */
  readonly rows?: {
    readonly order?: OrderOutcome
    readonly difference?: ProofDifference
    readonly against: readonly RevisionId[]
  }
  /** The heads of the order that differs from the first one. */
  readonly against?: readonly RevisionId[]
}

interface ProofOptions {
  /** Whether to try it with generated rows, too. */
  readonly rows: boolean
}

/**
 * Applies heads to their common ancestors in every order, on temporary databases, and compares schemas and rows.
 *
 * @returns the first result that does not commute, or else the first one, of the databases of the project
 * @throws MigError REVISION_FAILED if the common ancestors cannot be applied; INTERRUPTED; as `connect`
 */
export async function prove(
  context: RunContext<ScriptProject>,
  heads: readonly RevisionId[],
  read: ReadCatalogue,
  options: ProofOptions = {rows: true},
): Promise<ProofResult> {
  const results: ProofResult[] = []
  try {
    for (const source of await scratchSourcesOf(context))
      results.push(await new Prover(context, source, heads, read).prove(options))
  } catch (error) {
    throw context.signal?.aborted ? new InterruptedError('nothing was changed.', undefined) : error
  }
  return (results.find(({proof}) => proof.commutes !== true || proof.withRows === false) ?? results[0]) as ProofResult
}

/** The seed of a sample of orders, so that each run has the same. */
const seed = 1

interface Applied {
  readonly order: OrderOutcome
  readonly error?: MigError
  /** Whether it failed before anything of another side was applied. */
  readonly isAlone?: boolean
  readonly outcome?: Outcome
  /** The tables of the common ancestors that the revisions mention or change. */
  readonly touched: readonly string[]
  readonly on: string
}

class Prover {
  readonly #context: RunContext<ScriptProject>
  readonly #source: ScratchSource
  readonly #read: ReadCatalogue
  readonly #sides: Sides
  /** The schema of the common ancestors. */
  #before: Snapshot | undefined

  constructor(
    context: RunContext<ScriptProject>,
    source: ScratchSource,
    heads: readonly RevisionId[],
    read: ReadCatalogue,
  ) {
    this.#context = context
    this.#source = source
    this.#read = read
    this.#sides = sidesOf(context.project.scripts.graph, heads, seed)
  }

  async prove({rows}: ProofOptions): Promise<ProofResult> {
    const {sample} = this.#sides
    const empty = await this.#pass([])
    const {applied, difference, against} = empty
    const base = {
      ...(this.#source.name !== undefined && {database: this.#source.name}),
      orders: applied.map(({order}) => order),
      ...(sample !== undefined && {sample}),
      compared: countOf(applied.flatMap(({outcome}) => outcome ?? [])),
      on: applied[0]?.on ?? '',
    }
    // A side that works in another order is not broken: the order decides.
    const alone = applied.some(({outcome}) => outcome !== undefined) ? [] : lone(applied, false)
    if (alone.length > 0 || applied.some(({order}) => order.failed) || difference !== undefined) {
      const commutes = alone.length > 0 ? null : false
      const proof: Proof = {...base, commutes, ...(difference !== undefined && {difference}), withRows: null}
      return {proof, alone, ...(against !== undefined && {against})}
    }
    const touched = [...new Set(applied.flatMap((one) => one.touched))]
    if (!rows || touched.length === 0) return {proof: {...base, commutes: true, withRows: null}, alone}
    const withRows = await this.#pass(touched)
    const aloneWithRows = lone(withRows.applied, true)
    const failed = withRows.applied.find(({order}) => order.failed !== undefined)?.order
    const isSame = failed === undefined && withRows.difference === undefined
    const proof: Proof = {...base, commutes: true, withRows: aloneWithRows.length > 0 ? null : isSame}
    if (isSame || aloneWithRows.length > 0) return {proof, alone: aloneWithRows}
    const {difference: ofRows, against: other = []} = withRows
    return {
      proof,
      alone: [],
      rows: {
        ...(failed !== undefined && {order: failed}),
        ...(ofRows !== undefined && {difference: ofRows}),
        against: other,
      },
    }
  }

  /** Applies all orders and compares their outcomes. */
  async #pass(tables: readonly string[]): Promise<{
    readonly applied: readonly Applied[]
    readonly difference?: ProofDifference | undefined
    readonly against?: readonly RevisionId[] | undefined
  }> {
    const applied: Applied[] = []
    for (const heads of this.#sides.orders) applied.push(await this.#apply(heads, tables))
    const [first, ...others] = applied
    const one = first?.outcome
    if (one === undefined || others.some(({outcome}) => outcome === undefined)) return {applied}
    let repeated: Outcome | undefined
    for (const {outcome, order} of others) {
      if (outcome === undefined || firstDifference(one, outcome) === undefined) continue
      // Values of the clock and of chance differ without any other order.
      repeated ??= (await this.#apply(first?.order.heads ?? [], tables)).outcome
      const difference = firstDifference(one, outcome, repeated && [one, repeated])
      if (difference !== undefined) return {applied, difference, against: order.heads}
    }
    return {applied}
  }

  /** Applies the heads in one order, to tables with generated rows if any are given. */
  async #apply(heads: readonly RevisionId[], tables: readonly string[]): Promise<Applied> {
    const {graph} = this.#context.project.scripts
    const position = new Position(this.#context, this.#source, this.#read)
    try {
      await position.moveTo(this.#sides.base)
      const on = await position.description()
      if (tables.length === 0) this.#before ??= await position.catalogue()
      if (tables.length > 0) await generateRows(await position.session(), tables)
      const order: RevisionId[] = []
      const statements: string[] = []
      for (const head of heads)
        for (const revision of pendingOf(graph, head, position.applied)) {
          order.push(revision)
          const result = await attempt(async () => position.run(revision, 'upgrade'))
          if ('error' in result) {
            const failed = {revision, error: reasonOf(result.error)}
            const isAlone = head === heads[0]
            return {order: {order, heads, failed}, error: result.error, isAlone, touched: [], on}
          }
          statements.push(...result.statements)
        }
      const catalogue = await position.catalogue()
      const rows = await contentsOf(await position.session(), tablesOf(catalogue))
      return {
        order: {order, heads},
        outcome: {catalogue, rows},
        touched: this.#before === undefined ? [] : touchedTables(this.#before, catalogue, statements),
        on,
      }
    } finally {
      await position.close()
    }
  }
}

/** Returns the sides that fail as the first one: then nothing of another side is there. */
function lone(applied: readonly Applied[], withRows: boolean): readonly LoneFailure[] {
  const found = applied.flatMap(({order: {failed}, error, isAlone}) =>
    failed === undefined || isAlone !== true ? [] : [{...failed, withRows, hint: error?.hint}],
  )
  return [...new Map(found.map((failure) => [failure.revision, failure])).values()]
}
