import {createHash} from 'node:crypto'
import type {RevisionId} from '../graph/revision.ts'
import type {Statement} from '../sql/statement.ts'
import type {Command} from './connection/command.ts'
import {ResumeMismatchError} from './run-errors.ts'
import type {Duration, Progress, StateWriter} from './state/store.ts'

/** Where a partially applied revision is resumed. */
export interface ResumePoint {
  readonly done: number
  /** Identifies the statements that were run already. */
  readonly digest: string
  /** Whether the next statement may have been run. */
  readonly isNextInDoubt: boolean
}

/** How much of a revision is committed when it is not all or nothing. */
export interface PartialProgress {
  readonly done: number
  readonly total: number | undefined
}

/** The revision that is logged. */
interface LoggedStep {
  readonly direction: 'upgrade' | 'downgrade'
  readonly revision: RevisionId
  /** How many statements it has, where that is known before the run. */
  readonly total: number | undefined
}

/** How many statements, and which. */
interface Count {
  readonly done: number
  readonly digest: string
}

/** The row of the log that records how far a revision is. */
type LogRow =
  /** The revision is all or nothing so far. */
  | {readonly kind: 'none'}
  /** An earlier run opened the row, and this one has not run anything since. */
  | {readonly kind: 'found'; readonly committed: Count}
  /** `inDoubt` may or may not have been run, when the last thing that is heard is an error. */
  | {readonly kind: 'open'; readonly committed: Count; readonly inDoubt: Statement | undefined}

const nothing: Count = {done: 0, digest: createHash('sha1').digest('hex')}

/** Counts the statements of a revision, and writes the commands that record how far it is. */
export class ProgressLog {
  readonly #state: StateWriter
  readonly #step: LoggedStep
  readonly #resume: ResumePoint | undefined
  readonly #digest = createHash('sha1')
  #row: LogRow
  /** The statements of the present transaction included. */
  #reached = nothing
  /** Whether all statements are counted, so that the digest identifies them. */
  #isComplete = true

  /** @param resume where to resume a partially applied revision: its row is open */
  constructor(state: StateWriter, step: LoggedStep, resume: ResumePoint | undefined) {
    this.#state = state
    this.#step = step
    this.#resume = resume
    this.#row = resume === undefined ? {kind: 'none'} : {kind: 'found', committed: resume}
  }

  /** Undefined when the revision is all or nothing so far. */
  get partial(): PartialProgress | undefined {
    return this.#row.kind === 'none' ? undefined : {done: this.#committed.done, total: this.#step.total}
  }

  /** Whether the next statement was the one in doubt when a partially applied revision stopped. */
  get isAtDoubt(): boolean {
    return this.#resume?.isNextInDoubt === true && this.#reached.done === this.#resume.done
  }

  /** Whether there are statements that the row does not record. */
  get hasNews(): boolean {
    return this.#row.kind !== 'found' || this.#reached.done > this.#row.committed.done
  }

  /**
   * Whether the next statement was run before the revision stopped.
   *
   * @throws MigError RESUME_MISMATCH when those before it are not the ones that were run
   */
  isBeforeResume(): boolean {
    const {done, digest} = this.#reached
    const point = this.#resume
    if (point === undefined || done > point.done) return false
    if (done < point.done) return true
    if (digest !== point.digest) throw new ResumeMismatchError(this.#step.revision, point.done)
    return false
  }

  count({sql}: Statement): void {
    this.#digest.update(sql).update('\0')
    this.#reached = {done: this.#reached.done + 1, digest: this.#digest.copy().digest('hex')}
  }

  /** Something may be run that is not counted. */
  loseCount(): void {
    this.#isComplete = false
  }

  /** Returns the command that records the statements counted so far, and the one that is run next by itself. */
  record(next?: Statement): Command {
    const {direction, revision} = this.#step
    const progress = this.#progress(next)
    return this.#row.kind === 'none'
      ? this.#state.openLog(direction, revision, progress)
      : this.#state.progress(revision, progress)
  }

  /** All counted statements are committed. */
  commit(): void {
    this.#row = {
      kind: 'open',
      committed: this.#reached,
      inDoubt: this.#row.kind === 'open' ? this.#row.inDoubt : undefined,
    }
  }

  /** A statement is about to be run by itself, which is recorded. */
  doubt(statement: Statement): void {
    this.#row = {kind: 'open', committed: this.#committed, inDoubt: statement}
  }

  /** The statement in doubt was not run. */
  clearDoubt(): void {
    this.#row = {kind: 'open', committed: this.#committed, inDoubt: undefined}
  }

  /** Returns the command that records the end of the revision. */
  finish(duration: Duration): Command {
    const {direction: action, revision} = this.#step
    return this.#row.kind === 'none'
      ? this.#state.log({action, revision, duration, outcome: 'done'})
      : this.#state.closeLog(revision, {outcome: 'done', duration})
  }

  /**
   * Returns the commands that record why the revision stopped, after its transaction was rolled back.
   *
   * @param reason undefined when it is tried again
   * @param isLogged whether the failure of a revision that is all or nothing is recorded
   */
  abandon(reason: string | undefined, duration: number, isLogged: boolean): readonly Command[] {
    const {direction: action, revision} = this.#step
    const row = this.#row
    this.#reached = this.#committed
    switch (row.kind) {
      case 'none':
        if (reason === undefined || !isLogged) return []
        return [this.#state.log({action, revision, duration, outcome: 'failed', reason})]
      case 'found':
        // What it records of statements is true; this run came to none of them.
        return [this.#state.remark(revision, reason ?? '')]
      case 'open':
        return isEmpty(row)
          ? [this.#state.closeLog(revision, {outcome: 'failed', reason, duration})]
          : [this.#state.progress(revision, this.#progress(row.inDoubt), reason)]
    }
  }

  /** The commands of `abandon` were sent. */
  abandoned(): void {
    if (isEmpty(this.#row)) this.#row = {kind: 'none'}
  }

  get #committed(): Count {
    return this.#row.kind === 'none' ? nothing : this.#row.committed
  }

  #progress(next: Statement | undefined): Progress {
    const {done, digest} = this.#reached
    const {total} = this.#step
    return {done, total, statement: next?.sql, digest: this.#isComplete ? digest : undefined}
  }
}

/** Whether nothing of the revision is there, although its row was opened. */
function isEmpty(row: LogRow): boolean {
  return row.kind === 'open' && row.committed.done === 0 && row.inDoubt === undefined
}
