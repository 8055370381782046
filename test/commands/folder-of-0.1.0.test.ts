import {join} from 'node:path'
import {expect} from 'chai'
import {mig} from '../support/cli.ts'
import {databaseKinds, runOn} from '../support/databases.ts'
import {Folder} from '../support/folder.ts'
import {stateOfFirstVersion} from '../support/tables-of-0.1.0.ts'

for (const kind of databaseKinds.filter((one) => one === 'pglite'))
  describe(`the folder .mig of mig 0.1.0, on ${kind}`, () => {
    it('has a database that is upgraded and downgraded', async () => {
      const folder = new Folder().writeGraph('a <- b').write({
        '.mig/cache/.gitignore': '*\n',
        '.mig/cache/entities-0123456789abcdef0123456789abcdef.json': '[["key",[{"name":"t"}]]]',
      })
      const text = folder.read('migrations/versions/a.ts')
      const state = stateOfFirstVersion('pglite', [{id: 'a', parents: [], text, isHead: true}])
      await runOn(`pglite:${join(folder.path, '.mig/pgdata')}`, ...state)
      const current = async (): Promise<readonly unknown[]> => {
        const {stdout} = await mig('current -v --json', {cwd: folder.path})
        const {current: heads, edited} = JSON.parse(stdout)
        return [heads.map(({revision}: {revision: string}) => revision), edited]
      }
      expect(await current()).to.deep.equal([['a'], []])
      expect((await mig('upgrade -q', {cwd: folder.path})).status).to.equal(0)
      expect(await current()).to.deep.equal([['b'], []])
      expect((await mig('downgrade base -q', {cwd: folder.path})).status).to.equal(0)
      expect(await current()).to.deep.equal([[], []])
    }).timeout(120_000)
  })
