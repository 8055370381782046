import {expect} from 'chai'
import {textOfRevision} from '../support/git.ts'
import type {GitFolder} from '../support/git.ts'
import {fileOf, project, withMig} from '../support/hooked.ts'
import {rowsOf} from '../support/switch.ts'

const config = "export default {orm: 'sqlite:.git/test.db', policy: {heads: 'one'}}\n"

/** Writes a revision with a body of its own. */
function write(repo: GitFolder, id: string, down: string, body: string): void {
  const text = textOfRevision(id, [down]).replace(/op\.execute\('create.*\n/, () => `${body}\n`)
  repo.write({[fileOf(id)]: text.replace(/export async function downgrade[^]*/, 'export function downgrade() {}\n')})
}

/** The story that docs/proof.md tells. */
describe('a year of two teams', () => {
  it('a collision that git does not see is found by the proof, and mended', async () => {
    const origin = project(config)
    const repo = withMig(origin)
    repo.git('branch', 'feature')
    write(
      repo,
      'cccc',
      'bbbb',
      "const name = ['t', 'bbbb'].join('_'); op.execute('alter table ' + name + ' rename to people')",
    )
    repo.commit('people')
    repo.git('switch', '-q', 'feature')
    write(repo, 'dddd', 'bbbb', "op.execute('insert into t_bbbb values (1)')")
    repo.commit('a row')
    expect(repo.tryGit('merge', '-q', '--no-edit', 'main').status).to.equal(0)
    const proof = await repo.mig('check commute')
    expect([proof.status, proof.stdout]).to.deep.equal([1, proof.stdout])
    expect(proof.stdout).to.match(/does not commute/)
    expect(proof.stdout).to.contain('In the order cccc, dddd, revision dddd fails')
    expect((await repo.mig('rebase dddd --onto cccc')).stderr).to.contain('revision dddd fails after cccc')
    expect((await repo.mig('rebase dddd --onto cccc --no-prove')).status).to.equal(0)
    write(repo, 'dddd', 'cccc', "op.execute('insert into people values (1)')")
    expect((await repo.mig('rehearse dddd:')).status).to.equal(0)
    expect((await repo.mig('upgrade')).status).to.equal(0)
    expect(rowsOf(repo, 'select n from people').length).to.equal(1)
  })

  it('many revisions are squashed while one customer stands in the middle, and the vanished column is found', async () => {
    const repo = project(config)
    write(repo, 'cccc', 'bbbb', "op.addColumn('t_aaaa', 'phone', (t) => t.varchar(20).nullable())")
    write(repo, 'dddd', 'cccc', "op.dropColumn('t_aaaa', 'phone', {was: {type: 'varchar(20)', nullable: true}})")
    write(repo, 'eeee', 'dddd', "op.bulkInsert('t_aaaa', [{n: 7}])")
    repo.commit('a year')
    expect((await repo.mig('upgrade cccc')).status).to.equal(0)
    const squash = await repo.mig('squash base:heads -m year --rev-id ffff')
    expect(squash.stderr).to.contain('It makes the same as the 5 revisions')
    expect((await repo.mig('upgrade')).status).to.equal(0)
    expect(rowsOf(repo, 'select n from t_aaaa').map(({n}) => n)).to.deep.equal([7])
    const customer = await repo.mig('current --json')
    expect(JSON.parse(customer.stdout).current[0].revision).to.equal('ffff')
    const fresh = {env: {MIG_DATABASE_URL: `sqlite:${repo.path}/.git/fresh.db`}}
    expect((await repo.mig('upgrade', fresh)).stderr).to.contain('applied ffff')
    repo.remove(fileOf('ffff').replace('add_ffff', 'year'))
    const blame = await repo.mig('blame t_aaaa.phone')
    expect(blame.stdout).to.contain('dddd')
  })
})
