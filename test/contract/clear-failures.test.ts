import {expect} from 'chai'
import {upgrade} from '../../src/api/runs/migrate.ts'
import type {RunEvent} from '../../src/runner/events.ts'
import {Bench} from '../support/contract.ts'
import {createDatabase, databaseKinds} from '../support/databases.ts'
import type {DatabaseKind} from '../support/databases.ts'
import {rejectionOf} from '../support/errors.ts'

async function withSql(
  kind: DatabaseKind,
  sql: string,
  header: string,
  work: (on: Bench) => Promise<void>,
): Promise<void> {
  const on = new Bench(kind, await createDatabase(kind))
  try {
    on.use('z')
    on.folder.remove('migrations/versions/z.ts')
    on.folder.write({'migrations/versions/a.sql': `-- revision: a\n-- revises:\n${header}\n-- upgrade\n${sql}\n`})
    await work(on)
  } finally {
    await on.end()
  }
}

const unbalanced: Readonly<Record<string, string>> = {
  'a string': "select 'oops;\nselect 1;",
  'a name': 'select "oops;\nselect 1;',
  'a parenthesis': 'create table b (\n  i int',
  'a comment': 'select 1 /* oops;\nselect 2;',
}

describe('an error is told in the words of the revision', () => {
  for (const kind of databaseKinds)
    for (const [what, sql] of Object.entries(unbalanced))
      for (const header of ['', '-- transactional: false'])
        it(`[${kind}] ${what} that has no end${header === '' ? '' : ', outside of a transaction'}`, async () =>
          withSql(kind, sql, header, async (on) => {
            const events: RunEvent[] = []
            const run = async (): Promise<unknown> =>
              upgrade({cwd: on.cwd, onEvent: (event) => void events.push(event)})
            // SQLite accepts a comment without an end.
            const outcome = await run().catch((error: unknown) => error)
            const said = [String(outcome), ...events.map((event) => (event.kind === 'note' ? event.text : ''))].join(
              '\n',
            )
            expect(said).to.not.match(
              /insert into|mig_log|mig_version|application_name|no transaction in progress|set role/,
            )
            if (what === 'a string' || what === 'a parenthesis')
              expect(said).to.match(/failed at migrations\/versions\/a\.sql:5: /)
          }))

  for (const kind of databaseKinds)
    it(`[${kind}] BEGIN where there is no transaction: no advice to do what was done`, async () =>
      withSql(kind, 'begin;\nselect 1;', '-- transactional: false', async (on) => {
        const error = await rejectionOf('TRANSACTION_CONTROL', () => upgrade({cwd: on.cwd}))
        expect(error.message).to.contain('a.sql:5').and.contain('outside of a transaction')
        expect(error.hint).to.not.contain('add `')
      }))
})

const compounds: Readonly<Record<string, string>> = {
  'begin not atomic':
    'begin not atomic\n  insert into q values (1);\n  if 1 = 1 then insert into q values (2); end if;\nend;',
  'if with else':
    'if (select count(*) from q) = 0 then\n  insert into q values (1);\nelse\n  insert into q values (3);\nend if;\ninsert into q values (2);',
  'nested ifs':
    'if 1 = 1 then\n  if 2 = 1 then insert into q values (9); end if;\n  insert into q values (1);\n  insert into q values (if(1 = 1, 2, 3));\nend if;',
  'a loop': 'for i in 1..2 do\n  insert into q values (i);\nend for;',
}

describe('MariaDB runs compound statements in SQL files', () => {
  for (const kind of databaseKinds.filter((each) => each === 'mariadb'))
    for (const [what, sql] of Object.entries(compounds))
      it(`[${kind}] ${what}`, async () =>
        withSql(kind, `create table q (n integer);\n${sql}\nselect 1;`, '', async (on) => {
          await upgrade({cwd: on.cwd})
          const [rows] = await on.database.query('select n from q order by n')
          expect(rows).to.deep.equal([{n: 1}, {n: 2}])
        }))
})
