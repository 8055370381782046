import {expect} from 'chai'
import {loadConfig} from '../../src/config/load.ts'
import {loadOrmConfig} from '../../src/config/load-orm.ts'
import {Folder} from '../support/folder.ts'

/** CommonJS that requires an ES module, which imports modules of both kinds, as packages of npm do. */
const packages = {
  'node_modules/common/package.json': '{"name": "common", "main": "index.js"}',
  'node_modules/common/index.js': "exports.table = require('./inner').table\nexports.isLoaded = () => true",
  'node_modules/common/inner.js': "exports.table = require('modern').named()",
  'node_modules/modern/package.json': '{"name": "modern", "type": "module", "exports": "./index.js"}',
  'node_modules/modern/index.js': "export {named} from './named.js'\nimport './old.cjs'",
  'node_modules/modern/named.js': "import old from './old.cjs'\nexport const named = () => old.name",
  'node_modules/modern/old.cjs': "module.exports = {name: require('./name.json').name}",
  'node_modules/modern/name.json': '{"name": "found"}',
}

const useNamed = "import {table, isLoaded} from 'common'\nexport default {versionTable: isLoaded() && table}"

const ways: {name: string; files: Record<string, string>}[] = [
  {name: 'a configuration', files: {'mig.config.ts': useNamed}},
  {name: 'a configuration of JavaScript', files: {'mig.config.js': useNamed}},
  {
    name: 'a configuration that requires them',
    files: {
      'mig.config.js': `import {createRequire} from 'node:module'\nexport default {versionTable: createRequire(import.meta.url)('common').table}`,
    },
  },
  {
    name: 'a TypeScript file of the project',
    files: {'mig.config.ts': "export {default} from './settings'", 'settings.ts': useNamed},
  },
  {
    name: 'a CommonJS file of the project',
    files: {
      'mig.config.ts': "import settings from './settings.cjs'\nexport default settings",
      'settings.cjs': "const {table} = require('common')\nmodule.exports = {versionTable: table}",
    },
  },
  {
    name: 'a CommonJS TypeScript file of the project',
    files: {
      'mig.config.ts': "import settings from './settings.cts'\nexport default settings",
      'settings.cts': "const {table} = require('common')\nmodule.exports = {versionTable: table as string}",
    },
  },
]

describe('CommonJS packages that require ES modules', () => {
  for (const {name, files} of ways)
    it(`load from ${name}`, async () => {
      const folder = new Folder().write({...packages, 'package.json': '{}', ...files})
      const {settings} = await loadConfig({cwd: folder.path})
      expect(settings.versionTable).to.equal('found')
    })

  it('load from the configuration of MikroORM, and what it imports later', async () => {
    const folder = new Folder().write({
      ...packages,
      'package.json': '{}',
      'orm.ts':
        "import {table} from './table'\nexport default async () => ({dbName: table, entity: await import('./entity')})",
      'table.ts': "export {table} from 'common'",
      'entity.ts':
        "import * as modern from 'modern'\nimport common from 'common'\nexport const names = [common.table, modern.named()]",
    })
    const options = await loadOrmConfig(`${folder.path}/orm.ts`, folder.path, undefined, {})
    expect(options['dbName']).to.equal('found')
    expect(options['entity']).to.deep.include({names: ['found', 'found']})
  })
})
