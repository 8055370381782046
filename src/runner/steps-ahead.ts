import {dialects} from '../dialects/dialects.ts'
import type {SessionEffect, SessionReset} from '../dialects/session/session-sql.ts'
import type {RevisionId} from '../graph/revision.ts'
import {lateError} from '../project-promises.ts'
import type {Command} from './connection/command.ts'
import type {PostgresClient} from './connection/postgres-client.ts'
import type {PreparedStep} from './prepare.ts'
import type {Run} from './run.ts'
import {readyStep} from './run-step.ts'
import type {ReadyStep} from './run-step.ts'
import type {StateChange} from './state/store.ts'

/** The maximum number of revisions that are sent and not yet waited for. */
const most = 16
/** The average time of a revision below which the next ones are sent ahead, in milliseconds. */
const quick = 20
/** The average before the first revision, so that a run of a dozen revisions sends each when the previous one is done. */
const unknown = 100
/** The maximum number of characters in the statements of a revision that is sent ahead. */
const longest = 100_000

/** A step whose message is sent before it is its turn. */
interface StepAhead {
  readonly ready: ReadyStep
  readonly commands: readonly Command[]
}

/**
 * Keeps the server busy with a long series of quick revisions: sends the next ones before the current one is answered.
 *
 * Each revision stays one message and one transaction. If one fails, none of those sent after it is committed: in a failed
 * transaction, the server refuses to begin another one, and where there is none, the change of the version table fails,
 * because it requires the row of the previous revision.
 */
export class StepsAhead {
  readonly #run: Run
  readonly #prepared: readonly PreparedStep[]
  readonly #reset: SessionReset
  readonly #postgres: PostgresClient | undefined
  /** By index, in order. */
  readonly #ahead = new Map<number, StepAhead>()
  /** The average time of a revision, of which the last ones count most. */
  #average = unknown

  /** @param reset puts the session back after each step */
  constructor(run: Run, prepared: readonly PreparedStep[], reset: SessionReset) {
    this.#run = run
    this.#prepared = prepared
    this.#reset = reset
    this.#postgres = clientFor(run)
  }

  /**
   * Returns the step at an index, and sends it with those after it if possible.
   *
   * @param before the heads in the version table when the step begins
   */
  async next(index: number, prepared: PreparedStep, before: readonly RevisionId[]): Promise<ReadyStep> {
    // Those that were sent before a retry were not executed.
    if (!this.isSent(index)) this.#ahead.clear()
    if (this.#postgres !== undefined && this.#average <= quick && this.#ahead.size <= most / 2)
      await this.#sendFrom(index, before, this.#postgres)
    return this.#ahead.get(index)?.ready ?? readyStep(this.#run, prepared, before, this.#reset)
  }

  /** Whether the step at an index is sent, so that the run has to wait for its outcome. */
  isSent(index: number): boolean {
    const step = this.#ahead.get(index)
    return step !== undefined && this.#postgres?.isSent(step.commands) === true
  }

  /** Returns the number of steps that were sent after the one at an index. */
  sentAfter(index: number): number {
    return [...this.#ahead.keys()].filter((other) => other > index).length
  }

  /** Notes that the step at an index is done. */
  done(index: number, duration: number): void {
    this.#ahead.delete(index)
    this.#average += (duration - this.#average) / 8
  }

  /** Waits for all steps that are sent. */
  async settle(): Promise<void> {
    await this.#postgres?.settle()
  }

  async #sendFrom(index: number, before: readonly RevisionId[], postgres: PostgresClient): Promise<void> {
    const staged = await this.#staged(index, before)
    for (const [at, step] of staged) this.#ahead.set(at, step)
    postgres.sendAhead([...staged.values()].map(({commands}) => commands))
  }

  /** Returns the steps from an index on that can be sent next. */
  async #staged(index: number, before: readonly RevisionId[]): Promise<ReadonlyMap<number, StepAhead>> {
    const staged = new Map<number, StepAhead>()
    const {signal} = this.#run.caller
    let previous: RevisionId | undefined
    let heads = before
    for (const [offset, prepared] of this.#prepared.slice(index, index + most).entries()) {
      const at = index + offset
      if (!this.#ahead.has(at)) {
        if (signal?.aborted || lateError() !== undefined || !isStatic(prepared, this.#run)) return staged
        const ready = await readyStep(this.#run, prepared, heads, this.#reset)
        if (previous !== undefined && !requires(ready.change, previous)) return staged
        staged.set(at, {ready, commands: await ready.execution.stage(ready.change)})
      }
      previous = prepared.step.revision
      heads = prepared.step.heads
    }
    return staged
  }
}

/** Returns the client of a run whose steps can be sent ahead: nothing else may happen between them. */
function clientFor({session, settings, policy}: Run): PostgresClient | undefined {
  const {postgres, isPooled, isBorrowed} = session
  const {onVersionApply, afterEach} = policy.hooks
  const hasHook = onVersionApply !== undefined || afterEach !== undefined
  if (settings.transaction === 'all' || hasHook || isPooled || isBorrowed) return undefined
  return postgres?.sendsAhead === true ? postgres : undefined
}

/** The effects on the session that PostgreSQL puts back within the transaction. */
const known: ReadonlySet<SessionEffect> = new Set(['none', 'local', 'code'])

/** Whether all commands of a step are known and are one short transaction. */
function isStatic({step, loaded, statements, isWaiting}: PreparedStep, {session}: Run): boolean {
  const {effectOf} = dialects[session.dialect].session
  const length = statements.reduce((sum, {sql}) => sum + sql.length, 0)
  return (
    step.direction === 'upgrade' &&
    !isWaiting &&
    loaded.revision.transactional &&
    length <= longest &&
    statements.every(
      ({sql, outsideTransaction, transactionality}) =>
        !outsideTransaction && transactionality.kind === 'inside' && known.has(effectOf(sql)),
    )
  )
}

/** Whether a change of the version table fails unless a revision is applied. */
function requires({headsBefore, headsAfter}: StateChange, revision: RevisionId): boolean {
  return headsBefore.includes(revision) && !headsAfter.includes(revision)
}
