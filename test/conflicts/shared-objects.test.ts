import {expect} from 'chai'
import {sharedObjects} from '../../src/conflicts/shared-objects.ts'
import {writtenEffects} from '../../src/conflicts/written-effects.ts'
import {describeShared} from '../../src/cli/format-divergence.ts'
import {buildRevisionGraph} from '../../src/graph/revision-graph.ts'
import type {SchemaObject} from '../../src/operations/definition.ts'
import {sourceOf} from '../../src/operations/record.ts'
import {ScriptRevision} from '../../src/script/revision-file.ts'
import {effectsOf} from '../../src/sql/effects/effects.ts'
import {operationCases} from '../operations/cases.ts'
import {revisions} from '../support/dag.ts'
import {operationRegistry, recorded} from '../support/operations.ts'

const upgrade = (body: string): string => `export async function upgrade(op) {\n${body}\n}\n`

async function shown(file: string, text: string): Promise<string> {
  const effects = await writtenEffects(file, text, operationRegistry)
  const named = (sign: string, objects: readonly SchemaObject[]): string[] =>
    objects.map(({kind, name}) => (kind === 'unknown' ? '?' : `${sign}${kind} ${name}`))
  const all = effects.flatMap(({reads, writes}) => [...named('+', writes), ...named('', reads)])
  return [...new Set(all)].toSorted().join('; ')
}

describe('what the text of a revision says that it does', () => {
  const texts: Readonly<Record<string, readonly [text: string, effects: string]>> = {
    'a table': [upgrade("op.dropTable('users')"), '+table users'],
    'a column': [upgrade("op.addColumn('users', 'age', (t) => t.integer())"), '+column users.age; +table users'],
    'a column that gets another name': [
      upgrade("op.renameColumn('users', 'a', 'b')"),
      '+column users.a; +column users.b; +table users',
    ],
    'a foreign key': [upgrade("op.createForeignKey('a', ['b_id'], 'b', ['id'])"), '+table a; table b'],
    'what a new table refers to': [
      upgrade("op.createTable('a', (t) => ({m: t.type('mood')}), {foreignKeys: [{columns: 'm', references: 'b'}]})"),
      '+table a; table b; type mood',
    ],
    'a view': [upgrade("op.createView('v', `select 1 from users`)"), '+view v; table users'],
    SQL: [upgrade("op.execute('alter table users drop column age')"), '+column users.age; table users'],
    'SQL with values': [upgrade("op.execute('update users set a = ?', [now()])"), '+column users.a; table users'],
    'SQL for each dialect': [
      upgrade("op.execute({postgresql: 'drop table a', sqlite: `drop table b`,})"),
      '+table a; +table b',
    ],
    'SQL that PostgreSQL cannot parse': [upgrade("op.execute('drop table `a`')"), '?'],
    'calls in conditions, in batches and outside of the transaction': [
      upgrade(`if (op.dialect === 'sqlite') op.dropTable('a')
        else op.batchAlterTable('b', (table) => { table.dropColumn('x') })
        await op.autocommit(() => op.dropView("c"))
        const rows = await op.query<{n: Map<string, number>}>('select n from d')`),
      '+table a; +table b; +view c; column d.n; table d',
    ],
    'an arrow function, another name and types': [
      "export const upgrade = async (migration: Operations): Promise<void> => {\n migration.dropTable('a') }",
      '+table a',
    ],
    nothing: ['export function upgrade() {}\nexport function downgrade(op) { op.dropTable("a") }', ''],
    'what stands in comments and strings': [upgrade("// op.dropTable('a')\nconst x = \"op.dropTable('b')\" / 2"), ''],
    'a name that is computed': [upgrade("for (const t of ['a', 'b']) op.dropTable(t)"), '?'],
    'a name that is put together': [upgrade("op.dropTable('a' + b)"), '?'],
    'a template with something in it': [upgrade('op.execute(`drop table ${op.dialect}`)'), '?'],
    'op handed on': [upgrade('addAudit(op, "users")'), '?'],
    'op taken apart': ['export function upgrade({dropTable}) { dropTable("a") }', '?'],
    'a query builder': [upgrade("await (await op.kysely()).deleteFrom('a').execute()"), '?'],
    'an operation of its own': [upgrade("op.createAudit('users')"), '?'],
    'an upgrade from elsewhere': ["export {upgrade} from './shared.ts'", '?'],
  }
  for (const [name, [text, effects]] of Object.entries(texts))
    it(`is read: ${name}`, async () => {
      expect(await shown('a.ts', text)).to.equal(effects)
    })

  it('is read of SQL files', async () => {
    const text = '-- revision: a\n-- revises: none\n\n-- upgrade\ndrop table a;\n-- downgrade\ndrop table b;\n'
    expect(await shown('a.sql', text)).to.equal('+table a')
  })

  it('is known, with everything that is written, for every kind of operation', async () => {
    for (const {name, run} of operationCases)
      for (const operation of recorded('postgresql', run)) {
        const text = upgrade(sourceOf(operationRegistry.definitionOf(operation), operation as never))
        const found = await shown('a.ts', text)
        expect(found.includes('?'), text).to.equal(false)
        const {writes} = await effectsOf([operation], 'postgresql', operationRegistry)
        const own = writes.filter(({kind}) => ['table', 'view', 'type', 'sequence', 'schema'].includes(kind))
        for (const one of own) expect(found, `${name}\n${text}`).to.match(new RegExp(`\\+\\w+ ${one.name}(?:;|$)`))
      }
  })
})

