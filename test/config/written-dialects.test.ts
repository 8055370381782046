import {expect} from 'chai'
import {loadConfig} from '../../src/config/load.ts'
import {writtenDialects} from '../../src/config/written-dialects.ts'
import {Folder} from '../support/folder.ts'

interface Case {
  readonly files: Readonly<Record<string, string>>
  readonly variables?: Readonly<Record<string, string>>
  readonly environment?: string
  readonly dialects: readonly string[]
}

const config = (text: string): Case['files'] => ({'mig.config.js': `export default ${text}\n`})
const packages = (...names: readonly string[]): string =>
  JSON.stringify({dependencies: Object.fromEntries(names.map((name) => [`@mikro-orm/${name}`, '*']))})

const cases: Readonly<Record<string, Case>> = {
  'nothing is configured': {files: {}, dialects: ['postgresql']},
  'a URL': {files: config("{orm: 'mariadb://localhost/shop'}"), dialects: ['mariadb']},
  'a URL of a file': {files: config("{orm: 'sqlite:shop.db'}"), dialects: ['sqlite']},
  'a URL of an environment': {
    files: config("{orm: 'sqlite:a.db', environments: {live: {orm: 'mysql://localhost/shop'}}}"),
    environment: 'live',
    dialects: ['mysql'],
  },
  'a variable before a configuration': {
    files: config("{orm: 'sqlite:a.db'}"),
    variables: {MIG_DATABASE_URL: 'mysql://localhost/shop'},
    dialects: ['mysql'],
  },
  'several databases': {
    files: config("{databases: {one: {orm: 'mariadb://localhost/a'}, two: {orm: 'postgresql://localhost/b'}}}"),
    dialects: ['mariadb', 'postgresql'],
  },
  'options with a URL': {files: config("{orm: {clientUrl: 'mysql://localhost/shop'}}"), dialects: ['mysql']},
  'a function that returns options': {
    files: config("{orm: () => ({clientUrl: 'mariadb://localhost/shop'})}"),
    dialects: ['mariadb'],
  },
  "MikroORM's configuration, which is not run": {
    files: {'mikro-orm.config.ts': "import {defineConfig} from '@mikro-orm/mysql'\nthrow new Error('run')\n"},
    dialects: ['mysql'],
  },
  "MikroORM's configuration by name": {
    files: {...config("{orm: 'src/orm.js'}"), 'src/orm.js': 'export default {driver: SqliteDriver}\n'},
    dialects: ['sqlite'],
  },
  "a variable of MikroORM's command line": {
    files: {},
    variables: {MIKRO_ORM_CLIENT_URL: 'mariadb://localhost/shop'},
    dialects: ['mariadb'],
  },
  'the only driver among the packages': {
    files: {
      ...config("{orm: async () => (await import('./database.js')).options}"),
      'package.json': packages('mariadb'),
    },
    dialects: ['mariadb'],
  },
  'several drivers among the packages': {
    files: {'package.json': packages('postgresql', 'sqlite')},
    dialects: ['postgresql'],
  },
}

describe('config/written-dialects', () => {
  for (const [name, {files, variables = {}, environment, dialects}] of Object.entries(cases))
    for (const literals of [false, true])
      it(`tells the dialect of ${name}${literals ? ', in a git hook' : ''}`, async () => {
        const folder = new Folder().write({'package.json': '{}', ...config('{}'), ...files})
        const {settings, root, place} = await loadConfig({cwd: folder.path, environment, literals})
        const found = await writtenDialects({settings, place, root, environment}, variables)
        expect([...found].toSorted()).to.deep.equal(dialects)
      })
})
