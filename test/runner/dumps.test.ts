import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {expect} from 'chai'
import {upgrade} from '../../src/api/runs/migrate.ts'
import {Bench} from '../support/contract.ts'
import {createDatabase, databaseKinds} from '../support/databases.ts'
import {rejectionOf} from '../support/errors.ts'

/** The output of `pg_dump --inserts --no-owner`. */
const dump = readFileSync(join(import.meta.dirname, 'dumps/pg-dump-inserts.sql'), 'utf8')
const header = '-- revision: b\n-- revises: a\n\n-- upgrade\n'

/** Texts of psql, with what the error names. */
const refused = [
  {
    name: 'rows',
    text: 'create table x (n integer);\nCOPY public.x (n) FROM stdin;\n1\n\\.\n',
    says: /COPY … FROM stdin \(.*b\.sql:6\)/,
  },
  {name: 'another connection', text: 'select 1;\n\n\\connect other\n', says: /\\connect \(.*b\.sql:7\)/},
  {name: 'another file', text: '\\i other.sql\n', says: /\\i \(.*b\.sql:5\)/},
]

describe('dumps of pg_dump', () => {
  for (const kind of databaseKinds.filter((one) => one === 'postgresql' || one === 'pglite'))
    describe(`[${kind}]`, () => {
      let on: Bench
      beforeEach(async () => {
        on = new Bench(kind, await createDatabase(kind))
        on.use('a <- c', ({id}) => `export function upgrade(op) { op.execute('create table t_${id} (n integer)') }\n`)
      })
      afterEach(async () => on.end())

      const write = (text: string): unknown => on.folder.write({'migrations/versions/b.sql': header + text})

      it('are revisions', async () => {
        write(dump.replace('CREATE SCHEMA public;', ''))
        await upgrade({cwd: on.cwd, target: 'heads'})
        expect(await on.tables()).to.deep.equal(['mig_log', 'mig_version', 'names', 'person', 't_a', 't_c'])
        const [rows] = await on.database.query('select name from person order by id')
        expect(rows).to.deep.equal([{name: "it's; \\x"}, {name: 'ä'}])
      })

      for (const {name, text, says} of refused)
        it(`are refused with ${name}, before anything is run`, async () => {
          write(text)
          const error = await rejectionOf('CLIENT_COMMAND', () => upgrade({cwd: on.cwd, target: 'heads'}))
          expect(error.message).to.match(says)
          expect(error.hint).to.contain('pg_dump --inserts')
          expect(await on.tables()).to.deep.equal([])
        })
    })
})

describe('a search path without a schema', () => {
  for (const kind of databaseKinds.filter((one) => one === 'postgresql'))
    it(`[${kind}] is named, and is no lock of another run`, async () => {
      const on = new Bench(kind, await createDatabase(kind))
      try {
        const url = `${on.database.url}?options=-csearch_path%3Dnosuch`
        on.use('a', undefined, {orm: url})
        const error = await rejectionOf('SCHEMA_MISSING', () => upgrade({cwd: on.cwd, lockTimeout: '3s'}))
        expect(error.message).to.contain('The search path of').and.contain('is nosuch, and no schema in it exists')
      } finally {
        await on.end()
      }
    })
})

describe('a search path that gets a schema before that of the version table', () => {
  for (const kind of databaseKinds.filter((one) => one === 'postgresql'))
    it(`[${kind}] does not hide what is applied`, async () => {
      const on = new Bench(kind, await createDatabase(kind))
      try {
        on.use('a <- b')
        await upgrade({cwd: on.cwd, target: 'a'})
        await on.database.query('create schema app')
        on.use('a <- b', undefined, {orm: `${on.database.url}?options=-csearch_path%3Dapp,public`})
        const {steps} = await upgrade({cwd: on.cwd})
        expect(steps.map(({revision}) => revision)).to.deep.equal(['b'])
        const [rows] = await on.database.query("select schemaname from pg_tables where tablename = 'mig_version'")
        expect(rows).to.deep.equal([{schemaname: 'public'}])
      } finally {
        await on.end()
      }
    })
})
