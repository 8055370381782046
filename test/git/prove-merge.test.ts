import {expect} from 'chai'
import {check} from '../../src/api/checks/check.ts'
import type {HeadsCheck} from '../../src/api/checks/check-heads.ts'
import type {MergeCheck} from '../../src/api/checks/merge-check.ts'
import {mig} from '../support/cli.ts'
import {GitFolder} from '../support/git.ts'

const file = (id: string, below: string, sql: string): Record<string, string> => ({
  [`migrations/versions/${id}.sql`]: `-- revision: ${id}\n-- revises: ${below}\n\n-- upgrade\n${sql};\n`,
})

const table = 'create table users (id integer primary key, name text)'

/** A project with `a` on `main`, `b` on `feature` and `c` on `main` after that. */
function forked(b: string, c: string): GitFolder {
  const config = "export default {orm: 'sqlite::memory:', policy: {heads: 'many'}}\n"
  const repo = GitFolder.init().write({'mig.config.js': config, ...file('a', 'none', table)})
  repo.commit('start')
  repo.git('switch', '-c', 'feature')
  repo.write(file('b', 'a', b)).commit('b')
  repo.git('switch', 'main')
  repo.write(file('c', 'a', c)).commit('c')
  repo.git('switch', 'feature')
  return repo
}

async function merged(repo: GitFolder): Promise<MergeCheck | undefined> {
  const {checks} = await check({cwd: repo.path, names: ['heads'], onto: 'main', prove: true})
  return (checks[0] as HeadsCheck).merges?.[0]
}

describe('check heads --onto REF --prove', () => {
  it('proves a merge that neither side has checked out', async () => {
    const result = await merged(forked('alter table users add b text', 'alter table users add c text'))
    expect(result?.status).to.equal('ok')
    expect(result?.proof).to.deep.include({commutes: true, withRows: true})
    expect(result?.proof?.orders.map(({heads}) => heads.join(' '))).to.deep.equal(['c b', 'b c'])
  })

  it('finds a collision in files that git merges', async () => {
    const repo = forked('create view v as select * from users', 'alter table users rename to people')
    const result = await merged(repo)
    expect(result?.status).to.equal('collision')
    expect(result?.proof?.commutes).to.equal(false)
    expect(result?.findings.map(({code}) => code)).to.include('ORDERS_DIFFER')
  })

  it('also when the branch has merged the other one, and joined the heads', async () => {
    const repo = forked("insert into users values (1, 'b')", 'create table copies as select * from users')
    repo.git('merge', 'main', '-m', 'merge')
    expect((await merged(repo))?.proof?.commutes).to.equal(false)
    repo.write(file('m', 'b, c', 'select 1')).commit('join')
    expect((await merged(repo))?.proof?.commutes).to.equal(false)
  })

  it('has nothing to prove for a branch that continues the other one', async () => {
    const repo = forked('select 1', 'select 1')
    repo.git('switch', '-c', 'later', 'main')
    repo.write(file('d', 'c', 'select 1')).commit('d')
    expect(await merged(repo)).to.not.have.property('proof')
  })

  it('is a table in Markdown', async () => {
    const {path: cwd} = forked('alter table users add x text', 'alter table users add x text')
    const {stdout, status} = await mig('check heads --onto main --prove --format markdown', {cwd})
    expect(status).to.equal(1)
    expect(stdout).to.include('| order | outcome |\n|---|---|\n| `c`, `b` | `b` fails: duplicate column name: x')
  })
})
