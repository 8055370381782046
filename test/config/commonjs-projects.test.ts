import {expect} from 'chai'
import {loadConfig} from '../../src/config/load.ts'
import {loadOrmConfig} from '../../src/config/load-orm.ts'
import {importSource} from '../../src/util/import-source.ts'
import {rejectionOf} from '../support/errors.ts'
import {Folder} from '../support/folder.ts'
import {linkPackages} from '../support/packages.ts'

type Files = Record<string, string>

const everyCompiler = ['@swc/core', 'typescript', 'esbuild'] as const
type Compiler = (typeof everyCompiler)[number]
const withMetadata: readonly Compiler[] = ['@swc/core', 'typescript']

function tsConfig(compilerOptions: object, more: object = {}): string {
  return JSON.stringify({compilerOptions: {target: 'es2022', ...compilerOptions}, ...more})
}

/** A folder with a project, whose packages are those named. */
function project(files: Files, compilers: readonly Compiler[] = []): Folder {
  const folder = new Folder().write({'package.json': '{}', ...files})
  for (const one of compilers) linkPackages(folder.path, {only: one, from: one === 'typescript' ? 'typescript5' : one})
  return folder
}

async function load(folder: Folder, file = 'orm.ts'): Promise<unknown> {
  const {dbName} = await loadOrmConfig(`${folder.path}/${file}`, folder.path, undefined, {})
  return dbName
}

/** Exports that no analysis of its text can see, as those of lodash and swagger-stats. */
const opaque = {
  'node_modules/opaque/package.json': '{"name": "opaque"}',
  'node_modules/opaque/index.js': "module.exports = Object.assign(() => 'called', {named: 'named'})",
}
const modern = {
  'node_modules/modern/package.json': '{"name": "modern", "type": "module", "exports": "./index.js"}',
  'node_modules/modern/index.js':
    "export const named = 'modern'\nexport default 'of modern'\nexport const url = import.meta.url",
}
/** The settings of Next.js, whose packages have no type. */
const bundler = {module: 'esnext', moduleResolution: 'bundler', resolveJsonModule: true, esModuleInterop: true}
/** Keeps the metadata of decorators, as reflect-metadata does. */
const reflect = `
const types = new Map<string, unknown>()
Object.assign(Reflect, {metadata: (key: string, type: unknown) => (_: object, name: string) => void (key === 'design:type' && types.set(name, type))})
export function Prop() { return (_: object, name: string) => {} }
export const typeOf = (name: string) => types.get(name)
`
const legacy = {experimentalDecorators: true, emitDecoratorMetadata: true}

