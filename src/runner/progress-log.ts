import {createHash} from 'node:crypto'
import type {Hash} from 'node:crypto'
import type {RevisionId} from '../graph/revision.ts'
import type {Statement} from '../sql/statement.ts'
import type {Command} from './connection/command.ts'
import {rerunOf} from './rerun.ts'
import {ResumeMismatchError, StatementInDoubtError} from './run-errors.ts'
import {excerptOf} from './state/excerpt.ts'
import type {Duration, Progress, StateWriter} from './state/store.ts'

/** The point at which a partially applied revision resumes. */
export interface ResumePoint {
  readonly done: number
  /** A digest of the executed statements. */
  readonly digest: string
  /** The next statement, if it may already have been executed. */
  readonly inDoubt: DoubtfulStatement | undefined
}

/** A statement that may have been executed before the revision stopped. */
export interface DoubtfulStatement {
  /** Its recorded text, whose end may be cut. */
  readonly sql: string
  /** The decision of the user, if any. */
  readonly wasExecuted: boolean | undefined
}

/** The committed part of a partially applied revision. */
export interface PartialProgress {
  readonly done: number
  readonly total: number | undefined
  /** The reason for which more may have been executed, if any. */
  readonly doubt: 'next statement' | 'rollback' | undefined
}

/** The step being logged. */
interface LoggedStep {
  readonly direction: 'upgrade' | 'downgrade'
  readonly revision: RevisionId
  /** The number of statements, if known before the run. */
  readonly total: number | undefined
}

/** A count of statements and their digest. */
interface Count {
  readonly done: number
  readonly digest: string
}

/** The log row that records the progress of a revision. */
type LogRow =
  /** Nothing has been committed yet. */
  | {readonly kind: 'none'}
  /** An earlier run opened the row, and this run has not executed anything yet. */
  | {readonly kind: 'found'; readonly committed: Count}
  /** The outcome of `inDoubt` is unknown until the database confirms it. */
  | {readonly kind: 'open'; readonly committed: Count; readonly inDoubt: Statement | undefined}
  /** A rollback did not undo all statements since the last commit. */
  | {readonly kind: 'left'; readonly committed: Count; readonly statements: string; readonly isNew: boolean}

const nothing: Count = {done: 0, digest: createHash('sha1').digest('hex')}

/** The statements of a revision, in order, of which the last may turn out not to be executed. */
class CountedStatements {
  /** Created on demand: most revisions have nothing to record before their end. */
  #hash: Hash | undefined
  #settled = 0
  #last: string[] = []

  get done(): number {
    return this.#settled + this.#last.length
  }

