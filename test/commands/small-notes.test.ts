import {expect} from 'chai'
import {createDatabase} from '../support/databases.ts'
import {Project} from '../hints/situation.ts'

describe('notes of commands', () => {
  let project: Project
  beforeEach(async () => {
    project = new Project(await createDatabase('sqlite'))
    project.graph('')
    project.write({'migrations/versions/.gitkeep': ''})
  })
  afterEach(async () => project.end())

  for (const {args, stderr} of [
    {args: 'revision', stderr: 'The revision has no message; `-m "..."` sets it.\n'},
    {args: 'revision -m users', stderr: ''},
  ])
    it(`say whether a revision lacks its message: mig ${args}`, async () => {
      expect((await project.run(args)).stderr).to.equal(stderr)
    })

  it('name the table of SQLite, not its copy, in the error of a rebuild', async () => {
    project.sql('a', 'base', 'create table t (n integer);\ninsert into t values (null);')
    project.write({
      'migrations/versions/b.js': `export const revision = 'b'
export const downRevision = 'a'

export async function upgrade(op) {
  op.alterColumn('t', 'n', {nullable: false})
}
`,
    })
    const {stderr} = await project.run('upgrade')
    expect(stderr).to.contain('NOT NULL constraint failed: t.n\n')
  })

  it('compare files with the embedded database, if it exists', async () => {
    project.write({'mig.config.js': 'export default {}\n'})
    project.sql('a', 'base', 'select 1;')
    expect((await project.run('check files')).stdout).to.equal('files: ok\n')
    await project.mig('upgrade')
    project.sql('a', 'base', 'select 2;')
    expect((await project.run('check files')).stdout).to.contain('a was edited after it was applied')
    expect((await project.run('status')).stdout).to.contain('a was edited after it was applied')
  }).timeout(60_000)
})