describe('what several heads touch in common', () => {
  const cases: Readonly<Record<string, {dag: string; texts: Readonly<Record<string, string>>; says: string}>> = {
    nothing: {
      dag: 'a <- b; a <- c',
      texts: {b: "op.dropTable('x')", c: "op.dropTable('y')"},
      says: 'They touch no common objects, as far as their code shows.',
    },
    'a table of which each changes another column': {
      dag: 'a <- b; a <- c',
      texts: {b: "op.dropColumn('orders', 'x')", c: "op.dropColumn('orders', 'y')"},
      says: 'Both touch table orders.',
    },
    'a column': {
      dag: 'a <- b; a <- c',
      texts: {b: "op.dropColumn('orders', 'x')", c: "op.execute('update public.orders set x = 1')"},
      says: 'Both touch column orders.x.',
    },
    'a table that one refers to and the other drops, in revisions further down': {
      dag: 'a <- b <- d; a <- c <- e',
      texts: {b: "op.createForeignKey('x', ['y_id'], 'y', ['id'])", c: "op.dropTable('y')"},
      says: 'Both touch table y.',
    },
    'a table that both only refer to': {
      dag: 'a <- b; a <- c',
      texts: {b: "op.createForeignKey('x', ['y'], 'y', ['id'])", c: "op.createForeignKey('z', ['y'], 'y', ['id'])"},
      says: 'They touch no common objects, as far as their code shows.',
    },
    'a table beside something that is not clear': {
      dag: 'a <- b; a <- c',
      texts: {b: "op.dropTable('x')", c: "op.dropTable('x'); helper(op)"},
      says: 'Both touch table x. The other effects of c are unknown without running it.',
    },
    'what the branch point did is no matter': {
      dag: 'a <- b; a <- c',
      texts: {a: "op.dropTable('x')", b: "op.dropTable('x')", c: ''},
      says: 'They touch no common objects, as far as their code shows.',
    },
    'a table of two heads of three, which two share a part of their lines': {
      dag: 'a <- s <- b; s <- c; a <- d',
      texts: {s: "op.dropTable('x')", d: "op.dropTable('x')", b: "op.dropTable('y')", c: "op.dropTable('y')"},
      says: 'All touch table x. b and c touch table y.',
    },
  }
  for (const [name, {dag, texts, says}] of Object.entries(cases))
    it(`is said: ${name}`, async () => {
      const graph = buildRevisionGraph(
        revisions(dag).map((one) => {
          const header = {...one, comment: '', transactional: true, file: `${one.id}.ts`}
          return new ScriptRevision(header)
        }),
      )
      const shared = await sharedObjects(
        graph,
        graph.heads,
        async (all) => all.map(({id}) => upgrade(texts[id] ?? '')),
        operationRegistry,
      )
      expect(describeShared(shared, graph.heads.length).join(' ')).to.equal(says)
    })

  /** Returns the objects, as `kind name: heads`, and the revisions that are unclear. */
  async function found(dag: string, texts: Readonly<Record<string, string | undefined>>): Promise<unknown> {
    const fileOf = (id: string): string => (texts[id]?.startsWith('--') ? `${id}.sql` : `${id}.ts`)
    const graph = buildRevisionGraph(
      revisions(dag).map((one) => new ScriptRevision({...one, comment: '', transactional: true, file: fileOf(one.id)})),
    )
    const read = async (all: readonly ScriptRevision[]): Promise<readonly string[]> =>
      all.map(({id, file}) => (file.endsWith('.sql') ? (texts[id] ?? '') : upgrade(texts[id] ?? '')))
    const {objects = [], unclear = []} = (await sharedObjects(graph, graph.heads, read, operationRegistry)) ?? {}
    return [...objects.map(({kind, name, heads}) => `${kind} ${name}: ${heads.join(' ')}`), ...unclear]
  }

  const pairs: Readonly<Record<string, readonly [b: string, c: string, found: readonly string[]]>> = {
    'objects in the order of their names': [
      "op.dropTable('z'); op.dropTable('a'); op.dropView('m')",
      "op.dropView('m'); op.dropTable('a'); op.dropTable('z')",
      ['table a: b c', 'view m: b c', 'table z: b c'],
    ],
    'a view that the other reads': ["op.dropView('v')", "op.createView('w', 'select 1 from v')", ['view v: b c']],
    'a table in other letters': ["op.dropTable('Users')", "op.dropTable('users')", ['table Users: b c']],
    'a table of the schema public': ["op.dropTable('public.t')", "op.dropTable('t')", ['table public.t: b c']],
    'tables of two schemas': ["op.dropTable('app.t')", "op.dropTable('t')", []],
    'columns of a table in a schema': [
      "op.dropColumn('app.t', 'x')",
      "op.dropColumn('app.t', 'y')",
      ['table app.t: b c'],
    ],
    'a part of a table, and the table': [
      "op.execute('create trigger g after insert on t for each row execute function f()')",
      "op.dropTable('t')",
      ['table t: b c'],
    ],
    'a constraint, and the table': [
      "op.execute('alter table t drop constraint k')",
      "op.setTableComment('t', 'x')",
      ['table t: b c'],
    ],
    'a policy, and another': [
      "op.execute('create policy p on t using (true)')",
      "op.execute('create policy q on t using (true)')",
      ['table t: b c'],
    ],
    'a type and a table of one name': ["op.dropEnum('x')", "op.dropTable('x')", []],
    'what both only read': ["op.query('select 1 from t')", "op.query('select 1 from t')", []],
    'what one reads, and writes later': [
      "op.query('select 1 from t'); op.dropTable('t')",
      "op.query('select 1 from t')",
      ['table t: b c'],
    ],
    'what one writes, and reads later': [
      "op.dropTable('t'); op.query('select 1 from t')",
      "op.query('select 1 from t')",
      ['table t: b c'],
    ],
    'a SQL file that cannot be read': ['-- downgrade\nselect 1', "op.dropTable('t')", ['b']],
    'something that is not clear': ['helper(op)', "op.dropTable('t')", ['b']],
  }
  for (const [name, [b, c, expected]] of Object.entries(pairs))
    it(`is found: ${name}`, async () => {
      expect(await found('a <- b; a <- c', {b, c})).to.deep.equal(expected)
    })

  it('is not what the branch point did, whichever head comes first', async () => {
    const drop = "op.dropTable('x')"
    expect(await found('a <- b; a <- c', {a: drop, b: drop})).to.deep.equal([])
    expect(await found('a <- b; a <- c', {a: drop, c: drop})).to.deep.equal([])
  })

  it('is looked for in 300 revisions, and not in more', async () => {
    const lines = (length: number): string => `a <- ${Array.from({length}, (_, i) => `r${i}`).join(' <- ')}; a <- b`
    const texts = {b: "op.dropTable('t')", r7: "op.dropTable('t')"}
    expect(await found(lines(299), texts)).to.deep.equal(['table t: r298 b'])
    expect(await found(lines(300), texts)).to.deep.equal([])
  })

  it('is not looked for in very many revisions', async () => {
    const chain = Array.from({length: 400}, (_, i) => `r${i}`)
    const graph = buildRevisionGraph(
      revisions(`a <- ${chain.join(' <- ')}; a <- b`).map(
        (one) => new ScriptRevision({...one, comment: '', transactional: true, file: `${one.id}.ts`}),
      ),
    )
    const shared = await sharedObjects(
      graph,
      graph.heads,
      async () => expect.fail('nothing is read'),
      operationRegistry,
    )
    expect(describeShared(shared, 2)).to.deep.equal([])
  })
})
