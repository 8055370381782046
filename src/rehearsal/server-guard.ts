import type {ServerDatabases} from '../dialects/dialect.ts'
import type {Connection} from '../runner/connection/connect.ts'
import type {OptionsSource} from '../runner/connection/orm-options.ts'

/** Databases of a server that statements may name: they tell about the server, and nobody's data is in them. */
const harmless: ReadonlySet<string> = new Set(['information_schema', 'performance_schema', 'sys'])

/** A connection of a pool, as far as it is watched. */
interface PooledConnection {
  executeQuery: (query: {readonly sql: string}, ...more: readonly unknown[]) => Promise<unknown>
}

/** Matches the statements of mig that create and drop further temporary databases. */
const aboutTemporary = /^(?:create|drop) database (?:if exists )?[`"]?mig_(?:scratch|template)_/

type Surroundings = Pick<ServerDatabases, 'names' | 'outside'>

/** Keeps the statements of a temporary database from other databases of its server. */
export class ServerGuard {
  readonly #server: Surroundings
  #others: readonly string[] = []
  #isLifted = false

  constructor(server: Surroundings) {
    this.#server = server
  }

  /** Returns the source of the temporary database, whose connections refuse statements about others. */
  guarded(source: OptionsSource): OptionsSource {
    if (this.#server.names === undefined) return source
    const {onCreateConnection: own} = source.options
    const onCreateConnection = async (connection: PooledConnection): Promise<void> => {
      if (typeof own === 'function') await (own as (connection: PooledConnection) => unknown)(connection)
      const execute = connection.executeQuery.bind(connection)
      connection.executeQuery = async (query, ...more) => {
        const outside = this.outside(query.sql)
        if (outside !== undefined) throw new Error(refusal(outside))
        return execute(query, ...more)
      }
    }
    return {...source, options: {...source.options, onCreateConnection}}
  }

  /** Reads which databases are others. */
  async learn(connection: Connection, own: string): Promise<void> {
    const {names} = this.#server
    if (names === undefined) return
    const rows = await connection.em.getDriver().getConnection().execute<{readonly name: string}[]>(names)
    this.#others = rows.map(({name}) => name).filter((name) => name !== own && !harmless.has(name))
  }

  /** Returns what a statement would change or read outside of the temporary database. */
  outside(sql: string): string | undefined {
    return this.#isLifted || aboutTemporary.test(sql) ? undefined : this.#server.outside(sql, this.#others)
  }

  /** Lets through what drops the temporary database. */
  lift(): void {
    this.#isLifted = true
  }
}

/** Returns why a statement is refused, as a sentence. */
export function refusal(outside: string): string {
  return `A statement about ${outside} would reach outside of the temporary database.`
}
