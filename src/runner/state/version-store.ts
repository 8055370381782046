import type {Kysely} from 'kysely'
import type {Timeouts} from '../../dialects/dialect.ts'
import type {RevisionId} from '../../graph/revision.ts'
import {VersionTableNewerError, VersionTableShapeError} from '../run-errors.ts'
import type {Session} from '../connection/session.ts'
import {appliedOf} from './rows.ts'
import type {VersionRow} from './rows.ts'
import {transactionOf} from '../transaction-boundaries.ts'
import {StateSql} from './state-sql.ts'
import type {Actor, AppliedRevision, DatabaseState, PartiallyApplied, StateStore} from './store.ts'
import {addVersionColumn, laterColumns} from './tables.ts'
import type {LaterColumn, TableNames} from './tables.ts'

interface FullVersionRow extends VersionRow {
  applied_at: string
  operations_id: string | null
  replaces: string | null
  downgrade_sql: string | null
}

interface LogRow {
  id: number
  action: string
  revision: string
  at: string | Date | number
  by: string
  mig: string
  outcome: string | null
  reason: string | null
  statements_done: number | null
  statements_total: number | null
  statement: string | null
  digest: string | null
}

/** Returns a time as ISO 8601. Without a zone, it is UTC. */
export function isoTime(at: string | Date | number): string {
  if (typeof at !== 'string') return new Date(at).toISOString()
  const [, day = '', time = '', zone = ''] = /^(\d{4}-\d\d-\d\d)[ T]([\d:.]+)\s*(Z|[+-][\d:]+)?$/.exec(at) ?? []
  const date = new Date(`${day}T${time}${zone === '' ? 'Z' : /^[+-]\d\d$/.test(zone) ? `${zone}:00` : zone}`)
  return Number.isNaN(date.getTime()) ? at : date.toISOString()
}

interface Tables {
  version: FullVersionRow
  log: LogRow
}

/** State store in database tables. Heads are derived from the applied set; the `is_head` column is informational. */
export class VersionStore extends StateSql implements StateStore {
  readonly #session: Session
  /** The columns that the version table lacks. */
  #missingColumns: readonly LaterColumn[] = []

  constructor(session: Session, names: TableNames, actor: Actor) {
    super(names, session.platform, session.dialect, actor)
    this.#session = session
  }

