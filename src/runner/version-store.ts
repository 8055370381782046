import {DatabaseTable} from '@mikro-orm/sql'
import {sql} from 'kysely'
import type {Kysely} from 'kysely'
import type {RevisionId} from '../graph/revision.ts'
import {VersionTableChangedError, VersionTableShapeError} from './errors.ts'
import type {Session} from './session.ts'

/** How the tables of mig are called. */
export interface VersionTables {
  readonly versionTable: string
  readonly logTable: string
  /** Undefined for the schema that the connection has by default. */
  readonly schema: string | undefined
}

/** What is kept of one applied revision. */
export interface AppliedRevision {
  readonly revision: RevisionId
  readonly isHead: boolean
  /** Down revisions and dependencies, as they were when the revision was applied. */
  readonly downRevisions: readonly RevisionId[]
  readonly message: string
  readonly contentId: string
}

/** What is recorded of a revision when it becomes applied. */
export interface NewRow extends Omit<AppliedRevision, 'isHead'> {
  readonly durationMs: number
}

/** The change that one step makes to the version table. */
export interface StateChange {
  readonly added: readonly NewRow[]
  readonly removed: readonly RevisionId[]
  readonly headsBefore: readonly RevisionId[]
  readonly headsAfter: readonly RevisionId[]
}

export interface LogEntry {
  readonly action: 'upgrade' | 'downgrade' | 'stamp'
  readonly revision: RevisionId
  readonly durationMs: number
  readonly outcome: 'done' | 'failed'
  /** Why it failed. */
  readonly reason?: string
}

interface VersionRow {
  revision: string
  is_head: boolean | number
  down_revisions: string
  message: string
  content_id: string
  git_commit: string | null
  applied_at: string
  applied_by: string
  duration_ms: number
  downgrade_sql: string | null
}

interface LogRow {
  action: string
  revision: string
  at: string
  by: string
  mig: string
  duration_ms: number
  outcome: string
  reason: string | null
}

interface Tables {
  version: VersionRow
  log: LogRow
}

/** How many rows one statement takes: databases limit the number of values. */
const rowsPerStatement = 500

/**
 * The state of one database: the set of applied revisions, and the log of what was done.
 *
 * Heads are derived from the set; the flag in the table is for whoever looks at it.
 */
export class VersionStore {
  readonly #session: Session
  readonly #tables: VersionTables
  readonly #actor: {readonly by: string; readonly mig: string}

  /** @param actor who works on the database, and with which version of mig */
  constructor(session: Session, tables: VersionTables, actor: {readonly by: string; readonly mig: string}) {
    this.#session = session
    this.#tables = tables
    this.#actor = actor
  }

