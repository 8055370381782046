import {join} from 'node:path'
import {expect} from 'chai'
import {findOrmConfig} from '../../src/config/find-orm.ts'
import {Folder} from '../support/folder.ts'

const all = [
  'named.ts',
  'first.ts',
  'second.js',
  'src/mikro-orm.config.ts',
  'mikro-orm.config.ts',
  'dist/mikro-orm.config.js',
  'build/mikro-orm.config.js',
  'src/mikro-orm.config.js',
  'mikro-orm.config.js',
]
const packageWith = (settings: object): string => JSON.stringify({'mikro-orm': settings})

describe('config/find-orm', () => {
  const cases: {
    name: string
    files: readonly string[]
    manifest?: string
    env?: Record<string, string>
    found: string | undefined
  }[] = [
    {name: 'nothing where there is nothing', files: ['src/other.ts'], found: undefined},
    {
      name: 'what MIKRO_ORM_CLI_CONFIG names, before all others',
      files: all,
      manifest: packageWith({configPaths: ['./first.ts']}),
      env: {MIKRO_ORM_CLI_CONFIG: './named.ts'},
      found: 'named.ts',
    },
    {
      name: 'the first path in package.json that exists',
      files: all,
      manifest: packageWith({configPaths: ['./nowhere.ts', './first.ts', './second.js']}),
      found: 'first.ts',
    },
    {name: 'TypeScript in src', files: all, found: 'src/mikro-orm.config.ts'},
    {
      name: 'TypeScript beside package.json',
      files: all.filter((file) => !file.startsWith('src/')),
      found: 'mikro-orm.config.ts',
    },
    {name: 'JavaScript in dist', files: all.filter((file) => !file.endsWith('.ts')), found: 'dist/mikro-orm.config.js'},
    {
      name: 'JavaScript in build, without dist',
      files: ['build/mikro-orm.config.js', 'mikro-orm.config.js'],
      found: 'build/mikro-orm.config.js',
    },
    {
      name: 'JavaScript in src, without both',
      files: ['src/mikro-orm.config.js', 'mikro-orm.config.js'],
      found: 'src/mikro-orm.config.js',
    },
    {
      name: 'JavaScript beside package.json, when dist has none',
      files: ['dist/index.js', 'src/mikro-orm.config.js', 'mikro-orm.config.js'],
      found: 'mikro-orm.config.js',
    },
    {
      name: 'no TypeScript where package.json does not want it',
      files: all,
      manifest: packageWith({preferTs: false, configPaths: ['./first.ts']}),
      found: 'dist/mikro-orm.config.js',
    },
    {
      name: 'no TypeScript where the environment does not want it',
      files: all,
      env: {MIKRO_ORM_CLI_PREFER_TS: '0'},
      found: 'dist/mikro-orm.config.js',
    },
    {
      name: 'TypeScript that is named, all the same',
      files: all,
      env: {MIKRO_ORM_CLI_PREFER_TS: '0', MIKRO_ORM_CLI_CONFIG: 'named.ts'},
      found: 'named.ts',
    },
    {
      name: 'its way in spite of a package.json that is broken',
      files: ['mikro-orm.config.js'],
      manifest: '{',
      found: 'mikro-orm.config.js',
    },
  ]
  for (const c of cases)
    it(`finds ${c.name}`, () => {
      const folder = new Folder().write(Object.fromEntries(c.files.map((file) => [file, ''])))
      folder.write({'package.json': c.manifest ?? '{}'})
      const found = findOrmConfig(folder.path, c.env ?? {})
      expect(found).to.equal(c.found && join(folder.path, c.found))
    })
})
