import {expect} from 'chai'
import {pairsOf} from '../../src/conflicts/pairs.ts'
import {RevisionTexts} from '../../src/conflicts/revision-texts.ts'
import {readRevisionFile} from '../../src/script/revision-file.ts'
import type {ScriptRevision} from '../../src/script/revision-file.ts'
import {operationRegistry} from '../support/operations.ts'

interface Case {
  readonly common?: string
  readonly ours: string
  readonly theirs: string
  readonly verdict: string
}

const users = 'create table users (id integer, age integer)'
const check = 'alter table users add constraint c check (age > 0)'

const cases: Readonly<Record<string, Case>> = {
  'one constraint on both sides': {common: users, ours: check, theirs: check, verdict: 'collide'},
  'one constraint on both sides, of a table with rows': {
    common: `${users}; insert into users values (1, 2)`,
    ours: check,
    theirs: check,
    verdict: 'collide',
  },
  'a constraint that the other side drops, of a table with rows': {
    common: `${users}; insert into users values (1, 2)`,
    ours: check,
    theirs: 'alter table users drop constraint if exists c',
    verdict: 'unknown',
  },
  'tables of their own': {
    ours: 'create table a (n integer)',
    theirs: 'create table b (n integer)',
    verdict: 'independent',
  },
}

const revisionOf = (name: string, sql: string): {readonly revision: ScriptRevision; readonly text: string} => {
  const text = `-- revision: ${name}\n-- revises:\n\n-- upgrade\n${sql};\n`
  return {revision: readRevisionFile(`${name}.sql`, text)!, text}
}

async function verdictOn(
  common: readonly string[],
  ours: readonly string[],
  theirs: readonly string[],
): Promise<string> {
  const sides = Object.entries({common, ours, theirs}).map(([side, all]) =>
    all.map((sql, i) => revisionOf(`${side}${i}`, sql)),
  )
  const texts = new Map(sides.flat().map(({revision, text}) => [revision.id, text]))
  const [shared = [], mine = [], others = []] = sides.map((side) => side.map(({revision}) => revision))
  const {verdict, pairs} = await pairsOf(
    {common: shared, ours: mine, theirs: others},
    new RevisionTexts(operationRegistry),
    async (revisions) => revisions.map(({id}) => texts.get(id) ?? ''),
  )
  expect(pairs).to.have.length(ours.length * theirs.length)
  return verdict
}

describe('conflicts/pairs', () => {
  for (const [name, {common, ours, theirs, verdict}] of Object.entries(cases))
    it(`finds that ${name} are ${verdict}`, async () => {
      expect(await verdictOn(common === undefined ? [] : [common], [ours], [theirs])).to.equal(verdict)
    })

  it('finds the one collision among many revisions that have nothing to do with it', async () => {
    const many = Array.from({length: 100}, (_, i) => `create table t_${i} (n integer)`)
    expect(await verdictOn([users], [check], [...many, check])).to.equal('collide')
    expect(await verdictOn([users], [check], many)).to.equal('independent')
    expect(await verdictOn([users], [check], [...many, 'do $$ begin perform 1; end $$'])).to.equal('unknown')
  })
})
