import {expect} from 'chai'
import {downgrade, upgrade} from '../../src/index.ts'
import {createDatabase} from '../support/databases.ts'
import {mig} from '../support/cli.ts'
import {rejectionOf} from '../support/errors.ts'
import {Folder} from '../support/folder.ts'

/** A configuration with an operation of its own, and one that a `.ts` project would type. */
const config = `export default {
  orm: process.env.TEST_URL,
  operations: [
    {
      kind: 'grantRead',
      parameters: ['table'],
      options: ['to'],
      sql: ({table, to = 'public'}, {dialect, quote}) =>
        dialect === 'postgresql' ? [\`grant select on \${quote(table)} to \${to}\`] : {unsupported: 'it has no roles'},
      inverse: ({table, to = 'public'}) => [{kind: 'execute', sql: \`revoke select on \${table} from \${to}\`, parameters: []}],
      effects: ({table}) => ({reads: [], writes: [{kind: 'table', name: table}]}),
    },
  ],
}
`

const bodies: Readonly<Record<string, string>> = {
  a: `export function upgrade(op) {
  op.createTable('users', (t) => ({id: t.serial().primaryKey(), email: t.varchar(50), age: t.integer()}))
  op.grantRead('users')
}
`,
  b: `export function upgrade(op) {
  op.alterColumn('users', 'email', {nullable: false}, {was: {nullable: true}})
  op.dropColumn('users', 'age', {was: (t) => t.integer()})
}
`,
  c: `export function upgrade(op) {
  op.execute("update users set email = '-'")
  op.dropTable('users')
}
`,
  d: `export async function upgrade(op) {
  op.renameTable('users', 'people')
  await op.query('select 1')
}
`,
}

const folderOf = (dag: string): Folder =>
  new Folder()
    .writeGraph(dag, ({id}) => bodies[id] ?? 'export function upgrade() {}\n')
    .write({'mig.config.js': config})

