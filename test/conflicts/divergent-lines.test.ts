import {expect} from 'chai'
import {describePairs} from '../../src/cli/format-divergence.ts'
import {divergentLines} from '../../src/conflicts/divergent-lines.ts'
import type {DivergentLines} from '../../src/conflicts/divergent-lines.ts'
import {RevisionTexts} from '../../src/conflicts/revision-texts.ts'
import {buildRevisionGraph} from '../../src/graph/build.ts'
import {ScriptRevision} from '../../src/script/revision-file.ts'
import {revisions} from '../support/dag.ts'
import {operationRegistry} from '../support/operations.ts'

const upgrade = (body: string): string => `export async function upgrade(op) {\n${body}\n}\n`

/** Returns the relation of the heads of a graph, whose revisions have these texts: SQL files, or bodies of an upgrade. */
async function linesOf(dag: string, texts: Readonly<Record<string, string | undefined>>): Promise<DivergentLines> {
  const isSql = (id: string): boolean => texts[id]?.startsWith('--') === true
  const graph = buildRevisionGraph(
    revisions(dag).map(
      (one) =>
        new ScriptRevision({
          ...one,
          comment: '',
          transactional: true,
          file: `${one.id}.${isSql(one.id) ? 'sql' : 'ts'}`,
        }),
    ),
  )
  return divergentLines(graph, graph.heads, new RevisionTexts(operationRegistry, ['postgresql']), async (all) =>
    all.map(({id}) => (isSql(id) ? (texts[id] ?? '') : upgrade(texts[id] ?? ''))),
  )
}

