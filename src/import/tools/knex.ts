import type {Dialect} from '../../dialects/dialect.ts'
import {messageOfName, namesIn} from '../folder.ts'
import type {ForeignMigration, HistoryFolder, Tool} from '../history.ts'
import {codeMigration, isCode, packageOf} from '../record-code.ts'
import type {MigrationCode, Recording, RunCode} from '../record-code.ts'

const clients: Readonly<Record<Dialect, string>> = {
  postgresql: 'pg',
  sqlite: 'better-sqlite3',
  mysql: 'mysql2',
  mariadb: 'mysql2',
}

/** A statement as Knex gives it to its client. */
interface Query {
  readonly sql: string
  readonly bindings?: readonly unknown[]
}

/** The parts of Knex's client that are replaced or used. */
interface Client {
  acquireConnection: () => Promise<object>
  releaseConnection: () => Promise<void>
  query: (connection: object, query: string | Query) => Promise<unknown>
  processResponse: (response: unknown) => unknown
  prepBindings(bindings: readonly unknown[] | undefined): readonly unknown[]
  positionBindings(sql: string): string
  _escapeBinding(value: unknown, context: object): string
}

type Knex = object & {readonly client: Client}

export const knex: Tool = {
  title: 'Knex',
  table: 'knex_migrations',
  files: {pattern: /^(?![^/]*\.d\.[cm]?ts$)[^/]+\.[cm]?[jt]s$/, described: 'there is no .ts or .js file'},
  async read(folder) {
    const open = await openKnex(folder)
    const migrations: ForeignMigration[] = []
    for (const file of namesIn(folder, 'file').filter(isCode)) {
      const id = file.replace(/\.\w+$/, '')
      const own = {name: file, id, message: messageOfName(id), file}
      migrations.push(await codeMigration(folder, own, (module) => codeOf(module, open)))
    }
    return migrations
  },
  applied: (rows) => rows.map(({name}) => ({name: String(name)})),
}

function codeOf(module: Readonly<Record<string, unknown>>, open: (recording: Recording) => Knex): MigrationCode {
  const run =
    (direction: 'up' | 'down'): RunCode =>
    async (recording) => {
      const act = module[direction]
      if (typeof act !== 'function') recording.refuse(`it exports no function ${direction}`)
      await (act as (knex: Knex) => unknown)(open(recording))
    }
  const {transaction} = (module['config'] ?? {}) as {readonly transaction?: boolean}
  const down = typeof module['down'] === 'function' ? run('down') : undefined
  return {up: run('up'), down, transactional: transaction}
}

/** Returns a function that creates an instance of the project's Knex whose client records instead of sending. */
async function openKnex(folder: HistoryFolder): Promise<(recording: Recording) => Knex> {
  const {knex: make} = (await packageOf(folder, 'knex')) as {readonly knex: (options: object) => Knex}
  return (recording) => {
    const instance = make({client: clients[folder.dialect], useNullAsDefault: true})
    const {client} = instance
    client.acquireConnection = async () => ({})
    client.releaseConnection = async () => {}
    client.processResponse = () => undefined
    client.query = async (_, query) => {
      const sql = typeof query === 'string' ? query : formatted(query, client)
      if (/\breturning\b/i.test(sql)) recording.refuse('it asks for the rows that a statement returns')
      recording.add(sql)
      return {}
    }
    return instance
  }
}

/** Writes the bindings into a statement; without bindings, it is what Knex would send. */
function formatted({sql, bindings}: Query, client: Client): string {
  const values = [...client.prepBindings(bindings ?? [])]
  if (values.length === 0) return client.positionBindings(sql)
  return sql.replaceAll(/\\?\?/g, (mark) =>
    mark === '?' && values.length > 0 ? client._escapeBinding(values.shift(), {}) : mark.replace('\\', ''),
  )
}
