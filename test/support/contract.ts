import {checkRow} from './contract-table.ts'
import {createDatabase, databaseKinds} from './databases.ts'
import type {DatabaseKind, TestDatabase} from './databases.ts'
import {Folder} from './folder.ts'

/** A project on an empty database, for one test. */
export class Bench {
  readonly kind: DatabaseKind
  readonly folder = new Folder()
  readonly database: TestDatabase
  readonly #atEnd: (() => unknown)[] = []

  constructor(kind: DatabaseKind, database: TestDatabase) {
    this.kind = kind
    this.database = database
  }

  get cwd(): string {
    return this.folder.path
  }

  /** Whether statements of DDL commit by themselves. */
  get commitsDdl(): boolean {
    return this.kind === 'mariadb' || this.kind === 'mysql'
  }

  /** Writes a project with this graph and configuration. */
  use(dag: string, body?: Parameters<Folder['writeGraph']>[1], config: object = {}): void {
    this.folder.writeGraph(dag, body)
    this.#configure(config)
  }

  /** As `use`, for revisions that are there. */
  useRevisions(...revisions: Parameters<Folder['writeRevisions']>): void {
    this.folder.writeRevisions(...revisions)
    this.#configure({})
  }

  #configure(config: object): void {
    this.folder.write({'mig.config.js': `export default ${JSON.stringify({orm: this.database.url, ...config})}\n`})
  }

  /** The names of all tables but the one that a run locks where it has nothing better. */
  async tables(): Promise<string[]> {
    const [rows = []] = await this.database.query(listTables[this.kind])
    return rows
      .map((row) => String(row['name']))
      .filter((name) => !name.endsWith('_lock'))
      .toSorted()
  }

  /** Does something when the test is over, however it ends. */
  atEnd(work: () => unknown): void {
    this.#atEnd.push(work)
  }

  async end(): Promise<void> {
    for (const work of this.#atEnd) await work()
    await this.database.drop()
  }

  /** The applied revisions, with an asterisk behind those that the table says are heads. */
  async state(): Promise<string> {
    const [rows = []] = await this.database.query('select revision, is_head from mig_version order by revision')
    return rows.map((row) => `${row['revision']}${row['is_head'] ? '*' : ''}`).join(' ')
  }

  /** The log, a line each: `upgrade a done`. */
  async log(): Promise<string[]> {
    const [rows = []] = await this.database.query('select action, revision, outcome from mig_log order by id')
    return rows.map(({action, revision, outcome}) => [action, revision, outcome ?? 'open'].join(' '))
  }
}

const inPublic = "select table_name as name from information_schema.tables where table_schema = 'public'"
const inDatabase = 'select table_name as name from information_schema.tables where table_schema = database()'

const listTables: Readonly<Record<DatabaseKind, string>> = {
  postgresql: inPublic,
  pglite: inPublic,
  sqlite: "select name from sqlite_master where type = 'table' and name not like 'sqlite_%'",
  mariadb: inDatabase,
  mysql: inDatabase,
}

/**
 * Tests a behaviour on every database that there is in this run, and compares what holds with the row of the behaviour in
 * the documentation.
 *
 * @param behaviour a sentence for docs/databases.md
 * @param define defines the tests; what it is given is a new project on an empty database for each
 * @param except why the behaviour does not apply to a database
 */
export function contract(
  behaviour: string,
  define: (on: Bench) => void,
  except: Readonly<Partial<Record<DatabaseKind, string>>> = {},
): void {
  describe(behaviour, () => {
    const found = new Map<DatabaseKind, string>()
    after(() => checkRow(behaviour, found))
    for (const kind of databaseKinds) {
      const reason = except[kind]
      if (reason === undefined) onDatabase(kind, define, (holds) => found.set(kind, holds ? 'yes' : 'no'))
      else it(`[${kind}] is documented as: ${reason}`, () => checkRow(behaviour, new Map([[kind, reason]])))
    }
  })
}

function onDatabase(kind: DatabaseKind, define: (on: Bench) => void, tell: (holds: boolean) => void): void {
  describe(`[${kind}]`, () => {
    let bench: Bench
    let isGood = true
    beforeEach(async () => {
      bench = new Bench(kind, await createDatabase(kind))
    })
    afterEach(async function () {
      isGood &&= this.currentTest?.state === 'passed'
      await bench.end()
    })
    after(() => tell(isGood))
    // The bench of the test that is running, by the name that all of them know it by.
    const current = new Proxy({} as Bench, {
      get: (_, key) => {
        if (key === 'kind') return kind
        const value: unknown = Reflect.get(bench, key)
        return typeof value === 'function' ? (value.bind(bench) as unknown) : value
      },
    })
    define(current)
  })
}
