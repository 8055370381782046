import {MigError} from '../errors.ts'
import type {RunSession} from './connection/run-session.ts'

/** A row whose foreign key refers to a missing row. */
interface Violation {
  readonly table: string
  readonly rowid: number | null
  readonly parent: string
}

/** Thrown when a revision leaves rows that violate a foreign key. */
class ForeignKeyViolationError extends MigError {
  constructor({table, rowid, parent}: Violation, count: number) {
    super(
      'FOREIGN_KEY_VIOLATION',
      `Row ${rowid ?? '?'} of ${table} refers to a missing row of ${parent}${count > 1 ? ` (and ${count - 1} more violations)` : ''}.`,
      {hint: 'Fix these rows in the revision before it changes the table.', data: {table, rowid, parent, count}},
    )
  }
}

/** SQLite's foreign key enforcement during a table rebuild, which must be off before the transaction begins. */
export class ForeignKeys {
  readonly #session: RunSession
  readonly #known: ReadonlySet<string>

  private constructor(session: RunSession, known: ReadonlySet<string>) {
    this.#session = session
    this.#known = known
  }

  /**
   * Runs `work` with foreign keys off, and restores the setting afterwards.
   *
   * @see https://www.sqlite.org/lang_altertable.html#otheralter
   */
  static async off<Result>(session: RunSession, work: (keys: ForeignKeys) => Promise<Result>): Promise<Result> {
    const [row] = await session.query<{readonly foreign_keys: number}>('pragma foreign_keys')
    const known = new Set((await violations(session)).map(textOf))
    const wasOn = Number(row?.foreign_keys) === 1
    if (wasOn) await session.send([{sql: 'pragma foreign_keys = off'}])
    try {
      return await work(new ForeignKeys(session, known))
    } finally {
      if (wasOn) await session.sendRegardless([{sql: 'pragma foreign_keys = on'}])
    }
  }

  /**
   * Checks that there are no new foreign key violations.
   *
   * @throws MigError FOREIGN_KEY_VIOLATION
   */
  async check(): Promise<void> {
    const added = (await violations(this.#session)).filter((violation) => !this.#known.has(textOf(violation)))
    const [first] = added
    if (first !== undefined) throw new ForeignKeyViolationError(first, added.length)
  }
}

async function violations(session: RunSession): Promise<readonly Violation[]> {
  return session.query<Violation>('pragma foreign_key_check')
}

function textOf({table, rowid, parent}: Violation): string {
  return JSON.stringify([table, rowid, parent])
}
