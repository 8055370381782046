import {expect} from 'chai'
import {upgrade} from '../../src/api/runs/migrate.ts'
import {upgradeSql} from '../../src/api/runs/offline.ts'
import {Bench} from '../support/contract.ts'
import {createDatabase, databaseKinds} from '../support/databases.ts'
import {runScript} from '../support/run-script.ts'

const modes: readonly string[] = [
  '',
  'NO_BACKSLASH_ESCAPES',
  'ANSI_QUOTES',
  'NO_BACKSLASH_ESCAPES,ANSI_QUOTES,PIPES_AS_CONCAT,NO_UNSIGNED_SUBTRACTION,STRICT_TRANS_TABLES',
]
const texts: readonly string[] = [
  "it's",
  'back\\slash',
  "both\\'",
  'ends\\',
  'say "x"',
  'a\nb',
  '\\n',
  "'); drop table t; -- ",
  'ü\\é',
]

const packages = {mariadb: ['mariadb', 'MariaDbDriver'], mysql: ['mysql', 'MySqlDriver']} as const

function use(on: Bench, mode: string): void {
  const [name, driver] = packages[on.kind as keyof typeof packages]
  on.folder.writeGraph('a')
  on.folder.write({
    'migrations/versions/a.ts': `/**
 * it's a \\ 'quoted\\
 */
export const revision = 'a'
export const downRevision = null
export function upgrade(op) {
  op.createTable('t', (t) => ({
    n: t.integer().primaryKey(),
    v: t.text(),
    d: t.varchar(40).default(${JSON.stringify("d'\\")}),
    c: t.integer().nullable().comment(${JSON.stringify("c'\\")}),
    e: t.enum(${JSON.stringify(["e'", "ü\\'"])}).default(${JSON.stringify("ü\\'")}),
    s: t.set(${JSON.stringify(['s\\n'])}).default(${JSON.stringify('s\\n')}),
  }))
  const texts = ${JSON.stringify(texts)}
  op.bulkInsert('t', texts.map((v, n) => ({n, v})))
  op.execute('insert into t (n, v) values (?, ?)', [100, texts.join(' ')])
}
`,
  })
  on.folder.write({
    'mig.config.js': `import {${driver} as driver} from ${JSON.stringify(import.meta.resolve(`@mikro-orm/${name}`))}
const setMode = async (connection) => { await connection.executeQuery({sql: ${JSON.stringify(`set session sql_mode = '${mode}'`)}, parameters: [], query: {kind: 'RawNode'}}) }
export default {orm: {driver, clientUrl: ${JSON.stringify(on.database.url)}, entities: [], discovery: {warnWhenNoEntities: false}, onCreateConnection: setMode}}
`,
  })
}

async function checkData(on: Bench): Promise<void> {
  const [rows, comments, messages] = await on.database.query(
    'select n, v, d, e, s from t order by n',
    "select column_comment as comment from information_schema.columns where table_schema = database() and table_name = 't' and column_name = 'c'",
    'select message from mig_version',
  )
  expect(rows?.map(({v}) => v)).to.deep.equal([...texts, texts.join(' ')])
  expect(rows?.[0]).to.deep.include({d: "d'\\", e: "ü\\'", s: 's\\n'})
  expect(comments?.[0]?.['comment']).to.equal("c'\\")
  expect(messages?.[0]?.['message']).to.equal("it's a \\ 'quoted\\")
}

describe('quotes and backslashes stay what they are in every sql_mode', () => {
  for (const kind of databaseKinds.filter((each) => each === 'mariadb' || each === 'mysql'))
    for (const mode of modes) {
      it(`[${kind}] '${mode}' of a run`, async () => {
        const on = new Bench(kind, await createDatabase(kind))
        try {
          use(on, mode)
          await upgrade({cwd: on.cwd})
          await checkData(on)
        } finally {
          await on.end()
        }
      })

      it(`[${kind}] '${mode}' of a script`, async () => {
        const on = new Bench(kind, await createDatabase(kind))
        try {
          use(on, mode)
          const {sql} = await upgradeSql({cwd: on.cwd})
          const {output, status} = await runScript(on, `set session sql_mode = '${mode}';\n${sql}`)
          expect(output).to.equal('')
          expect(status).to.equal(0)
          await checkData(on)
        } finally {
          await on.end()
        }
      })
    }
})

describe('values of a query builder stay what they are in every sql_mode', () => {
  for (const kind of databaseKinds.filter((each) => each === 'mariadb' || each === 'mysql'))
    for (const mode of modes)
      it(`[${kind}] '${mode}'`, async () => {
        const on = new Bench(kind, await createDatabase(kind))
        try {
          use(on, mode)
          await on.database.query('create table t (n integer, v text)')
          on.folder.write({
            'migrations/versions/a.ts': `export const revision = 'a'
export const downRevision = null
export async function upgrade(op) {
  const db = await op.kysely()
  await db.insertInto('t').values(${JSON.stringify(texts)}.map((v, n) => ({n, v}))).execute()
}
`,
          })
          await upgrade({cwd: on.cwd})
          const [rows] = await on.database.query('select v from t order by n')
          expect(rows?.map(({v}) => v)).to.deep.equal(texts)
        } finally {
          await on.end()
        }
      })
})

describe('a SQL revision is split as the sql_mode of its session reads it', () => {
  const modal = {
    '': String.raw`insert into t values ('a\\'), ('it\'s; b');`,
    NO_BACKSLASH_ESCAPES: String.raw`insert into t values ('a\'); insert into t values ('it''s; b');`,
  }
  for (const kind of databaseKinds.filter((each) => each === 'mariadb' || each === 'mysql'))
    for (const [mode, insert] of Object.entries(modal))
      for (const by of ['.sql file', 'op.query']) {
        it(`[${kind}] '${mode}', ${by}`, async () => {
          const on = new Bench(kind, await createDatabase(kind))
          try {
            use(on, mode)
            on.folder.remove('migrations/versions/a.ts')
            await on.database.query('create table t (v varchar(20))')
            const code = `export const revision = 'a'
export const downRevision = null
export async function upgrade(op) {
  for (const sql of ${JSON.stringify(insert.split(/;(?= insert|$)/).filter(Boolean))}) await op.query(sql.trim())
}
`
            on.folder.write(
              by === 'op.query'
                ? {'migrations/versions/a.ts': code}
                : {'migrations/versions/a.sql': `-- revision: a\n-- revises: base\n\n-- upgrade\n${insert}\n`},
            )
            await upgrade({cwd: on.cwd})
            const [rows] = await on.database.query('select v from t order by v')
            expect(rows?.map(({v}) => v)).to.deep.equal(['a\\', "it's; b"])
          } finally {
            await on.end()
          }
        })
      }
})
