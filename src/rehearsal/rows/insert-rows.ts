import type {Command, CommandFailure} from '../../runner/connection/command.ts'
import type {Session} from '../../runner/connection/session.ts'
import type {SqlContext} from '../../operations/definition.ts'
import {sqlContext} from '../../sql/context.ts'
import {Attempts} from './attempts.ts'
import {rowDialects} from './dialects.ts'
import {Inserter} from './insert.ts'
import type {Row} from './insert.ts'
import {isRequired, orderOf} from './order.ts'
import {readState} from './state.ts'
import type {State} from './state.ts'
import type {Catalogue, Reference, Table} from './table.ts'

export interface RowsOptions {
  /** The number of rows per table. */
  readonly rows?: number
  /** The distance of numbers in keys from existing ones, for the keys of rows that are inserted afterwards. */
  readonly room?: number
}

/** The outcome of `insertRows`, by the names of tables. */
export interface RowsReport {
  /** The numbers of new rows. */
  readonly inserted: ReadonlyMap<string, number>
  /** The reasons why a table has no new rows. */
  readonly skipped: ReadonlyMap<string, string>
}

/**
 * Inserts generated rows into tables, and into the tables they must reference. Existing rows are left alone, and so is
 * the caller's transaction.
 *
 * @param tables names as operations write them
 */
export async function insertRows(
  session: Session,
  tables: readonly string[],
  {rows = 3, room = 0}: RowsOptions = {},
): Promise<RowsReport> {
  const dialect = rowDialects[session.dialect]
  if (tables.length === 0) return {inserted: new Map(), skipped: new Map()}
  const attempts = await Attempts.begin(session)
  const {catalogue, state} = await attempts.guard(async () => {
    const found = await dialect.read(session, tables)
    return {catalogue: found, state: await readState(session, reachable(found), {rows, room})}
  })
  return new Work(session, catalogue, state, {rows, room}).run(attempts)
}

/** Returns the requested tables and all that they may have to reference. */
function reachable({tables, requested}: Catalogue): ReadonlySet<Table> {
  const found = new Set([...requested.values()].flatMap((table) => table ?? []))
  for (const table of found)
    for (const reference of table.references) {
      const parent = tables.get(reference.parent)
      if (parent !== undefined && isRequired(table, reference)) found.add(parent)
    }
  return found
}

/** The state of one call. */
class Work {
  readonly #session: Session
  readonly #context: SqlContext
  readonly #catalogue: Catalogue
  readonly #state: State
  readonly #rows: number
  readonly #keepsRoom: boolean
  readonly #referenced: ReadonlySet<string>
  #inserted = new Map<string, number>()
  #skipped = new Map<string, string>()

