import {raw} from '@mikro-orm/core'
import type {AbstractSqlPlatform} from '@mikro-orm/sql'
import type {RevisionId} from '../../graph/revision.ts'
import type {Dialect} from '../../dialects/dialect.ts'
import {dialects} from '../../dialects/dialects.ts'
import {hidePasswords} from '../../util/secrets.ts'
import type {Command} from '../connection/command.ts'
import {excerptOf} from './excerpt.ts'
import {createLogTable, createVersionTable, qualifiedName} from './tables.ts'
import type {LaterColumn, TableNames} from './tables.ts'
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

/** Builds the statements that change the version table and the log, with all values inlined. */
export class StateSql implements StateWriter {
  protected readonly names: TableNames
  readonly #platform: AbstractSqlPlatform
  readonly #dialect: Dialect
  readonly #actor: Actor
  /** The quoted names of the tables. */
  readonly #version: string
  readonly #log: string

  constructor(names: TableNames, platform: AbstractSqlPlatform, dialect: Dialect, actor: Actor) {
    this.names = names
    this.#platform = platform
    this.#dialect = dialect
    this.#actor = actor
    this.#version = qualifiedName(names, names.versionTable, platform)
    this.#log = qualifiedName(names, names.logTable, platform)
  }

  get versionTable(): string {
    return this.names.versionTable
  }

  /** The version of mig that writes to the tables. */
  protected get mig(): string {
    return this.#actor.mig
  }

  /** Returns whether the version table has a column that those of older versions lack. A script cannot know. */
  protected stores(_column: LaterColumn): boolean {
    return false
  }

  createTables(tables: readonly StateTable[]): readonly Command[] {
    const create = {version: createVersionTable, log: createLogTable}
    return tables.map((table) => ({sql: create[table](this.names, this.#platform)}))
  }

  change(
    {added, removed, removedIfThere = [], headsBefore, headsAfter}: StateChange,
    duration: Duration,
  ): readonly Command[] {
    const isChanged = new Set([...removed, ...added.map((row) => row.revision)])
    const remaining = (ids: readonly RevisionId[]): RevisionId[] => ids.filter((id) => !isChanged.has(id))
    return [
      ...batches(removed).map((ids) => ({
        sql: `delete from ${this.#version} where ${this.#isOneOf(ids)}`,
        rows: ids.length,
      })),
      ...batches(removedIfThere).map((ids) => ({sql: `delete from ${this.#version} where ${this.#isOneOf(ids)}`})),
      ...batches(added).map((rows) => this.#insert(rows, headsAfter, duration)),
      ...this.#flag(remaining(headsBefore.filter((id) => !headsAfter.includes(id))), false),
      ...this.#flag(remaining(headsAfter.filter((id) => !headsBefore.includes(id))), true),
    ]
  }

  purge(): Command {
    return {sql: `delete from ${this.#version}`}
  }

  log({action, revision, duration, outcome, reason}: LogEntry): Command {
    const columns = {outcome, ...reasonOf(reason), duration_ms: this.#milliseconds(duration)}
    return this.#intoLog(action, revision, columns)
  }

  openLog(action: LogAction, revision: RevisionId, progress: Progress): Command {
    return this.#intoLog(action, revision, {outcome: null, duration_ms: 0, ...columnsOf(progress)})
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
      // An earlier failure is no reason of a success.
      ...(outcome === 'done' ? {reason: null} : {}),
      ...reasonOf(reason),
    })
  }

  #updateOpen(revision: RevisionId, columns: Columns): Command {
    const condition = `${this.#quoted('revision')} = ${this.#literal(revision)} and ${this.#quoted('outcome')} is null`
    return {sql: `update ${this.#log} set ${this.#assignments(columns)} where ${condition}`, rows: 1}
  }

  #intoLog(action: LogAction, revision: RevisionId, columns: Columns): Command {
    const {by, mig, tag} = this.#actor
    return this.#insertInto(this.#log, [definedOf({action, revision, at: now, by, mig, tag, ...columns})])
  }

  #insert(rows: readonly NewRow[], heads: readonly RevisionId[], duration: Duration): Command {
    const hasSquash = this.stores('replaces') && rows.some(({replaces}) => replaces !== undefined)
    const hasDowngrade = rows.some(({downgradeSql}) => downgradeSql !== undefined)
    return this.#insertInto(
      this.#version,
      rows.map(({revision, downRevisions, message, contentId, operationsId = null, replaces, downgradeSql = null}) => ({
        revision,
        is_head: heads.includes(revision),
        down_revisions: JSON.stringify(downRevisions),
        message,
        content_id: contentId,
        applied_at: now,
        applied_by: this.#actor.by,
        duration_ms: this.#milliseconds(duration),
        ...(hasDowngrade && {downgrade_sql: downgradeSql}),
        ...(this.stores('operations_id') && {operations_id: operationsId}),
        ...(hasSquash && {replaces: replaces === undefined ? null : JSON.stringify(replaces)}),
      })),
    )
  }

  #flag(ids: readonly RevisionId[], isHead: boolean): readonly Command[] {
    return batches(ids).map((batch) => ({
      sql: `update ${this.#version} set ${this.#assignments({is_head: isHead})} where ${this.#isOneOf(batch)}`,
      rows: batch.length,
    }))
  }

  #isOneOf(ids: readonly RevisionId[]): string {
    return `${this.#quoted('revision')} in (${ids.map((id) => this.#literal(id)).join(', ')})`
  }

  /** @param rows with the same columns */
  #insertInto(table: string, rows: readonly Columns[]): Command {
    const columns = Object.keys(rows[0] ?? {}).map((name) => this.#quoted(name))
    const values = rows.map(
      (row) =>
        `(${Object.values(row)
          .map((value) => this.#literal(value))
          .join(', ')})`,
    )
    return {sql: `insert into ${table} (${columns.join(', ')}) values ${values.join(', ')}`}
  }

  #assignments(columns: Columns): string {
    const assignments = Object.entries(columns).map(
      ([name, value]) => `${this.#quoted(name)} = ${this.#literal(value)}`,
    )
    return assignments.join(', ')
  }

  #literal(value: unknown): string {
    if (value === null) return 'null'
    const text = typeof value === 'string' ? dialects[this.#dialect].session.literal?.(value) : undefined
    return text ?? this.#platform.quoteValue(value)
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

type Columns = Readonly<Record<string, unknown>>

const now = raw('current_timestamp')

function columnsOf({done, total, statement, digest}: Progress): Columns {
  return {
    statements_done: done,
    statements_total: total ?? null,
    statement: statement === undefined ? null : excerptOf(statement),
    digest: digest ?? null,
  }
}

function reasonOf(reason: string | undefined): {readonly reason?: string} {
  return reason === undefined ? {} : {reason: excerptOf(hidePasswords(reason))}
}

function definedOf(columns: Columns): Columns {
  return Object.fromEntries(Object.entries(columns).filter(([, value]) => value !== undefined && value !== null))
}

function batches<T>(items: readonly T[]): readonly (readonly T[])[] {
  // Creating an array of a given length is slow, and nearly always it would have one element.
  if (items.length > 0 && items.length <= rowsPerStatement) return [items]
  return Array.from({length: Math.ceil(items.length / rowsPerStatement)}, (_, i) =>
    items.slice(i * rowsPerStatement, (i + 1) * rowsPerStatement),
  )
}