  /**
   * Reads the applied set; undefined when there is no version table.
   *
   * @throws MigError VERSION_TABLE_UNKNOWN
   */
  async read(): Promise<readonly AppliedRevision[] | undefined> {
    const {versionTable} = this.#tables
    try {
      const rows = await this.#db
        .selectFrom(this.#version)
        .select(['revision', 'is_head', 'down_revisions', 'message', 'content_id'])
        .orderBy('applied_at')
        .orderBy('revision')
        .execute()
      return rows.map((row) => ({
        revision: row.revision,
        isHead: Boolean(row.is_head),
        downRevisions: JSON.parse(row.down_revisions) as string[],
        message: row.message,
        contentId: row.content_id,
      }))
    } catch (error) {
      const kind = this.#kindOf(error)
      if (kind === 'TableNotFoundException') return undefined
      if (kind === 'InvalidFieldNameException' || error instanceof SyntaxError)
        throw new VersionTableShapeError(versionTable, error)
      throw error
    }
  }

  /** Creates what is missing of the two tables. Returns the names of those that were created. */
  async ensure(): Promise<readonly string[]> {
    const created: string[] = []
    for (const [name, statements] of this.createStatements()) {
      if (await this.#exists(name)) continue
      for (const statement of statements) await this.#session.run(statement)
      created.push(name)
    }
    return created
  }

  /** Returns the statements that create each table. */
  createStatements(): readonly (readonly [name: string, statements: readonly string[]])[] {
    const {versionTable, logTable} = this.#tables
    return [
      [
        versionTable,
        this.#createTable(versionTable, 'revision', [
          {name: 'revision', type: 'name'},
          {name: 'is_head', type: 'boolean'},
          {name: 'down_revisions', type: 'text'},
          {name: 'message', type: 'text'},
          {name: 'content_id', type: 'name'},
          {name: 'git_commit', type: 'name', nullable: true},
          {name: 'applied_at', type: 'moment'},
          {name: 'applied_by', type: 'text'},
          {name: 'duration_ms', type: 'integer'},
          {name: 'downgrade_sql', type: 'text', nullable: true},
        ]),
      ],
      [
        logTable,
        this.#createTable(logTable, 'id', [
          {name: 'id', type: 'integer', autoincrement: true},
          {name: 'action', type: 'name'},
          {name: 'revision', type: 'name'},
          {name: 'at', type: 'moment'},
          {name: 'by', type: 'text'},
          {name: 'mig', type: 'name'},
          {name: 'duration_ms', type: 'integer'},
          {name: 'outcome', type: 'name'},
          {name: 'reason', type: 'text', nullable: true},
        ]),
      ],
    ]
  }

  /**
   * Writes a change of the applied set. The number of rows that change must be what the plan says.
   *
   * @throws MigError VERSION_TABLE_CHANGED
   */
  async apply({added, removed, headsBefore, headsAfter}: StateChange): Promise<void> {
    for (const batch of batches(removed)) {
      const {numDeletedRows} = await this.#db
        .deleteFrom(this.#version)
        .where('revision', 'in', batch)
        .executeTakeFirst()
      this.#expectRows(batch, Number(numDeletedRows))
    }
    for (const batch of batches(added)) {
      const rows = batch.map((row) => this.#rowOf(row, headsAfter.includes(row.revision)))
      await this.#db.insertInto(this.#version).values(rows).execute()
    }
    const isChanged = new Set([...removed, ...added.map((row) => row.revision)])
    const remaining = (ids: readonly RevisionId[]): RevisionId[] => ids.filter((id) => !isChanged.has(id))
    await this.#flag(remaining(headsBefore.filter((id) => !headsAfter.includes(id))), false)
    await this.#flag(remaining(headsAfter.filter((id) => !headsBefore.includes(id))), true)
  }

  /** Appends to the log. */
  async log(entry: LogEntry): Promise<void> {
    await this.#db
      .insertInto(this.#log)
      .values({
        action: entry.action,
        revision: entry.revision,
        at: sql<string>`current_timestamp`,
        by: this.#actor.by,
        mig: this.#actor.mig,
        duration_ms: entry.durationMs,
        outcome: entry.outcome,
        reason: entry.reason ?? null,
      })
      .execute()
  }

  /** Empties the version table, whatever it holds. */
  async purge(): Promise<void> {
    await this.#db.deleteFrom(this.#version).execute()
  }

  get #db(): Kysely<Tables> {
    const db = this.#session.db as Kysely<Tables>
    return this.#tables.schema === undefined ? db : db.withSchema(this.#tables.schema)
  }

  // The tables have names of the user's choice; their columns are those of `Tables`.
  get #version(): 'version' {
    return this.#tables.versionTable as 'version'
  }

  get #log(): 'log' {
    return this.#tables.logTable as 'log'
  }

  #rowOf(
    row: NewRow,
    isHead: boolean,
  ): Omit<VersionRow, 'applied_at' | 'is_head'> & {applied_at: never; is_head: never} {
    return {
      revision: row.revision,
      // SQLite binds no booleans.
      is_head: (this.#session.dialect === 'sqlite' ? Number(isHead) : isHead) as never,
      down_revisions: JSON.stringify(row.downRevisions),
      message: row.message,
      content_id: row.contentId,
      git_commit: null,
      applied_at: sql`current_timestamp` as never,
      applied_by: this.#actor.by,
      duration_ms: row.durationMs,
      downgrade_sql: null,
    }
  }

  async #flag(ids: readonly RevisionId[], isHead: boolean): Promise<void> {
    const value = (this.#session.dialect === 'sqlite' ? Number(isHead) : isHead) as boolean
    for (const batch of batches(ids)) {
      const {numUpdatedRows} = await this.#db
        .updateTable(this.#version)
        .set({is_head: value})
        .where('revision', 'in', batch)
        .executeTakeFirst()
      this.#expectRows(batch, Number(numUpdatedRows))
    }
  }

  #expectRows(ids: readonly RevisionId[], found: number): void {
    const [first = ''] = ids
    if (found !== ids.length) throw new VersionTableChangedError(this.#tables.versionTable, first, ids.length, found)
  }

  async #exists(table: string): Promise<boolean> {
    const {schema} = this.#tables
    const found = await this.#session.query<{readonly table_name: string; readonly schema_name?: string}>(
      this.#helper.getListTablesSQL(),
    )
    const home = schema ?? this.#session.platform.getDefaultSchemaName()
    return found.some((row) => row.table_name === table && (home === undefined || (row.schema_name ?? home) === home))
  }

  get #helper(): NonNullable<ReturnType<Session['platform']['getSchemaHelper']>> {
    const helper = this.#session.platform.getSchemaHelper()
    if (helper === undefined) throw new RangeError(`no schema helper for ${this.#session.dialect}`)
    return helper
  }

  #createTable(name: string, primaryKey: string, columns: readonly ColumnSketch[]): readonly string[] {
    const {platform} = this.#session
    const table = new DatabaseTable(platform, name, this.#tables.schema)
    for (const column of columns) {
      const type = columnTypes[column.type](platform)
      table.addColumn({
        name: column.name,
        type,
        mappedType: platform.getMappedType(type),
        nullable: column.nullable ?? false,
        autoincrement: column.autoincrement ?? false,
        primary: column.name === primaryKey,
      })
    }
    table.setIndexes([
      {
        keyName: `${name}_pkey`,
        columnNames: [primaryKey],
        primary: true,
        unique: true,
        constraint: true,
        composite: false,
      },
    ])
    return this.#helper.createTable(table)
  }

  #kindOf(error: unknown): string {
    if (!(error instanceof Error)) return ''
    return this.#session.platform.getExceptionConverter().convertException(error).name
  }
}

interface ColumnSketch {
  readonly name: string
  readonly type: keyof typeof columnTypes
  readonly nullable?: boolean
  readonly autoincrement?: boolean
}

/** What each kind of column is called in the language of the database. */
const columnTypes = {
  name: (platform: Session['platform']) => platform.getVarcharTypeDeclarationSQL({length: 255}),
  text: (platform: Session['platform']) => platform.getTextTypeDeclarationSQL({}),
  boolean: (platform: Session['platform']) => platform.getBooleanTypeDeclarationSQL(),
  integer: (platform: Session['platform']) => platform.getIntegerTypeDeclarationSQL({}),
  moment: (platform: Session['platform']) => platform.getDateTimeTypeDeclarationSQL({length: 3}),
} as const

function batches<T>(items: readonly T[]): T[][] {
  return Array.from({length: Math.ceil(items.length / rowsPerStatement)}, (_, i) =>
    items.slice(i * rowsPerStatement, (i + 1) * rowsPerStatement),
  )
}
