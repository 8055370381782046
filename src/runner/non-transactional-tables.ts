import {dialects} from '../dialects/dialects.ts'
import {withoutComments} from '../dialects/session/session-sql.ts'
import type {RunSession} from './connection/run-session.ts'
import {isReading} from './user-statement.ts'

/** A table without transactions, or a view, trigger or routine with its text. */
interface NamedObject {
  readonly name: string
  readonly text: string | null
}

/** Finds the statements that change tables without transactions, such as MyISAM's, which no rollback undoes. */
export class NonTransactionalTables {
  readonly #session: RunSession
  /** The lower-case names of the tables and of what changes them; undefined if they must be read. */
  #names: readonly string[] | undefined

  constructor(session: RunSession) {
    this.#session = session
  }

  /** Notes that a statement may have created or changed tables. */
  forget(): void {
    this.#names = undefined
  }

  /** Returns whether a statement may change such a table, because it mentions one. */
  async areChangedBy(sql: string): Promise<boolean> {
    const {nonTransactional} = dialects[this.#session.dialect].transaction
    if (nonTransactional === undefined || !changing.test(withoutComments(sql)) || isReading(sql)) return false
    this.#names ??= await this.#read(nonTransactional)
    return this.#names.length > 0 && mentions(sql, this.#names)
  }

  async #read({
    tables,
    dependents,
  }: {
    readonly tables: string
    readonly dependents: string
  }): Promise<readonly string[]> {
    const names = new Set((await this.#session.query<NamedObject>(tables)).map(({name}) => name.toLowerCase()))
    if (names.size === 0) return []
    const objects = await this.#session.query<NamedObject>(dependents)
    // Views, triggers and routines can use each other.
    for (let size = 0; size < names.size;) {
      size = names.size
      for (const {name, text} of objects) if (mentions(text ?? '', [...names])) names.add(name.toLowerCase())
    }
    return [...names]
  }
}

const changing = /^\(*\s*(?:insert|update|delete|replace|with)\b/i
const word = /[\p{L}\p{N}_$]+/gu

function mentions(sql: string, names: readonly string[]): boolean {
  const text = sql.toLowerCase().replaceAll('`', '')
  const words = new Set(text.match(word))
  return names.some((name) => words.has(name) || (/[^\p{L}\p{N}_$]/u.test(name) && text.includes(name)))
}
