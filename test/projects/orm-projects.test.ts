import {cpSync} from 'node:fs'
import {expect} from 'chai'
import {mig} from '../support/cli.ts'
import {Folder} from '../support/folder.ts'
import {nodeCompiles} from '../support/node.ts'
import {linkPackages} from '../support/packages.ts'

/** What a project has for its TypeScript, by the names of packages. */
const everyCompiler = ['@oxc-node/core', '@swc/core', 'typescript', 'esbuild'] as const
type Compiler = (typeof everyCompiler)[number]

const projects: {name: string; database: string; runsWith: readonly (Compiler | 'none')[]}[] = [
  {
    name: 'syntax',
    database: 'of-typescript-syntax.db',
    runsWith: nodeCompiles ? ['none', ...everyCompiler] : everyCompiler,
  },
  {name: 'loose-types', database: 'loose.db', runsWith: everyCompiler},
  {name: 'plain-decorators', database: 'plain.db', runsWith: everyCompiler},
  {name: 'legacy-decorators', database: 'legacy.db', runsWith: ['@oxc-node/core', '@swc/core', 'typescript']},
  {name: 'standard-decorators', database: 'standard.db', runsWith: ['@swc/core', 'typescript', 'esbuild']},
]

describe('projects of MikroORM', () => {
  /** A copy of a project, with packages of its own: those of this one, and of the compilers only what is named. */
  function copyOf(name: string, compilers: readonly Compiler[]): Folder {
    const folder = new Folder().writeGraph('a')
    cpSync(`fixtures/projects/${name}`, folder.path, {recursive: true})
    linkPackages(folder.path, {without: [...everyCompiler, 'typescript5']})
    for (const one of compilers)
      linkPackages(folder.path, {only: one, from: one === 'typescript' ? 'typescript5' : one})
    return folder
  }

  for (const {name, database, runsWith} of projects)
    for (const compiler of runsWith)
      it(`runs ${name} with ${compiler === 'none' ? 'no compiler' : compiler}`, async () => {
        const folder = copyOf(name, compiler === 'none' ? [] : [compiler])
        const {stdout, stderr, status} = await mig('current --json', {cwd: folder.path})
        expect(status, stdout).to.equal(0)
        expect(stderr).to.equal('')
        expect(JSON.parse(stdout)).to.deep.include({current: [], upToDate: false})
        expect(folder.list()).to.include(database)
      })

  it('runs plain-decorators with the esbuild that tsx brings', async () => {
    const folder = copyOf('plain-decorators', []).write({'node_modules/tsx/package.json': '{"name": "tsx"}'})
    linkPackages(`${folder.path}/node_modules/tsx`, {only: 'esbuild', from: 'esbuild'})
    expect(await mig('current', {cwd: folder.path})).to.include({status: 0})
  })

  const lacking: {name: string; project: string; compilers: readonly Compiler[]; place: RegExp; help: string}[] = [
    {
      name: 'decorators of the language',
      project: 'standard-decorators',
      compilers: ['@oxc-node/core'],
      place: /author\.entity\.ts:3 has a decorator,/,
      help: '@swc/core, typescript or esbuild',
    },
    {
      name: 'decorators with the types of what they stand at',
      project: 'legacy-decorators',
      compilers: ['esbuild'],
      place: /author\.ts:\d+ has a decorator,/,
      help: '@oxc-node/core, @swc/core or typescript',
    },
    ...(nodeCompiles
      ? []
      : [
          {
            name: 'enums, namespaces and parameter properties',
            project: 'syntax',
            compilers: [],
            place: /src\/connection\.ts:1 has a TypeScript enum,/,
            help: '@oxc-node/core, @swc/core, typescript or esbuild',
          },
        ]),
  ]
  for (const {name, project, compilers, place, help} of lacking)
    it(`names what compiles ${name}, and runs when it is there`, async () => {
      const folder = copyOf(project, compilers)
      const {stderr, status} = await mig('current', {cwd: folder.path})
      expect(status).to.equal(2)
      expect(stderr).to.match(place)
      const hint = `which Node cannot run without a compiler.\nhint: Install one of ${help} in the project (of typescript, a version below 7).\n`
      expect(stderr).to.contain(hint)
      linkPackages(folder.path, {only: 'typescript', from: 'typescript5'})
      expect(await mig('current', {cwd: folder.path})).to.include({status: 0})
    })

  for (const compiler of everyCompiler)
    it(`names the line of the source behind an enum and a namespace, with ${compiler}`, async () => {
      const folder = copyOf('syntax', [compiler])
      folder.write({
        'src/settings/index.ts': "import '../fails'\nexport const name = 'x'\n",
        'src/fails.ts':
          'enum E {\n  A,\n}\nnamespace N {\n  export const text = E[0]\n}\n\nthrow new Error(N.text)\nexport {}',
      })
      const {stderr} = await mig('current', {cwd: folder.path})
      expect(stderr).to.match(/src\/fails\.ts:8: Error: A\nhint/)
    })

  for (const compiler of everyCompiler)
    it(`says where an entity cannot be parsed, with ${compiler}`, async () => {
      const folder = copyOf('legacy-decorators', [compiler])
      folder.write({
        'tsconfig.json': '{"compilerOptions": {"experimentalDecorators": true}}',
        'src/entities/book.ts': "import {Entity} from '@mikro-orm/decorators/legacy'\n\n@Entity()\nexport class {",
      })
      const {stderr, status} = await mig('current', {cwd: folder.path})
      expect(status).to.equal(2)
      expect(stderr).to.match(
        /^error: MikroORM cannot be initialised from \S+ \S+ \S+src\/entities\/book\.ts:4: Expected ident/,
      )
    })

  it('names the line of the source where a compiled file fails', async () => {
    const folder = copyOf('legacy-decorators', ['@swc/core'])
    folder.write({
      'src/named.ts': 'function Old(value: unknown): void {}\n\n@Old\nclass Named {}\n\n\nthrow new Error(Named.name)',
    })
    folder.write({'src/entities/author.ts': "import '../named'\n"})
    const {stderr} = await mig('current', {cwd: folder.path})
    expect(stderr).to.match(/src\/named\.ts:7: Named\nhint/)
  })
})
