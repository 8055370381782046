import {expect} from 'chai'
import {check} from '../../src/api/checks/check.ts'
import type {HeadsCheck} from '../../src/api/checks/check-heads.ts'
import {GitFolder, withoutChance} from '../support/git.ts'
import {expectGolden} from '../support/golden.ts'

const sqlRevision = (id: string, down: string, sql: string): string =>
  `-- ${id}\n-- revision: ${id}\n-- revises: ${down}\n\n-- upgrade\n${sql};\n\n-- downgrade\n-- nothing\n`

const configOf = (policy: object): string => `export default {policy: ${JSON.stringify(policy)}}\n`

type Texts = Readonly<Record<string, string>>

const create = 'create table users (id integer, name text, age integer)'

/** A repository with `aaaa` on both branches, and revisions in a line on `work`, which is checked out, and on `main`. */
function branches(policy: object, ours: Texts, theirs: Texts, first = create): GitFolder {
  const repo = GitFolder.init().write({'mig.config.js': configOf(policy)})
  const add = (texts: Texts, start: string): void => {
    let down = start
    for (const [id, sql] of Object.entries(texts)) {
      const isCode = sql.includes('op.') || sql.includes('op)')
      const code = `export const revision = '${id}'\nexport const downRevision = ['${down}']\nexport async function upgrade(op) {\n${sql}\n}\n`
      repo.write({[`migrations/versions/${id}.${isCode ? 'ts' : 'sql'}`]: isCode ? code : sqlRevision(id, down, sql)})
      down = id
    }
  }
  add({aaaa: first}, 'none')
  repo.commit('first')
  repo.git('switch', '-q', '-c', 'work')
  add(ours, 'aaaa')
  repo.commit('ours')
  repo.git('switch', '-q', 'main')
  add(theirs, 'aaaa')
  repo.commit('theirs')
  repo.git('switch', '-q', 'work')
  return repo
}

const collision = {ours: {bbbb: 'alter table users drop column age'}, theirs: {cccc: 'create index on users (age)'}}
const unknown = {ours: {bbbb: 'helper(op)'}, theirs: {cccc: 'alter table users add column x text'}}
const harmless = {ours: {bbbb: 'alter table users drop column age'}, theirs: {cccc: 'create index on users (name)'}}

interface Case {
  readonly policy?: object
  readonly sides: {readonly ours: Texts; readonly theirs: Texts}
  readonly status: string
  readonly verdict: string
  readonly findings?: readonly string[]
}

const cases: Readonly<Record<string, Case>> = {
  'a collision': {sides: collision, status: 'ok', verdict: 'collide', findings: ['warning REVISIONS_COLLIDE']},
  'a collision that is an error': {
    policy: {collisions: 'error'},
    sides: collision,
    status: 'collision',
    verdict: 'collide',
    findings: ['error REVISIONS_COLLIDE'],
  },
  'a collision that does not matter': {
    policy: {collisions: 'off'},
    sides: collision,
    status: 'ok',
    verdict: 'collide',
  },
  'something unknown': {sides: unknown, status: 'ok', verdict: 'unknown', findings: ['warning REVISIONS_UNCLEAR']},
  'something unknown that is an error': {
    policy: {collisions: 'error'},
    sides: unknown,
    status: 'collision',
    verdict: 'unknown',
    findings: ['error REVISIONS_UNCLEAR'],
  },
  'one table, in either order': {
    policy: {collisions: 'error'},
    sides: harmless,
    status: 'ok',
    verdict: 'together',
  },
  'a revision on one side': {
    policy: {collisions: 'error'},
    sides: {...collision, theirs: {}},
    status: 'ok',
    verdict: 'independent',
  },
}

describe('collisions of revisions in a merge', () => {
  for (const [name, {policy, sides, status, verdict, findings = []}] of Object.entries(cases))
    it(`are judged: ${name}`, async () => {
      const repo = branches({heads: 'many', ...policy}, sides.ours, sides.theirs)
      const {checks} = await check({cwd: repo.path, names: ['heads'], onto: 'main'})
      const {ok, merges = []} = checks[0] as HeadsCheck
      expect([ok, merges[0]?.status, merges[0]?.verdict]).to.deep.equal([status === 'ok', status, verdict])
      expect(merges[0]?.findings.map(({level, code}) => `${level} ${code}`)).to.deep.equal(findings)
    })

  it('are judged for each pair, after the revisions before it on both sides', async () => {
    const ours = {bbbb: 'create table notes (id integer)', bbbc: 'alter table notes add column text text'}
    const theirs = {cccc: 'create table tags (id integer)', cccd: 'alter table users add column text text'}
    const {checks} = await check({cwd: branches({}, ours, theirs).path, names: ['heads'], onto: 'main'})
    const [merge] = (checks[0] as HeadsCheck).merges ?? []
    expect(merge?.pairs?.map((pair) => `${pair.ours} ${pair.theirs} ${pair.verdict}`)).to.deep.equal([
      'bbbb cccc independent',
      'bbbb cccd independent',
      'bbbc cccc independent',
      'bbbc cccd independent',
    ])
  })

  describe('are printed', () => {
    let repo: GitFolder
    before(() => {
      repo = branches(
        {heads: 'many'},
        {
          bbbb: 'alter table users drop column age',
          bbbc: "op.execute('create index on users (name)')",
          bbbd: 'helper(op)',
        },
        {cccc: 'create index on users (age)'},
      )
      repo.git('update-ref', 'refs/pull/1/head', 'work')
      repo.git('update-ref', 'refs/pull/2/head', 'main')
    })
    for (const command of [
      'check heads --onto main',
      'check heads --onto main --format github',
      'check heads --onto main --format markdown',
      'check heads --onto main --format sarif',
      'check heads --onto main --json',
      'check heads --onto main --refs refs/pull/*/head',
      'check heads --onto main --refs refs/pull/*/head --format markdown',
    ])
      it(`by ${command}`, async () => {
        const {stdout, stderr, status} = await repo.mig(command)
        const name = command.replaceAll(/[^a-z0-9]+/g, '-')
        expectGolden(
          `git/collisions/${name}.txt`,
          withoutChance(`$ mig ${command}\n${stdout}${stderr}--- exit ${status}\n`),
        )
      })

    it('with exit status 1 where the policy says so', async () => {
      repo.git('switch', '-q', 'main')
      repo.write({'mig.config.js': configOf({heads: 'many', collisions: 'error'})}).commit('policy')
      const {stdout, status} = await repo.mig('check heads --onto main --refs refs/pull/1/head')
      expect(stdout).to.contain('collision').and.to.contain('bbbb and cccc collide.')
      expect(status).to.equal(1)
    })
  })
})
