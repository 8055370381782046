import {expect} from 'chai'
import {mig} from '../support/cli.ts'
import {Bench} from '../support/contract.ts'
import {createDatabase} from '../support/databases.ts'

describe('a process that is killed in the middle of a revision, on pglite', () => {
  it('leaves nothing of it, and a folder that the next one can use', async () => {
    const on = new Bench('pglite', await createDatabase('pglite'))
    const body = `export async function upgrade(op) {
  op.execute('create table t_NAME (n integer)')
  await op.query('select 1 as n')
  if (op.x.killed === 'yes') process.kill(process.pid, 'SIGKILL')
}
`
    on.use('a <- b', ({id}) => body.replace('NAME', id).replace('if (', id === 'b' ? 'if (' : 'if (false && '))
    expect((await mig('upgrade -x killed=yes', {cwd: on.cwd})).status).to.equal('SIGKILL')
    const {stdout, status} = await mig('upgrade', {cwd: on.cwd})
    expect(status).to.equal(0)
    expect(stdout).to.contain('The database is at b: 1 revision applied')
    expect(await on.tables()).to.deep.equal(['mig_log', 'mig_version', 't_a', 't_b'])
    await on.end()
  })
})
