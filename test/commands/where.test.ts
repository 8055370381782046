import {expect} from 'chai'
import {mig} from '../support/cli.ts'
import {Folder} from '../support/folder.ts'

describe('where a database is', () => {
  it('names the same heads after a run and in `current`, which lists dependencies too', async () => {
    const folder = new Folder().writeGraph('a <- b; a <- c; d(b)')
    folder.write({'mig.config.js': "export default {orm: 'sqlite:./test.db'}\n"})
    const {stdout} = await mig('upgrade heads', {cwd: folder.path})
    expect(stdout).to.match(/^The database is at c and d: /)
    const {stderr} = await mig('current', {cwd: folder.path})
    expect(stderr).to.equal('Up to date.\nThe database is at c and d; b is only a dependency.\n')
    await mig('downgrade d@-1', {cwd: folder.path})
    expect((await mig('current', {cwd: folder.path})).stderr).not.to.contain('dependency')
  })

  it('is said of each database where they differ', async () => {
    const folder = new Folder().writeGraph('a <- b <- c')
    const both = "{x: {orm: 'sqlite:./x.db'}, y: {orm: 'sqlite:./y.db'}}"
    folder.write({'mig.config.js': "export default {orm: 'sqlite:./y.db'}\n"})
    await mig('upgrade a', {cwd: folder.path})
    folder.write({'mig.config.js': `export default {databases: ${both}}\n`})
    const {stdout} = await mig('upgrade +1', {cwd: folder.path})
    expect(stdout).to.match(/^x is at a and y is at b: 2 revisions applied in /)
    const {databases} = JSON.parse((await mig('upgrade b --json', {cwd: folder.path})).stdout) as {databases: unknown}
    expect(databases).to.deep.equal([
      {database: 'x', heads: ['b']},
      {database: 'y', heads: ['b']},
    ])
    expect((await mig('upgrade b', {cwd: folder.path})).stdout).to.equal('The database is at b; nothing to do.\n')
  })

  it('is said with the time of the revisions, without that for which the run waited', async () => {
    const folder = new Folder().writeGraph(
      'a',
      () =>
        "await new Promise((done) => setTimeout(done, 3000))\nexport function upgrade(op) {\n  op.execute('select 1')\n}\n",
    )
    folder.write({'mig.config.js': "export default {orm: 'sqlite:./test.db'}\n"})
    const {stdout} = await mig('upgrade', {cwd: folder.path})
    expect(stdout).to.match(/^The database is at a: 1 revision applied in (?:\d+ ms|[12](?:\.\d)? s)\.\n$/)
  })
})
