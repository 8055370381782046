import {existsSync, mkdirSync, symlinkSync} from 'node:fs'
import {join, resolve} from 'node:path'
import {expect} from 'chai'
import {mig} from '../support/cli.ts'
import {Folder} from '../support/folder.ts'

const rest = 'entities: [], discovery: {warnWhenNoEntities: false}'

/** Ways of naming a database by a path that is relative to the project. */
const configurations: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'the name in a MikroORM configuration': {
    'mikro-orm.config.js': `import {SqliteDriver} from '@mikro-orm/sqlite'\nexport default {driver: SqliteDriver, dbName: 'app.db', ${rest}}\n`,
    'mig.config.js': 'export default {}\n',
  },
  'the URL in a MikroORM configuration': {
    'mikro-orm.config.js': `import {SqliteDriver} from '@mikro-orm/sqlite'\nexport default {driver: SqliteDriver, clientUrl: 'file:app.db', ${rest}}\n`,
    'mig.config.js': 'export default {}\n',
  },
  'options of MikroORM': {
    'mig.config.js': `import {SqliteDriver} from '@mikro-orm/sqlite'\nexport default {orm: {driver: SqliteDriver, dbName: './app.db', ${rest}}}\n`,
  },
  'a URL': {'mig.config.js': "export default {orm: 'sqlite:app.db'}\n"},
}

describe('a relative path of a database', () => {
  for (const [name, files] of Object.entries(configurations))
    it(`means the same file from every folder of the project, as ${name}`, async () => {
      const folder = new Folder().writeGraph('aaaa').write({'package.json': '{"type": "module"}', ...files})
      const below = join(folder.path, 'src/deep')
      mkdirSync(below, {recursive: true})
      symlinkSync(resolve('node_modules'), join(folder.path, 'node_modules'))
      const applied = await mig('upgrade', {cwd: below})
      expect(applied.status, applied.stderr).to.equal(0)
      expect([existsSync(join(folder.path, 'app.db')), existsSync(join(below, 'app.db'))]).to.deep.equal([true, false])
      for (const cwd of [folder.path, below])
        expect((await mig('current', {cwd})).stdout).to.equal('aaaa (head), revision aaaa\n')
    })
})