describe('conflicts/divergent-lines', () => {
  const cases: Readonly<Record<string, {dag: string; texts: Readonly<Record<string, string>>; says: string}>> = {
    nothing: {
      dag: 'a <- b; a <- c',
      texts: {b: "op.dropTable('x')", c: "op.dropTable('y')"},
      says: 'They touch no common objects, as far as their code shows.',
    },
    'a table of which each changes another column': {
      dag: 'a <- b; a <- c',
      texts: {b: "op.dropColumn('orders', 'x')", c: "op.dropColumn('orders', 'y')"},
      says: 'Both touch table orders; either may go first.',
    },
    'a column': {
      dag: 'a <- b; a <- c',
      texts: {b: "op.dropColumn('orders', 'x')", c: "op.execute('update public.orders set x = 1')"},
      says: 'b and c collide. c fails after b: column orders.x does not exist.',
    },
    'a table that one refers to and the other drops, in revisions further down': {
      dag: 'a <- b <- d; a <- c <- e',
      texts: {b: "op.createForeignKey('x', ['y_id'], 'y', ['id'])", c: "op.dropTable('y')"},
      says: 'b and c collide. c fails after b: constraint x.x_y_id_foreign needs table y.',
    },
    'a table that both only refer to': {
      dag: 'a <- b; a <- c',
      texts: {b: "op.createForeignKey('x', ['y'], 'y', ['id'])", c: "op.createForeignKey('z', ['y'], 'y', ['id'])"},
      says: 'They touch no common objects, as far as their code shows.',
    },
    'a table beside something that is not clear': {
      dag: 'a <- b; a <- c',
      texts: {b: "op.dropTable('x')", c: "op.dropTable('x'); helper(op)"},
      says: 'b and c collide. c fails after b: table x does not exist.',
    },
    'what the branch point did is no matter': {
      dag: 'a <- b; a <- c',
      texts: {a: "op.dropTable('x')", b: "op.dropTable('x')", c: ''},
      says: 'They touch no common objects, as far as their code shows.',
    },
    'a table of two heads of three, which two share a part of their lines': {
      dag: 'a <- s <- b; s <- c; a <- d',
      texts: {s: "op.dropTable('x')", d: "op.dropTable('x')", b: "op.dropTable('y')", c: "op.dropTable('y')"},
      says: 'b and c collide. c fails after b: table y does not exist. s and d collide. d fails after s: table x does not exist.',
    },
  }
  for (const [name, {dag, texts, says}] of Object.entries(cases))
    it(`are said to share ${name}`, async () => {
      expect(describePairs(await linesOf(dag, texts)).join(' ')).to.equal(says)
    })

  /** Returns the objects, as `kind name: heads`, and the revisions that are unclear. */
  async function found(dag: string, texts: Readonly<Record<string, string | undefined>>): Promise<unknown> {
    const {objects, unclear} = (await linesOf(dag, texts)).shared
    return [...objects.map(({kind, name, heads}) => `${kind} ${name}: ${heads.join(' ')}`), ...unclear]
  }

  const sharing: Readonly<Record<string, readonly [b: string, c: string, found: readonly string[]]>> = {
    'objects in the order of their names': [
      "op.dropTable('z'); op.dropTable('a'); op.dropView('m')",
      "op.dropView('m'); op.dropTable('a'); op.dropTable('z')",
      ['table a: b c', 'table z: b c', 'view m: b c'],
    ],
    'a view that the other reads': ["op.dropView('v')", "op.createView('w', 'select 1 from v')", ['view v: b c']],
    'tables in other letters': ["op.dropTable('Users')", "op.dropTable('users')", []],
    'a table of the schema public': ["op.dropTable('public.t')", "op.dropTable('t')", ['table t: b c']],
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
  for (const [name, [b, c, expected]] of Object.entries(sharing))
    it(`is found: ${name}`, async () => {
      expect(await found('a <- b; a <- c', {b, c})).to.deep.equal(expected)
    })

  it('is not what the branch point did, whichever head comes first', async () => {
    const drop = "op.dropTable('x')"
    expect(await found('a <- b; a <- c', {a: drop, b: drop})).to.deep.equal([])
    expect(await found('a <- b; a <- c', {a: drop, c: drop})).to.deep.equal([])
  })

  it('is found among very many revisions', async () => {
    const line = (letter: string): string => Array.from({length: 400}, (_, i) => `${letter}${i}`).join(' <- ')
    const of = (letter: string): Readonly<Record<string, string>> =>
      Object.fromEntries(
        Array.from({length: 400}, (_, i) => [`${letter}${i}`, `op.addColumn('${letter}${i}', 'x', (t) => t.text())`]),
      )
    const texts = {...of('b'), ...of('c'), b7: "op.dropTable('t')", c9: "op.dropTable('t')"}
    const {pairs, shared} = await linesOf(`a <- ${line('b')}; a <- ${line('c')}`, texts)
    expect(pairs.map(({ours, theirs, verdict}) => `${ours} ${theirs} ${verdict}`)).to.deep.equal(['b7 c9 collide'])
    expect(shared.objects).to.deep.equal([{kind: 'table', name: 't', heads: ['b399', 'c399']}])
  })

  it('is unknown for pairs that are too many to be compared', async () => {
    const line = (letter: string): string => Array.from({length: 60}, (_, i) => `${letter}${i}`).join(' <- ')
    const texts = Object.fromEntries(
      ['b', 'c'].flatMap((letter) =>
        Array.from({length: 60}, (_, i) => [`${letter}${i}`, `op.addColumn('t', '${letter}${i}', (t) => t.text())`]),
      ),
    )
    const {verdict, pairs} = await linesOf(`a <- ${line('b')}; a <- ${line('c')}`, texts)
    const unknown = pairs.filter((pair) => pair.verdict === 'unknown')
    expect([verdict, pairs.length, unknown.length]).to.deep.equal(['unknown', 3600, 1600])
    expect(unknown[0]?.reason).to.equal('More than 2,000 pairs have objects in common; this one was not compared.')
  })

  it('is judged by the history that both have, of which only the relevant part is read', async () => {
    const chain = Array.from({length: 100}, (_, i) => `h${i}`)
    const texts: Record<string, string> = Object.fromEntries(
      chain.map((id) => [id, `op.createTable('${id}', (t) => ({id: t.integer()}))`]),
    )
    texts['h3'] = "op.execute('create table t (x integer, y integer); create index t_x on t (x)')"
    texts['b'] = "op.execute('drop index t_x')"
    texts['c'] = "op.dropColumn('t', 'x')"
    texts['d'] = "op.dropColumn('t', 'y')"
    const history = chain.join(' <- ')
    const last = chain.at(-1)
    const {pairs} = await linesOf(`${history}; ${last} <- b; ${last} <- c; ${last} <- d`, texts)
    expect(pairs.map(({ours, theirs, verdict}) => `${ours} ${theirs} ${verdict}`)).to.deep.equal([
      'b c collide',
      'b d together',
      'c d together',
    ])
  })
})