describe('operations in projects', () => {
  it('of a revision without a downgrade are undone, last first', async () => {
    const database = await createDatabase('postgresql')
    process.env['MIG_DATABASE_URL'] = database.url
    try {
      const cwd = folderOf('a <- b').path
      const describeTable = `select column_name, data_type, is_nullable from information_schema.columns where table_name = 'users' order by ordinal_position`
      await upgrade({cwd, target: 'a'})
      const [before] = await database.query(describeTable)
      const grants = `select count(*)::int as n from information_schema.role_table_grants where table_name = 'users' and grantee = 'PUBLIC'`
      expect((await database.query(grants))[0]).to.deep.equal([{n: 1}])
      await upgrade({cwd, target: 'b'})
      await downgrade({cwd, target: 'a'})
      expect((await database.query(describeTable))[0]).to.deep.equal(before)
      await downgrade({cwd, target: 'base'})
      expect((await database.query(describeTable))[0]).to.deep.equal([])
    } finally {
      delete process.env['MIG_DATABASE_URL']
      await database.drop()
    }
  })

  it('are those of their own project, also while others run in the same process', async () => {
    const operationOf = (mark: string): string =>
      `{kind: 'mark', parameters: ['table'], sql: ({table}, {quote}) => [\`insert into \${quote(table)} values ('${mark}')\`]}`
    const revision = `export function upgrade(op) {
  op.createTable('marks', (t) => ({text: t.text()}))
  op.mark('marks')
}
export function downgrade(op) {
  op.dropTable('marks')
}
`
    const marks = ['first', 'second', undefined]
    const databases = await Promise.all(marks.map(async () => createDatabase('sqlite')))
    try {
      const results = await Promise.allSettled(
        databases.map(async ({url}, i) => {
          const mark = marks[i]
          const operations = mark === undefined ? '' : operationOf(mark)
          const folder = new Folder().writeGraph('a', () => revision)
          folder.write({'mig.config.js': `export default {orm: ${JSON.stringify(url)}, operations: [${operations}]}\n`})
          await upgrade({cwd: folder.path, target: 'head'})
        }),
      )
      expect(results.map(({status}) => status)).to.deep.equal(['fulfilled', 'fulfilled', 'rejected'])
      const [, , missing] = results
      expect(missing).to.have.nested.property('reason.code', 'REVISION_FAILED')
      expect(missing).to.have.nested.property('reason.message').that.includes('op.mark is not a function')
      for (const [i, mark] of ['first', 'second'].entries())
        expect(await databases[i]?.query('select text from marks')).to.deep.equal([[{text: mark}]])
    } finally {
      for (const database of databases) await database.drop()
    }
  })

  const irreversible: readonly {readonly dag: string; readonly name: string; readonly message: string}[] = [
    {
      name: 'names the operation that stands in the way',
      dag: 'a <- c',
      message:
        'it has no downgrade, and op.dropTable of users cannot be reverted: the previous table definition is missing; pass it as `was`',
    },
    {
      name: 'refuses an upgrade that goes by the database',
      dag: 'a <- d',
      message: 'it has no downgrade, and its upgrade depends on data it reads from the database',
    },
  ]
  for (const {name, dag, message} of irreversible)
    it(`of a revision without a downgrade: ${name}, before anything is run`, async () => {
      const database = await createDatabase('postgresql')
      process.env['MIG_DATABASE_URL'] = database.url
      try {
        const cwd = folderOf(dag).path
        await upgrade({cwd, target: 'head'})
        const error = await rejectionOf('IRREVERSIBLE', () => downgrade({cwd, target: 'base'}))
        expect(error.message).to.contain(message)
      } finally {
        delete process.env['MIG_DATABASE_URL']
        await database.drop()
      }
    })

  const table = "op.createTable('t', (t) => ({n: t.integer()}))"
  const emptyDowngrades: Readonly<
    Record<string, readonly [upgrade: string, downgrade: string, tables: string | undefined]>
  > = {
    'reverts the operations of the upgrade': [table, 'export async function downgrade(op) {\n}', ''],
    'reverts them with an arrow function': [table, 'export const downgrade = async (op) => {}', ''],
    'refuses what has no inverse': [
      "op.execute('create table t (n integer)')",
      'export function downgrade() {}',
      undefined,
    ],
    'with a comment reverts nothing': [table, 'export function downgrade(op) {\n  // t is kept\n}', 't'],
    'after an empty upgrade reverts nothing': ['', 'export function downgrade() {}', ''],
  }
  for (const [name, [up, down, tables]] of Object.entries(emptyDowngrades))
    it(`an empty downgrade ${name}`, async () => {
      const database = await createDatabase('sqlite')
      try {
        const folder = new Folder().writeGraph('a', () => `export function upgrade(op) { ${up} }\n${down}\n`)
        const {path: cwd} = folder.write({'mig.config.js': `export default {orm: ${JSON.stringify(database.url)}}\n`})
        await upgrade({cwd, target: 'head'})
        if (tables === undefined) {
          const {message, hint} = await rejectionOf('IRREVERSIBLE', () => downgrade({cwd, target: 'base'}))
          expect([message, hint].join(' '))
            .to.contain('it has no downgrade, and op.execute cannot be reverted')
            .and.to.contain('a comment in it')
        } else await downgrade({cwd, target: 'base'})
        const [left = []] = await database.query("select name from sqlite_master where name = 't'")
        expect(left.map((row) => row['name']).join(' ')).to.equal(tables ?? 't')
      } finally {
        await database.drop()
      }
    })

  const listings: readonly {
    readonly name: string
    readonly args: readonly string[]
    readonly lines: readonly string[]
  }[] = [
    {
      name: 'effects',
      args: ['show', 'b', '--effects'],
      lines: [
        'writes:        column users.email',
        'writes:        column users.age',
        'reads:         table users',
        'can lose:      the values in users.age',
      ],
    },
    {
      name: 'effects of SQL',
      args: ['show', 'c', '--effects'],
      lines: ['writes:        column users.email', 'writes:        table users'],
    },
    {
      name: 'the revisions that touch a column',
      args: ['history', '--touches', 'users.email'],
      lines: ['b -> c (head)', 'a -> b', 'base -> a', 'Could not determine what e touches.'],
    },
    {
      name: 'the revisions that touch another column',
      args: ['history', '--touches', 'users.ag'],
      lines: ['b -> c (head)', 'base -> a'],
    },
    {
      name: 'that none touches',
      args: ['history', '--touches', 'posts'],
      lines: ['No revisions known to touch posts.'],
    },
  ]
  for (const {name, args, lines} of listings)
    it(`show ${name}`, async () => {
      const folder = folderOf('a <- b <- c; a <- e')
      folder.write({
        'migrations/versions/e.ts': folder
          .read('migrations/versions/e.ts')
          .replace('upgrade() {}', "upgrade(op) { op.execute('do $$ begin end $$') }"),
      })
      const {stdout, stderr, status} = await mig(args, {cwd: folder.path})
      expect(status, stderr).to.equal(0)
      for (const line of lines) expect(`${stdout}${stderr}`).to.contain(line)
    })
})