const cases: {name: string; files: Files; options?: object; dbName: unknown; compilers?: readonly Compiler[]}[] = [
  {
    name: 'named imports of a CommonJS package',
    files: {...opaque, 'orm.ts': "import {named} from 'opaque'\nexport default {dbName: named}"},
    dbName: 'named',
  },
  {
    name: 'the default import of a CommonJS package',
    files: {...opaque, 'orm.ts': "import opaque from 'opaque'\nexport default {dbName: opaque()}"},
    options: {esModuleInterop: true},
    dbName: 'called',
  },
  {
    name: 'a namespace that is called',
    files: {...opaque, 'orm.ts': "import * as opaque from 'opaque'\nexport default {dbName: opaque()}"},
    options: {esModuleInterop: false},
    dbName: 'called',
    compilers: withMetadata,
  },
  {
    name: 'import = require()',
    files: {...opaque, 'orm.ts': "import opaque = require('opaque')\nexport default {dbName: opaque()}"},
    dbName: 'called',
  },
  {
    name: 'export =',
    files: {
      'orm.ts': "import settings = require('./settings')\nexport = {dbName: settings.name}",
      'settings.ts': "const settings = {name: 'x'}\nexport = settings",
    },
    dbName: 'x',
  },
  {
    name: 'module.exports and require',
    files: {
      'orm.ts': "const {name} = require('./settings')\nmodule.exports = {dbName: name as string}",
      'settings.ts': "exports.name = 'x'",
    },
    dbName: 'x',
  },
  {
    name: '__dirname and __filename',
    files: {
      'orm.ts': "import {relative} from 'path'\nexport default {dbName: relative(__dirname, __filename)}",
    },
    dbName: 'orm.ts',
  },
  {
    name: 'imports without extensions, of folders, and with the extension of the output',
    files: {
      'orm.ts':
        "import {a} from './a'\nimport {b} from './b'\nimport {c} from './c.js'\nimport {d} from '.'\nexport default {dbName: a + b + c + d}",
      'a.ts': "export const a = 'a'",
      'b/index.ts': "export * from './inner'",
      'b/inner.ts': "export const b = 'b'",
      'c.ts': "export const c = 'c'",
      'index.ts': "export const d = 'd'",
    },
    dbName: 'abcd',
  },
  {
    name: 'JSON',
    files: {
      'orm.ts':
        "import {name} from './names.json'\nimport * as all from './names.json'\nexport default {dbName: name + all.other}",
      'names.json': '{"name": "x", "other": "y"}',
    },
    options: {resolveJsonModule: true, esModuleInterop: true},
    dbName: 'xy',
  },
  {
    name: 'paths',
    files: {
      'src/orm.ts': "import {a} from '@app/a'\nimport {b} from 'b'\nexport default {dbName: a + b}",
      'orm.ts': "export {default} from './src/orm'",
      'src/a.ts': "export const a = 'a'",
      'src/b/index.ts': "export const b = 'b'",
    },
    options: {baseUrl: 'src', paths: {'@app/*': ['*']}},
    dbName: 'ab',
  },
  {
    name: 'paths that have the name of a package',
    files: {
      ...opaque,
      'orm.ts': "import {named} from 'opaque'\nexport default {dbName: named}",
      'src/opaque.ts': "export const named = 'mapped'",
    },
    options: {paths: {opaque: ['./src/opaque']}},
    dbName: 'mapped',
  },
  {
    name: 'paths of types, and of packages',
    files: {
      ...opaque,
      'orm.ts': "import {named} from 'opaque'\nexport default {dbName: named}",
      'types/opaque.d.ts': 'export declare const named: string',
    },
    options: {paths: {'*': ['./types/*', './node_modules/*']}},
    dbName: 'named',
  },
  {
    name: 'packages where `baseUrl` has a folder of their name',
    files: {
      ...opaque,
      'orm.ts': "import {named} from 'opaque'\nimport {other} from 'lib/other'\nexport default {dbName: named + other}",
      'opaque/index.ts': "export const named = 'of the folder'",
      'lib/other.ts': "export const other = 'other'",
    },
    options: {baseUrl: '.'},
    dbName: 'namedother',
  },
  {
    name: 'classes that import each other and name each other in metadata',
    files: {
      'reflect.ts': reflect,
      'author.ts':
        "import {Book} from './book'\nimport {Prop} from './reflect'\nexport class Author {\n  @Prop() book!: Book\n}",
      'book.ts':
        "import {Author} from './author'\nimport {Prop} from './reflect'\nexport class Book {\n  @Prop() author!: Author\n}",
      'orm.ts':
        "import {Author} from './author'\nimport {typeOf} from './reflect'\nexport default {dbName: [typeOf('book') === Object, typeOf('author') === Object, Author.name]}",
    },
    options: legacy,
    dbName: [false, true, 'Author'],
    compilers: withMetadata,
  },
  {
    name: 'a default export among them',
    files: {
      'reflect.ts': reflect,
      'author.ts':
        "import Book from './book'\nimport {Prop} from './reflect'\nexport default class Author {\n  @Prop() book!: Book\n}",
      'book.ts':
        "import Author from './author'\nimport {Prop} from './reflect'\nexport default class Book {\n  @Prop() author!: Author\n}",
      'orm.ts':
        "import Author from './author'\nimport {typeOf} from './reflect'\nexport default {dbName: [(typeOf('book') as Function).name, Author.name]}",
    },
    options: {...legacy, esModuleInterop: true},
    dbName: ['Book', 'Author'],
    compilers: withMetadata,
  },
  {
    name: 'types of a package in metadata',
    files: {
      ...modern,
      'reflect.ts': reflect,
      'orm.ts':
        "import {Ref, named} from 'modern'\nimport {Prop, typeOf} from './reflect'\nclass A {\n  @Prop() ref!: Ref<A>\n}\nexport default {dbName: [typeOf('ref') === Object, named, A.name]}",
    },
    options: legacy,
    dbName: [true, 'modern', 'A'],
    compilers: withMetadata,
  },
  {
    name: 'types that are imported and exported as if they were values',
    files: {
      'orm.ts':
        "import {Name, name} from './names'\nconst it: Name = name\nexport {Name} from './names'\nexport default {dbName: it}",
      'names.ts': "export type Name = string\nexport const name = 'x'",
    },
    dbName: 'x',
  },
  {
    name: 'default and named imports of an ES module',
    files: {...modern, 'orm.ts': "import it, {named} from 'modern'\nexport default {dbName: [it, named]}"},
    options: {esModuleInterop: true},
    dbName: ['of modern', 'modern'],
  },
  {
    name: 'import() of both kinds of module',
    files: {
      ...modern,
      'orm.ts':
        "export default (async () => ({dbName: (await import('modern')).named + (await import('./later')).later}))()",
      'later.ts': "export const later = ' later'",
    },
    options: {module: 'nodenext'},
    dbName: 'modern later',
  },
  {
    name: '.mts and .cts files',
    files: {
      'orm.ts':
        "import {common} from './common.cjs'\nimport {url, later} from './modern.mjs'\nexport default {dbName: [common, url.endsWith('/modern.mts'), later]}",
      'common.cts': 'export const common: string = __filename.slice(-10)',
      'modern.mts': "export {common as later} from './common.cts'\nexport const url: string = import.meta.url",
    },
    options: {module: 'nodenext'},
    dbName: ['common.cts', true, 'common.cts'],
  },
  {
    name: 'enums, namespaces and parameter properties',
    files: {
      'orm.ts':
        "import {Kind} from './kind'\nnamespace N { export const n = 'n' }\nclass C { constructor(readonly c: string) {} }\nexport default {dbName: Kind.A + N.n + new C('c').c}",
      'kind.ts': "export const enum Kind { A = 'a' }",
    },
    dbName: 'anc',
  },
  {
    name: 'fields that are assigned',
    files: {
      'orm.ts':
        "class A { set x(value: string) { (this as any).seen = value } }\nclass B extends A { x = 'x' }\nexport default {dbName: (new B() as any).seen ?? 'defined'}",
    },
    options: {useDefineForClassFields: false},
    dbName: 'x',
  },
  {
    name: 'fields that are assigned for the target',
    files: {
      'orm.ts':
        "class A { set x(value: string) { (this as any).seen = value } }\nclass B extends A { x = 'x' }\nexport default {dbName: (new B() as any).seen ?? 'defined'}",
    },
    options: {target: 'es2021'},
    dbName: 'x',
  },
  {
    name: 'fields that are defined',
    files: {
      'orm.ts':
        "class A { set x(value: string) { (this as any).seen = value } }\nclass B extends A { x = 'x' }\nexport default {dbName: (new B() as any).seen ?? 'defined'}",
    },
    dbName: 'defined',
  },
  {
    name: 'named imports of a CommonJS package, for a bundler',
    files: {
      ...opaque,
      ...modern,
      'orm.ts':
        "import {named} from 'opaque'\nimport {named as other} from 'modern'\nexport default {dbName: [named, other]}",
    },
    options: bundler,
    dbName: ['named', 'modern'],
  },
  {
    name: 'JSON, for a bundler',
    files: {
      'orm.ts': "import names from './names.json'\nexport default {dbName: [names.name, typeof module]}",
      'names.json': '{"name": "x"}',
    },
    options: bundler,
    dbName: ['x', 'undefined'],
  },
  {
    name: 'names in JSON, for a bundler',
    files: {
      'orm.ts': "import {name} from './names.json'\nexport default {dbName: name}",
      'names.json': '{"name": "x"}',
    },
    options: bundler,
    dbName: 'x',
  },
]