  async read(): Promise<DatabaseState> {
    const applied = await this.#readable('versionTable', async () => this.#readApplied())
    const partiallyApplied = await this.#readable('logTable', async () =>
      this.#session.attempt(async () => this.#partiallyApplied()),
    )
    return {
      applied: applied ?? [],
      partiallyApplied: partiallyApplied?.[0],
      missing: [...(applied ? [] : (['version'] as const)), ...(partiallyApplied ? [] : (['log'] as const))],
      missingColumns: this.#missingColumns,
    }
  }

  protected override stores(column: LaterColumn): boolean {
    return !this.#missingColumns.includes(column)
  }

  async addColumns({missingColumns}: Pick<DatabaseState, 'missingColumns'>, timeouts: Timeouts): Promise<void> {
    if (missingColumns.length === 0 || this.#session.isBorrowed) return
    const commands = missingColumns.map((name) => ({sql: addVersionColumn(this.names, this.#session.platform, name)}))
    try {
      await transactionOf(this.#session, timeouts, commands, this.versionTable)
      this.#missingColumns = []
    } catch {
      // The next run tries again.
    }
  }

  async ensure({missing}: Pick<DatabaseState, 'missing'>): Promise<readonly string[]> {
    if (missing.length === 0) return []
    const {versionTable, logTable} = this.names
    await this.#session.send(this.createTables(missing))
    return missing.map((table) => (table === 'version' ? versionTable : logTable))
  }

  async downgradesOf(revisions: readonly RevisionId[]): Promise<ReadonlyMap<RevisionId, string>> {
    if (revisions.length === 0) return new Map()
    const rows = await this.#db
      .selectFrom(this.#version)
      .select(['revision', 'downgrade_sql'])
      .where('revision', 'in', revisions)
      .execute()
    return new Map(rows.flatMap(({revision, downgrade_sql: sql}) => (sql === null ? [] : [[revision, sql]])))
  }

  /** Reads the version table with those columns of this mig that it has. */
  async #readApplied(): Promise<readonly AppliedRevision[]> {
    this.#missingColumns = []
    try {
      return await this.#session.attempt(async () => this.#applied(laterColumns))
    } catch (error) {
      if (!this.#isAboutColumn(error)) throw error
      for (const column of laterColumns)
        if (!(await this.#hasColumn(column))) this.#missingColumns = [...this.#missingColumns, column]
      const present = laterColumns.filter((column) => !this.#missingColumns.includes(column))
      return this.#session.attempt(async () => this.#applied(present))
    }
  }

  async #hasColumn(column: LaterColumn): Promise<boolean> {
    try {
      await this.#session.attempt(async () => this.#db.selectFrom(this.#version).select(column).limit(1).execute())
      return true
    } catch (error) {
      if (this.#isAboutColumn(error)) return false
      throw error
    }
  }

  async #applied(later: readonly LaterColumn[]): Promise<readonly AppliedRevision[]> {
    const rows = await this.#db
      .selectFrom(this.#version)
      .select(['revision', 'is_head', 'down_revisions', 'message', 'content_id', ...later])
      .orderBy('applied_at')
      .orderBy('revision')
      .execute()
    return rows.map(appliedOf)
  }

  async #partiallyApplied(): Promise<readonly PartiallyApplied[]> {
    const rows = await this.#db
      .selectFrom(this.#log)
      .select([
        'action',
        'revision',
        'at',
        'by',
        'statements_done',
        'statements_total',
        'statement',
        'digest',
        'reason',
      ])
      .where('outcome', 'is', null)
      .orderBy('id', 'desc')
      .execute()
    return rows.map((row) => ({
      action: row.action === 'downgrade' ? 'downgrade' : 'upgrade',
      revision: row.revision,
      at: isoTime(row.at),
      by: row.by,
      done: row.statements_done ?? 0,
      total: row.statements_total ?? undefined,
      statement: row.statement ?? undefined,
      digest: row.digest ?? undefined,
      reason: row.reason ?? undefined,
    }))
  }

  /** Reads a table; returns undefined if it does not exist. */
  async #readable<Rows>(table: 'versionTable' | 'logTable', read: () => Promise<Rows>): Promise<Rows | undefined> {
    try {
      return await read()
    } catch (error) {
      if (this.#kindOf(error) === 'TableNotFoundException') return undefined
      if (!this.#isAboutColumn(error) && !(error instanceof SyntaxError)) throw error
      const newer = await this.#lastMig()
      const name = this.names[table]
      throw newer === undefined
        ? new VersionTableShapeError(name, table, error)
        : new VersionTableNewerError(name, newer)
    }
  }

  /** Returns the version of mig in the last log row, if it is known and differs from this one. */
  async #lastMig(): Promise<string | undefined> {
    try {
      const last = await this.#db.selectFrom(this.#log).select('mig').orderBy('id', 'desc').limit(1).executeTakeFirst()
      return last?.mig === this.mig ? undefined : last?.mig
    } catch {
      return undefined
    }
  }

  get #db(): Kysely<Tables> {
    const db = this.#session.db as Kysely<Tables>
    const {schema} = this.names
    return schema === undefined ? db : db.withSchema(schema)
  }

  // Table names are configurable; the columns are those of `Tables`.
  get #version(): 'version' {
    return this.names.versionTable as 'version'
  }

  get #log(): 'log' {
    return this.names.logTable as 'log'
  }

  #isAboutColumn(error: unknown): boolean {
    return this.#kindOf(error) === 'InvalidFieldNameException'
  }

  #kindOf(error: unknown): string {
    if (!(error instanceof Error)) return ''
    return this.#session.platform.getExceptionConverter().convertException(error).name
  }
}
