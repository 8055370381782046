import {raw} from '@mikro-orm/core'
import type {RawQueryFragment} from '@mikro-orm/core'
import type {AbstractSqlPlatform} from '@mikro-orm/sql'
import type {RevisionId} from '../../graph/revision.ts'
import type {Dialect} from '../../dialects/dialect.ts'
import {dialects} from '../../dialects/dialects.ts'
import {hidePasswords} from '../../util/secrets.ts'
import type {Command} from '../connection/command.ts'
import {createLogTable, createVersionTable, qualifiedName} from './tables.ts'
import type {TableNames} from './tables.ts'
import type {
  Actor,
  Duration,
  LogAction,
  LogEntry,
  NewRow,
  Progress,
  StateChange,
  StateTable,
  StateWriter,
} from './store.ts'

/** The maximum number of rows per statement, because databases limit the length of a statement. */
const rowsPerStatement = 500
/** The maximum number of characters kept of a statement or a reason. */
const longestExcerpt = 4000

/** Builds the statements that change the version table and the log, with all values inlined. */
export class StateSql implements StateWriter {
  protected readonly names: TableNames
  readonly #platform: AbstractSqlPlatform
  readonly #dialect: Dialect
  readonly #actor: Actor

  constructor(names: TableNames, platform: AbstractSqlPlatform, dialect: Dialect, actor: Actor) {
    this.names = names
    this.#platform = platform
    this.#dialect = dialect
    this.#actor = actor
  }

  get versionTable(): string {
    return this.names.versionTable
  }

  /** The version of mig that writes to the tables. */
  protected get mig(): string {
    return this.#actor.mig
  }

  /** Whether the version table has a column for the digests of operations. A script cannot know. */
  protected get storesOperations(): boolean {
    return false
  }