  get count(): Count {
    const hash = this.#hash?.copy() ?? createHash('sha1')
    for (const sql of this.#last) hash.update(sql).update('\0')
    return {done: this.done, digest: hash.digest('hex')}
  }

  add(sql: string): void {
    this.#last.push(sql)
  }

  /** The statements that are not settled. */
  get last(): string {
    return this.#last.join(';\n')
  }

  /** Takes back the last statements, until this many remain. */
  shorten(done: number): void {
    this.#last.length = Math.min(this.#last.length, Math.max(0, done - this.#settled))
  }

  /** Notes that all statements are executed. */
  settle(): void {
    this.#hash ??= createHash('sha1')
    for (const sql of this.#last) this.#hash.update(sql).update('\0')
    this.#settled = this.done
    this.#last = []
  }
}

/** Counts the statements of a revision, and builds the commands that record its progress. */
export class ProgressLog {
  readonly #state: StateWriter
  readonly #step: LoggedStep
  readonly #resume: ResumePoint | undefined
  #row: LogRow
  /** Includes the statements of the current transaction. */
  readonly #reached = new CountedStatements()
  /** Whether the digest identifies all statements. */
  #isComplete = true
  /** The count at each savepoint of user code. */
  readonly #savepoints = new Map<string, number>()

  /** @param resume where to resume a partially applied revision, from its open row */
  constructor(state: StateWriter, step: LoggedStep, resume: ResumePoint | undefined) {
    this.#state = state
    this.#step = step
    this.#resume = resume
    this.#row = resume === undefined ? {kind: 'none'} : {kind: 'found', committed: resume}
  }

  /** The committed part of the revision; undefined if nothing has been committed. */
  get partial(): PartialProgress | undefined {
    const row = this.#row
    if (row.kind === 'none') return undefined
    return {done: row.committed.done, total: this.#step.total, doubt: this.#doubtOf(row)}
  }

  /** The doubt about the next statement, if its outcome was unknown when the revision stopped. */
  get nextInDoubt(): DoubtfulStatement | undefined {
    return this.#resume !== undefined && this.#reached.done === this.#resume.done ? this.#resume.inDoubt : undefined
  }

  /** Whether there are statements not yet recorded in the row. */
  get hasNews(): boolean {
    return this.#row.kind !== 'found' || this.#reached.done > this.#row.committed.done
  }

  /**
   * Returns whether the next statement was executed before the revision stopped.
   *
   * @throws MigError RESUME_MISMATCH if the previous statements differ from the executed ones
   */
  isBeforeResume(): boolean {
    const {done} = this.#reached
    const point = this.#resume
    if (point === undefined || done > point.done) return false
    if (done < point.done) return true
    if (this.#reached.count.digest !== point.digest) throw new ResumeMismatchError(this.#step.revision, point.done)
    return false
  }

  /**
   * Returns whether the next statement counts as executed, because the user said so.
   *
   * @throws MigError STATEMENT_IN_DOUBT if mig cannot find out whether it was executed; RESUME_MISMATCH if it is another one
   */
  countsAsExecuted(statement: Statement): boolean {
    const {nextInDoubt: doubt} = this
    if (doubt === undefined || doubt.wasExecuted === false) return false
    const isSame = excerptOf(statement.sql) === doubt.sql
    if (doubt.wasExecuted === true && isSame) return true
    if (doubt.wasExecuted === true) this.#refuse()
    if (!isSame || rerunOf(statement.sql).kind === 'unknown')
      throw new StatementInDoubtError(this.#step.revision, doubt.sql)
    return false
  }

  /**
   * @throws MigError RESUME_MISMATCH if the revision has fewer statements than were executed, or others; STATEMENT_IN_DOUBT
   *   if it ends before one that may have been executed
   */
  refuseUnresumed(): void {
    if (this.isBeforeResume()) this.#refuse()
    const {nextInDoubt: doubt} = this
    if (doubt === undefined || doubt.wasExecuted === false) return
    if (doubt.wasExecuted === true) this.#refuse()
    throw new StatementInDoubtError(this.#step.revision, doubt.sql)
  }

  #refuse(): never {
    const {done = 0, inDoubt} = this.#resume ?? {}
    throw new ResumeMismatchError(this.#step.revision, inDoubt?.wasExecuted === true ? done + 1 : done)
  }

  count({sql}: Statement): void {
    this.#reached.add(sql)
  }

  /** Takes back the count of the last statements, which were not executed. */
  uncount(statements: number): void {
    this.#reached.shorten(this.#reached.done - statements)
  }

  /** Notes that everything was rolled back since the last commit. */
  rewind(): void {
    this.#reached.shorten(this.#committed.done)
  }

  /** Notes that a rollback was incomplete: some statements since the last commit have changed tables without transactions. */
  keepRest(): void {
    const statements = this.#reached.last
    this.loseDigest()
    this.#row = {kind: 'left', committed: this.#committed, statements, isNew: this.#row.kind === 'none'}
  }

  /** Notes that a statement runs which cannot be told apart from others when the revision is resumed. */
  loseDigest(): void {
    this.#isComplete = false
  }

  /** Notes that a statement sets a savepoint, or undoes the statements since one. */
  noteSavepoint(action: 'set' | 'roll back' | 'release', name: string): void {
    if (action === 'set') this.#savepoints.set(name, this.#reached.done)
    if (action === 'roll back') this.#reached.shorten(this.#savepoints.get(name) ?? this.#reached.done)
  }

  /** Returns the command that records the statements so far, and the next one if it commits by itself. */
  record(next?: Statement): Command {
    const {direction, revision} = this.#step
    const progress = this.#progress(next)
    return this.#row.kind === 'none'
      ? this.#state.openLog(direction, revision, progress)
      : this.#state.progress(revision, progress)
  }

  /** Notes that all counted statements are committed. */
  commit(): void {
    this.#reached.settle()
    this.#row = {
      kind: 'open',
      committed: this.#reached.count,
      inDoubt: this.#row.kind === 'open' ? this.#row.inDoubt : undefined,
    }
  }

  /** Notes that a statement is about to run by itself, after it was recorded. */
  doubt(statement: Statement): void {
    this.#row = {kind: 'open', committed: this.#committed, inDoubt: statement}
  }

  /** Notes that the outcome of the last statement is known. */
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
   * Returns the commands that record why the revision stopped, after its rollback.
   *
   * @param reason undefined before a retry
   * @param isLogged whether to record the failure of a fully rolled back revision
   */
  abandon(reason: string | undefined, duration: number, isLogged: boolean): readonly Command[] {
    const {direction: action, revision} = this.#step
    const row = this.#row
    switch (row.kind) {
      case 'none':
        if (reason === undefined || !isLogged) return []
        return [this.#state.log({action, revision, duration, outcome: 'failed', reason})]
      case 'found':
        // The recorded progress is still correct: this run executed no statement.
        return reason === undefined ? [] : [this.#state.remark(revision, reason)]
      case 'open':
        return isEmpty(row)
          ? [this.#state.closeLog(revision, {outcome: 'failed', reason, duration})]
          : [this.#state.progress(revision, this.#progress(row.inDoubt, row.committed), reason)]
      case 'left': {
        // In one transaction, the row of the log would be rolled back with the run.
        if (!isLogged) return []
        const progress = this.#progress({sql: row.statements}, row.committed)
        return row.isNew
          ? [this.#state.openLog(action, revision, progress), this.#state.remark(revision, reason ?? '')]
          : [this.#state.progress(revision, progress, reason)]
      }
    }
  }

  /** Notes that the commands of `abandon` were sent. */
  abandoned(): void {
    if (isEmpty(this.#row)) this.#row = {kind: 'none'}
  }

  #doubtOf(row: LogRow): PartialProgress['doubt'] {
    switch (row.kind) {
      case 'none':
        return undefined
      case 'found':
        return this.#resume?.inDoubt && 'next statement'
      case 'open':
        return row.inDoubt && 'next statement'
      case 'left':
        return 'rollback'
    }
  }

  get #committed(): Count {
    return this.#row.kind === 'none' ? nothing : this.#row.committed
  }

  #progress(next: Pick<Statement, 'sql'> | undefined, {done, digest} = this.#reached.count): Progress {
    const {total} = this.#step
    return {done, total, statement: next?.sql, digest: this.#isComplete ? digest : undefined}
  }
}

/** Whether the row is open although nothing is committed. */
function isEmpty(row: LogRow): boolean {
  return row.kind === 'open' && row.committed.done === 0 && row.inDoubt === undefined
}
