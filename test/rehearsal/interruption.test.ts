import {pathToFileURL} from 'node:url'
import {setTimeout} from 'node:timers/promises'
import {expect} from 'chai'
import {mig} from '../support/cli.ts'
import {createDatabase, runOn, serverKinds, serverOf} from '../support/databases.ts'
import type {ServerKind, TestDatabase} from '../support/databases.ts'
import {Folder} from '../support/folder.ts'

const packageOf = {postgresql: 'postgresql', mariadb: 'mariadb', mysql: 'mysql'} as const

/** A project with so many entities that their tables take a while. */
function projectOf(kind: ServerKind, url: string, prefix: string, dag: string): Folder {
  const find = (name: string): string => pathToFileURL(`node_modules/@mikro-orm/${name}/index.js`).href
  const create = `for (let i = 0; i < 150; i++) op.execute('create table ${prefix}_' + i + ' (n integer)')`
  return new Folder()
    .writeGraph(dag, () => `export async function upgrade(op) { ${create} }\n`)
    .write({
      'mig.config.js': `import {defineEntity, p} from '${find('core')}'
import {defineConfig} from '${find(packageOf[kind])}'
const entities = Array.from({length: 150}, (_, i) =>
  defineEntity({name: 'T' + i, tableName: '${prefix}_' + i, properties: {id: p.integer().primary(), name: p.string().index()}}),
)
export default {orm: defineConfig({entities, clientUrl: '${url}'})}
`,
      'migrations/versions/.gitkeep': '',
    })
}

/** A moment of a command: a table of the project is in a database with such a name. */
interface Moment {
  readonly name: string
  readonly command: string
  readonly database: string
  readonly on: readonly ServerKind[]
  readonly signal?: 'SIGTERM'
  readonly dag?: string
}

const autogenerate = 'revision --autogenerate -m x'
const [all, ddlCommits] = [
  ['postgresql', 'mariadb', 'mysql'],
  ['mariadb', 'mysql'],
] as const

const moments: readonly Moment[] = [
  {name: 'the tables of the entities are created', command: autogenerate, database: 'mig_scratch_', on: all},
  {
    name: 'the tables of the entities are created, by SIGTERM',
    command: autogenerate,
    database: 'mig_scratch_',
    on: all,
    signal: 'SIGTERM',
  },
  {name: 'a check compares the entities', command: 'check', database: 'mig_scratch_', on: all},
  {name: 'a copy of the schema is changed', command: autogenerate, database: 'mig_rehearsal_', on: ddlCommits},
  {
    name: 'the history is replayed',
    command: 'revision --autogenerate --scratch -m x',
    database: 'mig_scratch_',
    on: ddlCommits,
    dag: 'aaaa',
  },
  {
    name: 'branches are applied in either order',
    command: 'check commute',
    database: 'mig_scratch_',
    on: all,
    dag: 'aaaa <- bbbb; aaaa <- cccc',
  },
]

/** Prepares a database and returns the URL for the project, and a query for the temporary databases of that. */
async function prepare(
  kind: ServerKind,
  database: TestDatabase,
  start: string,
): Promise<{readonly url: string; readonly found: string; readonly drop: readonly string[]}> {
  const url = new URL(database.url)
  const name = url.pathname.slice(1)
  const pattern = (prefix: string): string => `'${prefix.replaceAll('_', String.raw`\_`)}%'`
  if (kind !== 'postgresql')
    return {
      url: database.url,
      found: `select distinct table_schema as name from information_schema.tables where table_schema like ${pattern(start)} and table_name like ${pattern(name)}`,
      drop: [],
    }
  // Who does not own the schemas cannot rename them, so that a temporary database is needed.
  await database.query(`create role ${name} login createdb`, `grant create, usage on schema public to ${name}`)
  url.username = name
  return {
    url: url.href,
    found: `select datname as name from pg_database join pg_roles on datdba = pg_roles.oid where rolname = '${name}' and datname like ${pattern(start)}`,
    drop: [`drop owned by ${name}`, `drop role ${name}`],
  }
}

for (const kind of serverKinds)
  describe(`an interruption leaves no temporary database on ${kind}`, () => {
    let database: TestDatabase
    beforeEach(async () => {
      database = await createDatabase(kind)
    })
    afterEach(async () => database.drop())

    for (const {name, command, database: start, signal = 'SIGINT', dag = ''} of moments.filter(({on}) =>
      on.includes(kind),
    ))
      it(`when ${name}`, async () => {
        const {url, found, drop} = await prepare(kind, database, start)
        const prefix = new URL(database.url).pathname.slice(1)
        const {path: cwd} = projectOf(kind, url, prefix, dag)
        const server = await serverOf(kind)
        let seen: readonly unknown[] = []
        const result = await mig(command, {
          cwd,
          onStart: (child) =>
            void (async () => {
              while (seen.length === 0 && child.exitCode === null) {
                await setTimeout(20)
                seen = (await runOn(server, found))[0] ?? []
              }
              child.kill(signal)
            })(),
        })
        expect(seen, result.stderr).to.have.length(1)
        expect(result.stderr).to.match(/^Interrupting; temporary databases are dropped\..*\nerror: Interrupted: /)
        // Temporary databases are gone by then.
        expect(result.stderr).to.not.match(/error: .*(?:mig_scratch|mig_rehearsal|stay applied)/)
        expect(result.status).to.equal(signal === 'SIGINT' ? 130 : 143)
        expect((await runOn(server, found))[0]).to.deep.equal([])
        await database.query(...drop)
      })
  })
