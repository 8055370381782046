import {expect} from 'chai'
import {adviceOn} from '../../src/conflicts/advice.ts'
import type {RevisionPair} from '../../src/conflicts/pairs.ts'
import {RevisionTexts} from '../../src/conflicts/revision-texts.ts'
import {unorderedPairs} from '../../src/conflicts/unordered-pairs.ts'
import type {Dialect} from '../../src/dialects/dialect.ts'
import {buildRevisionGraph} from '../../src/graph/build.ts'
import {ScriptRevision} from '../../src/script/revision-file.ts'
import {revisions} from '../support/dag.ts'
import {operationRegistry} from '../support/operations.ts'

interface Case {
  readonly theirs?: string
  readonly ours: string
  readonly verdict?: 'collide' | 'unknown'
  readonly dialect?: Dialect
}

/** Judges a revision that continues from one of the other side. */
async function pairOf({ours, theirs = table, dialect = 'postgresql'}: Case): Promise<RevisionPair | undefined> {
  const bodies: Readonly<Record<string, string>> = {a: 'create table users (id integer)', b: theirs, c: ours}
  const isCode = (id: string): boolean => bodies[id]?.includes('op') === true
  const graph = buildRevisionGraph(
    revisions('a <- b <- c').map((one) => {
      const file = `${one.id}.${isCode(one.id) ? 'ts' : 'sql'}`
      return new ScriptRevision({...one, comment: '', transactional: true, file})
    }),
  )
  const textOf = (id: string): string =>
    isCode(id)
      ? `export async function upgrade(op) {\n${bodies[id] ?? ''}\n}\n`
      : `-- revision: ${id}\n-- revises: none\n\n-- upgrade\n${bodies[id] ?? ''};\n`
  const texts = new RevisionTexts(operationRegistry, [dialect])
  const sides = {ours: new Set(['c']), theirs: new Set(['a', 'b']), unshared: new Set(['b'])}
  const {pairs} = await unorderedPairs(graph, sides, texts, async (all) => all.map(({id}) => textOf(id)))
  expect(pairs.length).to.be.at.most(1)
  return pairs[0]
}

const table = 'create table t (id integer primary key)'

const unread = {
  'a DO block': 'do $$ begin null; end $$',
  'the call of a function': 'select f()',
  'rows of an unknown table': 'insert into zz values (1), (2)',
}

const cases: Readonly<Record<string, Case>> = {
  ...Object.fromEntries(
    Object.entries(unread).flatMap(([what, sql]): readonly (readonly [string, Case])[] => [
      [`${what} after what fails`, {ours: `${table}; ${sql}`, verdict: 'collide'}],
      [`${what} before what fails`, {ours: `${sql}; ${table}`, verdict: 'unknown'}],
      [`${what} and nothing that fails`, {ours: `${sql}; create table u (id integer)`}],
    ]),
  ),
  'a call that cannot be read after what fails': {
    ours: "op.execute('create table t (id integer)')\nop.createTable(name, columns)",
    verdict: 'collide',
  },
  'a call that cannot be read before what fails': {
    ours: "op.execute(sql)\nop.execute('create table t (id integer)')",
    verdict: 'unknown',
  },
  'code that cannot be read': {ours: "helper(op)\nop.execute('create table t (id integer)')", verdict: 'unknown'},
  'SQL with a syntax error after what fails': {ours: `${table}; creat table u (id integer)`, verdict: 'collide'},
  'SQL of MariaDB that is not read after what fails': {
    ours: `${table}; call tidy()`,
    verdict: 'collide',
    dialect: 'mariadb',
  },
  'SQL of MariaDB that is not read before what fails': {
    ours: `call tidy(); ${table}`,
    verdict: 'unknown',
    dialect: 'mariadb',
  },
  'a file of the other side with more that is not read': {
    theirs: "op.execute('create table t (id integer)')\nhelper(op)",
    ours: table,
    verdict: 'unknown',
  },
}

describe('conflicts/failing-orders', () => {
  for (const [what, one] of Object.entries(cases))
    it(`judges a revision that comes after another one and has ${what}`, async () => {
      const pair = await pairOf(one)
      expect(pair?.verdict, pair?.reason).to.equal(one.verdict)
      if (pair !== undefined) expect(pair.isOrdered).to.equal(true)
    })

  it('says what is not known, and no order that there is already', async () => {
    const pair = await pairOf({ours: `do $$ begin null; end $$; ${table}`})
    expect(pair?.reason).to.equal(
      'It is not known whether c works after b: table t already exists, but c has a DO block.',
    )
    expect(pair === undefined ? undefined : adviceOn(pair)).to.equal(
      'Read both. If c does not work after b, change it, or remove that order.',
    )
  })
})