  constructor(session: Session, catalogue: Catalogue, state: State, {rows, room}: Required<RowsOptions>) {
    this.#session = session
    this.#context = sqlContext(session.dialect, session.platform)
    this.#catalogue = catalogue
    this.#state = state
    this.#rows = rows
    this.#keepsRoom = room > 0
    const references = [...catalogue.tables.values()].flatMap((table) => table.references)
    this.#referenced = new Set(
      references.flatMap(({parent, parentColumns}) => parentColumns.map((column) => JSON.stringify([parent, column]))),
    )
  }

  async run(attempts: Attempts): Promise<RowsReport> {
    const {tables, cycles} = orderOf(this.#tablesToFill(), (table, reference) => this.#isOpen(table, reference))
    const refusals = new Map([...cycles].map(([table, cycle]) => [table.name, cycleReason(cycle)] as const))
    for (const [name, table] of this.#catalogue.requested) {
      if (table === undefined) refusals.set(name, 'the table does not exist')
      else if (table.refusal !== undefined) refusals.set(name, table.refusal)
    }
    this.#restart(refusals)
    if (attempts.areAtomic && (await this.#insertAtOnce(tables, attempts))) return this.#report()
    this.#restart(refusals)
    for (const table of tables) await this.#insertInto(table, attempts)
    return this.#report()
  }

  #restart(refusals: ReadonlyMap<string, string>): void {
    this.#inserted = new Map()
    this.#skipped = new Map(refusals)
  }

  #report(): RowsReport {
    return {inserted: this.#inserted, skipped: this.#skipped}
  }

  /** Returns the requested tables and those that they must reference. */
  #tablesToFill(): readonly Table[] {
    const found = new Set([...this.#catalogue.requested.values()].flatMap((table) => table ?? []))
    for (const table of found)
      for (const reference of table.references) {
        const parent = this.#catalogue.tables.get(reference.parent)
        if (parent !== undefined && isRequired(table, reference) && this.#isOpen(table, reference)) found.add(parent)
      }
    return [...found].filter(({refusal}) => refusal === undefined)
  }

  /** Whether the rows that exist are not enough to reference. */
  #isOpen(table: Table, reference: Reference): boolean {
    return this.#state.referable(table, reference) === 0
  }

  /** Returns the writer of a table's inserts, or skips the table. */
  #inserterOf(table: Table): Inserter | undefined {
    const referable = (reference: Reference): number => {
      const parent = this.#catalogue.tables.get(reference.parent)
      const added = parent === undefined || parent === table ? 0 : (this.#inserted.get(parent.name) ?? 0)
      return this.#state.referable(table, reference) + added
    }
    const isReferenced = (column: string): boolean => this.#referenced.has(JSON.stringify([table.id, column]))
    const surroundings = {state: this.#state, referable, isReferenced}
    const syntax = rowDialects[this.#session.dialect].syntax(this.#context)
    // The numbers that the database gives have no distance.
    const leavesCounters = syntax.leavesCounters && !this.#keepsRoom
    const inserter = new Inserter(table, surroundings, this.#context, {...syntax, leavesCounters})
    if (inserter.refusal === undefined) return inserter
    this.#skipped.set(table.name, inserter.refusal)
    return undefined
  }

  /** Inserts the rows of all tables in one message; returns whether that succeeded. */
  async #insertAtOnce(tables: readonly Table[], attempts: Attempts): Promise<boolean> {
    const commands: Command[] = []
    for (const table of tables) {
      const inserter = this.#inserterOf(table)
      if (inserter === undefined) continue
      const rows = inserter.rows(this.#rows)
      commands.push(...commandsOf(table, inserter, rows))
      this.#inserted.set(table.name, rows.length)
    }
    return (await attempts.try(commands)) === undefined
  }

  /** Inserts the rows of a table; if the database refuses them, those rows that it takes. */
  async #insertInto(table: Table, attempts: Attempts): Promise<void> {
    const inserter = this.#inserterOf(table)
    if (inserter === undefined) return
    const rows = inserter.rows(this.#rows)
    const failure = await attempts.try(commandsOf(table, inserter, rows))
    const count = failure === undefined ? rows.length : await insertSingly(table, inserter, rows.length, attempts)
    if (count > 0) this.#inserted.set(table.name, count)
    else this.#skipped.set(table.name, `the database refuses the rows: ${reasonOf(failure)}`)
  }
}

/** The number of rows that may fail until a table is left. */
const patience = 5

/** The number of columns that are tried as the only ones with a value. */
const maxAlternatives = 8

/** Inserts rows one by one, each with different fills until one is accepted. */
async function insertSingly(table: Table, inserter: Inserter, wanted: number, attempts: Attempts): Promise<number> {
  const usual = ['values', 'defaults', 'nulls'] as const
  const alternatives = inserter.nullable.slice(0, maxAlternatives).map((only) => ({only}))
  let fills: readonly Row['fill'][] = [...usual, ...alternatives]
  let count = 0
  for (let i = 0; count < wanted && i < wanted + patience; i++) {
    const n = inserter.first + i
    const isLast = wanted > 1 && count === wanted - 1
    let accepted: Row['fill'] | undefined
    for (const fill of isLast ? (['nulls', ...fills] as const) : fills) {
      if ((await attempts.try(commandsOf(table, inserter, [{n, fill}]))) !== undefined) continue
      accepted = fill
      break
    }
    if (accepted !== undefined) count++
    // The next row probably needs the same.
    fills = accepted === undefined || isLast ? usual : [accepted, ...usual.filter((fill) => fill !== accepted)]
  }
  return count
}

function commandsOf(table: Table, inserter: Inserter, rows: readonly Row[]): readonly Command[] {
  return [...inserter.sql(rows), ...table.afterInsert].map((sql) => ({sql}))
}

function cycleReason(cycle: readonly Table[]): string {
  const names = cycle.map(({name}) => name)
  return `the foreign keys form a cycle: ${[...names, names[0]].join(' -> ')}`
}

function reasonOf(failure: CommandFailure | undefined): string {
  return failure?.cause instanceof Error ? failure.cause.message : String(failure?.cause)
}
