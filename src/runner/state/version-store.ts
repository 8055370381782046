import type {Kysely} from 'kysely'
import type {RevisionId} from '../../graph/revision.ts'
import {VersionTableNewerError, VersionTableShapeError} from '../run-errors.ts'
import type {Session} from '../connection/session.ts'
import {appliedOf} from './rows.ts'
import type {VersionRow} from './rows.ts'
import {StateSql} from './state-sql.ts'
import type {Actor, AppliedRevision, DatabaseState, PartiallyApplied, StateStore} from './store.ts'
import type {TableNames} from './tables.ts'

interface FullVersionRow extends VersionRow {
  applied_at: string
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

interface Tables {
  version: FullVersionRow
  log: LogRow
}

/** State store in database tables. Heads are derived from the applied set; the `is_head` column is informational. */
export class VersionStore extends StateSql implements StateStore {
  readonly #session: Session

  constructor(session: Session, names: TableNames, actor: Actor) {
    super(names, session.platform, session.dialect, actor)
    this.#session = session
  }

  async read(): Promise<DatabaseState> {
    const {versionTable, logTable} = this.names
    const applied = await this.#readable(versionTable, async () => this.#applied())
    const partiallyApplied = await this.#readable(logTable, async () => this.#partiallyApplied())
    return {
      applied: applied ?? [],
      partiallyApplied: partiallyApplied?.[0],
      missing: [...(applied ? [] : (['version'] as const)), ...(partiallyApplied ? [] : (['log'] as const))],
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

  async #applied(): Promise<readonly AppliedRevision[]> {
    const rows = await this.#db
      .selectFrom(this.#version)
      .select(['revision', 'is_head', 'down_revisions', 'message', 'content_id'])
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
      at: row.at instanceof Date ? row.at.toISOString() : String(row.at),
      by: row.by,
      done: row.statements_done ?? 0,
      total: row.statements_total ?? undefined,
      statement: row.statement ?? undefined,
      digest: row.digest ?? undefined,
      reason: row.reason ?? undefined,
    }))
  }

  /** Reads a table; returns undefined if it does not exist. */
  async #readable<Rows>(table: string, read: () => Promise<Rows>): Promise<Rows | undefined> {
    try {
      return await this.#session.attempt(read)
    } catch (error) {
      const kind = this.#kindOf(error)
      if (kind === 'TableNotFoundException') return undefined
      if (kind !== 'InvalidFieldNameException' && !(error instanceof SyntaxError)) throw error
      const newer = await this.#lastMig()
      throw newer === undefined ? new VersionTableShapeError(table, error) : new VersionTableNewerError(table, newer)
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

  #kindOf(error: unknown): string {
    if (!(error instanceof Error)) return ''
    return this.#session.platform.getExceptionConverter().convertException(error).name
  }
}