describe('config/typescript: projects that compile to CommonJS', () => {
  for (const {name, files, options, dbName, compilers = everyCompiler} of cases)
    for (const compiler of compilers)
      it(`loads ${name}, with ${compiler}`, async () => {
        const settings = tsConfig({module: 'commonjs', ...options})
        const folder = project({'tsconfig.json': settings, ...files}, [compiler])
        expect(await load(folder)).to.deep.equal(dbName)
      })

  const formats: {name: string; files: Files; format: 'commonjs' | 'module'; compilers?: readonly Compiler[]}[] = [
    {name: 'module commonjs', files: {'tsconfig.json': tsConfig({module: 'CommonJS'})}, format: 'commonjs'},
    {name: 'module node16', files: {'tsconfig.json': tsConfig({module: 'node16'})}, format: 'commonjs'},
    {name: 'module nodenext', files: {'tsconfig.json': tsConfig({module: 'NodeNext'})}, format: 'commonjs'},
    {
      name: 'module nodenext in a package of type commonjs',
      files: {'package.json': '{"type": "commonjs"}', 'tsconfig.json': tsConfig({module: 'nodenext'})},
      format: 'commonjs',
    },
    {
      name: 'module nodenext in a package of type module',
      files: {'package.json': '{"type": "module"}', 'tsconfig.json': tsConfig({module: 'nodenext'})},
      format: 'module',
    },
    {
      name: 'module commonjs in a package of type module',
      files: {'package.json': '{"type": "module"}', 'tsconfig.json': tsConfig({module: 'commonjs'})},
      format: 'module',
    },
    {
      name: 'module esnext for a bundler',
      files: {'tsconfig.json': tsConfig({module: 'esnext', moduleResolution: 'bundler'})},
      format: 'module',
    },
    {name: 'no module', files: {'tsconfig.json': tsConfig({})}, format: 'module'},
    {name: 'no module with an old target', files: {'tsconfig.json': tsConfig({target: 'ES5'})}, format: 'commonjs'},
    {name: 'no tsconfig.json', files: {}, format: 'module'},
    {name: 'no compiler', files: {'tsconfig.json': tsConfig({module: 'commonjs'})}, format: 'module', compilers: []},
    {
      name: 'an inherited module',
      files: {
        'tsconfig.json': tsConfig({}, {extends: ['@tsconfig/node', './tsconfig.base.json']}),
        'tsconfig.base.json': tsConfig({strict: true}, {extends: './config/strict'}),
        'config/strict.json': tsConfig({strict: true}),
        'node_modules/@tsconfig/node/tsconfig.json': tsConfig({module: 'commonjs'}),
        'node_modules/@tsconfig/node/package.json': '{"name": "@tsconfig/node"}',
      },
      format: 'commonjs',
    },
    {
      name: 'the referenced tsconfig.json that has the file',
      files: {
        'tsconfig.json': JSON.stringify({
          extends: './tsconfig.base.json',
          files: [],
          include: [],
          references: [{path: './tsconfig.spec.json'}, {path: './tsconfig.app.json'}],
        }),
        'tsconfig.base.json': tsConfig({module: 'esnext'}),
        'tsconfig.spec.json': tsConfig({module: 'esnext'}, {include: ['*.spec.ts']}),
        'tsconfig.app.json': tsConfig({module: 'commonjs'}, {extends: './tsconfig.json', include: ['*.ts']}),
      },
      format: 'commonjs',
    },
  ]
  for (const {name, files, format, compilers = ['@swc/core'] as const} of formats)
    it(`takes ${name} for ${format}`, async () => {
      const folder = project({'orm.ts': 'export default {dbName: typeof module}', ...files}, compilers)
      expect(await load(folder)).to.equal(format === 'commonjs' ? 'object' : 'undefined')
    })

  for (const compiler of everyCompiler) {
    /** A module of which all importers get the same, and which requires what its importer imports as well. */
    const shared = {
      ...modern,
      'tsconfig.json': tsConfig({module: 'commonjs', esModuleInterop: true}),
      'src/index.ts': "export * from './settings'\nexport {default} from './settings'",
      'src/settings.ts':
        "import {named} from 'modern'\nexport class Settings {}\nexport const table = named\nexport default {table}",
    }

    it(`exports CommonJS to configurations as its source does, with ${compiler}`, async () => {
      const config =
        "import {named} from 'modern'\nimport settings, {table} from './src'\nexport default {versionTable: table, logTable: settings.table + '_' + named}"
      const folder = project({...shared, 'mig.config.ts': config}, [compiler])
      const {settings} = await loadConfig({cwd: folder.path})
      expect(settings).to.include({versionTable: 'modern', logTable: 'modern_modern'})
    })

    it(`is the same to import, import() and require, with ${compiler}`, async () => {
      const text = `
        import {Settings} from './src'
        import {createRequire} from 'node:module'
        const require = createRequire(import.meta.url)
        const later = await import('./src/settings.ts')
        export default {dbName: [require('./src/settings').Settings === Settings, later.Settings === Settings, later.default.table]}`
      const folder = project({...shared, 'orm.mts': text}, [compiler])
      expect(await load(folder, 'orm.mts')).to.deep.equal([true, true, 'modern'])
    })

    it(`exports CommonJS to revisions as its source does, with ${compiler}`, async () => {
      const folder = project({...shared, 'orm.ts': "export {default} from './src'"}, [compiler])
      await load(folder)
      const text =
        "import settings, {Settings} from '../src/index.ts'\nexport const seen = [settings.table, Settings.name]"
      const revision = await importSource(`${folder.path}/migrations/a.ts`, text)
      expect(revision['seen']).to.deep.equal(['modern', 'Settings'])
    })

    it(`names the line of the source that fails, with ${compiler}`, async () => {
      const folder = project(
        {
          'tsconfig.json': tsConfig({module: 'commonjs'}),
          'orm.ts': "import './fails'\nexport default {}",
          'fails.ts': 'enum E {\n  A,\n}\ninterface I {\n  a: E\n}\n\nthrow new Error(String(E.A))\nexport {}',
        },
        [compiler],
      )
      const error = await rejectionOf('CONFIG_FAILED', async () => load(folder))
      expect(error).to.have.property('message', `The configuration failed at ${folder.path}/fails.ts:8: Error: 0`)
    })

    it(`says where a file cannot be parsed, with ${compiler}`, async () => {
      const folder = project(
        {
          'tsconfig.json': tsConfig({module: 'commonjs'}),
          'orm.ts': "import './fails'\nexport default {}",
          'fails.ts': 'export const a = 1\nexport class {',
        },
        [compiler],
      )
      const {message} = await rejectionOf('CONFIG_FAILED', async () => load(folder))
      expect(message).to.match(/^The configuration failed at \S+ \S+ \S+\/fails\.ts:2: /)
    })
  }
})