  createTables(tables: readonly StateTable[]): readonly Command[] {
    const create = {version: createVersionTable, log: createLogTable}
    return tables.map((table) => ({sql: create[table](this.names, this.#platform)}))
  }

  change({added, removed, headsBefore, headsAfter}: StateChange, duration: Duration): readonly Command[] {
    const isChanged = new Set([...removed, ...added.map((row) => row.revision)])
    const remaining = (ids: readonly RevisionId[]): RevisionId[] => ids.filter((id) => !isChanged.has(id))
    return [
      ...batches(removed).map((ids) => this.#command(this.#where(this.#from().delete(), ids), ids.length)),
      ...batches(added).map((rows) => this.#command(this.#insert(rows, headsAfter, duration))),
      ...this.#flag(remaining(headsBefore.filter((id) => !headsAfter.includes(id))), false),
      ...this.#flag(remaining(headsAfter.filter((id) => !headsBefore.includes(id))), true),
    ]
  }

  purge(): Command {
    return this.#command(this.#from().delete())
  }

  log({action, revision, duration, outcome, reason}: LogEntry): Command {
    const columns = {outcome, ...reasonOf(reason), duration_ms: this.#milliseconds(duration)}
    return this.#command(this.#intoLog(action, revision, columns))
  }

  openLog(action: LogAction, revision: RevisionId, progress: Progress): Command {
    return this.#command(this.#intoLog(action, revision, {outcome: null, duration_ms: 0, ...columnsOf(progress)}))
  }

  progress(revision: RevisionId, progress: Progress, reason?: string): Command {
    return this.#updateOpen(revision, {...columnsOf(progress), ...reasonOf(reason)})
  }

  remark(revision: RevisionId, reason: string): Command {
    return this.#updateOpen(revision, reasonOf(reason))
  }

  closeLog(revision: RevisionId, entry: Omit<LogEntry, 'action' | 'revision'>): Command {
    const {outcome, reason, duration} = entry
    return this.#updateOpen(revision, {
      outcome,
      statement: null,
      duration_ms: this.#milliseconds(duration),
      ...reasonOf(reason),
    })
  }

  #updateOpen(revision: RevisionId, columns: Readonly<Record<string, unknown>>): Command {
    const {logTable} = this.names
    const condition = `${this.#quoted('revision')} = ? and ${this.#quoted('outcome')} is null`
    return this.#command(
      this.#query()
        .from(this.#table(logTable))
        .update({...columns})
        .where(condition, [revision]),
      1,
    )
  }

  #intoLog(action: LogAction, revision: RevisionId, columns: Readonly<Record<string, unknown>>): Query {
    const {logTable} = this.names
    const {by, mig, tag} = this.#actor
    const at = raw('current_timestamp')
    return this.#query()
      .into(this.#table(logTable))
      .insert(definedOf({action, revision, at, by, mig, tag, ...columns}))
  }

  #insert(rows: readonly NewRow[], heads: readonly RevisionId[], duration: Duration): Query {
    const {versionTable} = this.names
    return this.#query()
      .into(this.#table(versionTable))
      .insert(
        rows.map(({revision, downRevisions, message, contentId, operationsId, downgradeSql}) => ({
          revision,
          is_head: heads.includes(revision),
          down_revisions: JSON.stringify(downRevisions),
          message,
          content_id: contentId,
          applied_at: raw('current_timestamp'),
          applied_by: this.#actor.by,
          duration_ms: this.#milliseconds(duration),
          ...(downgradeSql !== undefined && {downgrade_sql: downgradeSql}),
          ...(this.storesOperations && {operations_id: operationsId ?? null}),
        })),
      )
  }

  #flag(ids: readonly RevisionId[], isHead: boolean): readonly Command[] {
    return batches(ids).map((batch) =>
      this.#command(this.#where(this.#from().update({is_head: isHead}), batch), batch.length),
    )
  }

  #where(query: Query, ids: readonly RevisionId[]): Query {
    return query.where(`${this.#quoted('revision')} in (${ids.map(() => '?').join(', ')})`, [...ids])
  }

  #from(): Query {
    const {versionTable} = this.names
    return this.#query().from(this.#table(versionTable))
  }

  #table(name: string): RawQueryFragment {
    return raw(qualifiedName(this.names, name, this.#platform))
  }

  #query(): Query {
    return this.#platform.createNativeQueryBuilder()
  }

  #command(query: Query, rows?: number): Command {
    const {sql, params} = query.compile()
    const {literal} = dialects[this.#dialect].session
    const values = params.map((value) => {
      const text = typeof value === 'string' ? literal?.(value) : undefined
      return text === undefined ? value : raw(text)
    })
    return {sql: this.#platform.formatQuery(sql, values), rows}
  }

  #quoted(name: string): string {
    return this.#platform.quoteIdentifier(name)
  }

  #milliseconds(duration: Duration): unknown {
    if (duration !== 'transaction') return Math.round(duration)
    const {elapsed} = dialects[this.#dialect].transaction
    return elapsed === undefined ? 0 : raw(elapsed)
  }
}

type Query = ReturnType<AbstractSqlPlatform['createNativeQueryBuilder']>

function columnsOf({done, total, statement, digest}: Progress): Readonly<Record<string, unknown>> {
  return {
    statements_done: done,
    statements_total: total ?? null,
    statement: statement === undefined ? null : cut(statement, longestExcerpt),
    digest: digest ?? null,
  }
}

function reasonOf(reason: string | undefined): {readonly reason?: string} {
  return reason === undefined ? {} : {reason: cut(hidePasswords(reason), longestExcerpt)}
}

function cut(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length - 1)}…` : text
}

function definedOf(columns: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(columns).filter(([, value]) => value !== undefined && value !== null))
}

function batches<T>(items: readonly T[]): readonly (readonly T[])[] {
  return Array.from({length: Math.ceil(items.length / rowsPerStatement)}, (_, i) =>
    items.slice(i * rowsPerStatement, (i + 1) * rowsPerStatement),
  )
}
