import {expect} from 'chai'
import type {ErrorCode} from '../../src/errors.ts'
import {loadOrmConfig} from '../../src/config/load-orm.ts'
import {mig} from '../support/cli.ts'
import {rejectionOf} from '../support/errors.ts'
import {Folder} from '../support/folder.ts'
import {linkPackages} from '../support/packages.ts'

const two = `export default [{dbName: 'a'}, {contextName: 'other', dbName: 'b'}, (name) => ({contextName: 'made', dbName: name})]`

describe('config/load-orm', () => {
  const contexts: {name: string; text: string; context?: string; env?: Record<string, string>; dbName: string}[] = [
    {name: 'the only one', text: "export default {dbName: 'a'}", dbName: 'a'},
    {name: 'a promise', text: "export default Promise.resolve({dbName: 'a'})", dbName: 'a'},
    {name: 'what a function returns', text: 'export default async (name) => ({dbName: name})', dbName: 'default'},
    {
      name: 'what a function returns for a name',
      text: 'export default (name) => ({dbName: name})',
      context: 'x',
      dbName: 'x',
    },
    {name: 'the one without a name', text: two, dbName: 'a'},
    {name: 'one by its name', text: two, context: 'other', dbName: 'b'},
    {name: 'one that a function makes', text: two, context: 'made', dbName: 'made'},
    {name: 'what MIKRO_ORM_CONTEXT_NAME names', text: two, env: {MIKRO_ORM_CONTEXT_NAME: 'other'}, dbName: 'b'},
  ]
  for (const c of contexts)
    it(`takes ${c.name}`, async () => {
      const folder = new Folder().write({'orm.ts': c.text})
      const options = await loadOrmConfig(`${folder.path}/orm.ts`, folder.path, c.context, c.env ?? {})
      expect(options).to.deep.include({dbName: c.dbName, baseDir: folder.path, preferTs: true})
    })

  it('takes what a compiler has written for CommonJS', async () => {
    const text = "Object.defineProperty(exports, '__esModule', {value: true}); exports.default = {dbName: 'a'}"
    const folder = new Folder().write({'orm.js': text, 'package.json': '{"type": "commonjs"}'})
    const options = await loadOrmConfig(`${folder.path}/orm.js`, folder.path, undefined, {})
    expect(options).to.deep.include({dbName: 'a'}).and.not.have.property('preferTs')
  })

  const refused: {
    name: string
    files: Record<string, string>
    compiler?: string
    context?: string
    code: ErrorCode
    message: RegExp
    hint?: RegExp
  }[] = [
    {
      name: 'a context that is not there',
      files: {'orm.ts': two},
      context: 'othr',
      code: 'ORM_CONTEXT_NOT_FOUND',
      message: /orm\.ts has no context othr\.$/,
      hint: /^Did you mean other\?/,
    },
    {
      name: 'a context of a single configuration that has none',
      files: {'orm.ts': "export default {dbName: 'a'}"},
      context: 'x',
      code: 'ORM_CONTEXT_NOT_FOUND',
      message: /has no context x\.$/,
    },
    {
      name: 'a context that is there twice',
      files: {'orm.ts': "export default [{dbName: 'a'}, {dbName: 'b'}]"},
      code: 'INVALID_CONFIG',
      message: /duplicate context default/,
    },
    {
      name: 'no options',
      files: {'orm.ts': 'export default 5'},
      code: 'INVALID_CONFIG',
      message: /it must export or return MikroORM options/,
    },
    {
      name: 'a file that throws, behind an enum, which moves the lines',
      compiler: 'esbuild',
      files: {
        'orm.ts': "import './other'\nexport default {}",
        'other.ts': "enum E {\n  A,\n  B,\n}\n\n\nthrow new Error('no ' + E[0])",
      },
      code: 'CONFIG_FAILED',
      message: /other\.ts:7: Error: no A$/,
    },
    {
      name: 'a file that cannot be parsed',
      files: {'orm.ts': "import './other'\nexport default {}", 'other.ts': '\n\nconst a: = 1'},
      code: 'CONFIG_FAILED',
      message: /other\.ts:3: SyntaxError: /,
    },
    {
      name: 'a file that imports what is not there',
      files: {'orm.ts': "import './other'\nexport default {}", 'other.ts': "import {x} from '@app/nowhere'\nx()"},
      code: 'CONFIG_FAILED',
      message: /Error: Cannot find package '@app\/nowhere' imported from .*other\.ts$/,
    },
    {
      name: 'a type that is imported as a value, without a compiler',
      files: {
        'orm.ts': "import {Place} from './place'\nexport default {} as Place",
        'place.ts': 'export interface Place {}',
      },
      code: 'CONFIG_FAILED',
      message: /orm\.ts:1: SyntaxError: .*does not provide an export named 'Place'$/,
      hint: /^If it is a type, use `import type`/,
    },
    {
      name: 'a decorator without a compiler',
      files: {
        'orm.ts': "import {User} from './user'\nexport default {entities: [User]}",
        'user.ts':
          '/**\n * @author me\n */\nconst Entity = () => (value: unknown) => value as never\n\n@Entity()\nexport class User {}',
      },
      code: 'COMPILER_MISSING',
      message: /user\.ts:6 has a decorator, which Node cannot run without a compiler\.$/,
      hint: /^Install one of @swc\/core, typescript or esbuild in the project \(of typescript, a version below 7\)\.$/,
    },
  ]
  for (const c of refused)
    it(`refuses ${c.name}`, async () => {
      const folder = new Folder().write(c.files)
      if (c.compiler !== undefined) linkPackages(folder.path, {only: c.compiler, from: c.compiler})
      const error = await rejectionOf(c.code, async () =>
        loadOrmConfig(`${folder.path}/orm.ts`, folder.path, c.context, {}),
      )
      expect(error.message).to.match(c.message)
      if (c.hint) expect(error.hint).to.match(c.hint)
    })

  describe('on the command line', () => {
    const config = (name: string): string =>
      `import {SqliteDriver} from '@mikro-orm/sqlite'\nexport default {driver: SqliteDriver, dbName: '${name}.db', entities: [], discovery: {warnWhenNoEntities: false}}\n`
    const ways: {name: string; files: Record<string, string>; env?: Record<string, string>; made: string}[] = [
      {name: 'the one that MikroORM finds', files: {'src/mikro-orm.config.ts': config('found')}, made: 'found.db'},
      {
        name: 'a context of it',
        files: {
          'mig.config.js': "export default {orm: {context: 'b'}}",
          'mikro-orm.config.ts': `${config('a').replace('export default', 'const options =')}export default [{...options, contextName: 'a'}, {...options, contextName: 'b', dbName: 'b.db'}]`,
        },
        made: 'b.db',
      },
      {
        name: 'a context of one that is named',
        files: {
          'mig.config.js': "export default {orm: {config: './db.ts', context: 'eu'}}",
          'db.ts': `${config('x').replace('export default', 'const options =')}export default (name) => ({...options, dbName: name + '.db'})`,
        },
        made: 'eu.db',
      },
      {
        name: "MikroORM's variables, which win over its file",
        files: {'mikro-orm.config.ts': config('file')},
        env: {MIKRO_ORM_DB_NAME: 'variable.db'},
        made: 'variable.db',
      },
      {
        name: "MikroORM's variables without a file",
        files: {},
        env: {MIKRO_ORM_TYPE: 'sqlite', MIKRO_ORM_DB_NAME: 'alone.db'},
        made: 'alone.db',
      },
      {
        name: 'MIG_DATABASE_URL, which wins over all of them',
        files: {'mikro-orm.config.ts': config('file')},
        env: {MIKRO_ORM_DB_NAME: 'variable.db', MIG_DATABASE_URL: 'sqlite:mine.db'},
        made: 'mine.db',
      },
    ]
    for (const way of ways)
      it(`uses ${way.name}`, async () => {
        const folder = new Folder().writeGraph('a').write({'package.json': '{}', ...way.files})
        linkPackages(folder.path, {only: '@mikro-orm', from: '@mikro-orm'})
        const {stdout, stderr, status} = await mig('current --json', {cwd: folder.path, env: way.env ?? {}})
        expect([stderr, status]).to.deep.equal(['', 0])
        expect(JSON.parse(stdout)).to.deep.include({current: [], upToDate: false, pending: ['a']})
        expect(folder.list().filter((file) => file.endsWith('.db'))).to.deep.equal([way.made])
      })

    it('refuses an empty MIG_DATABASE_URL, as of a secret that is not set', async () => {
      const {path: cwd} = new Folder().writeGraph('a')
      const {stdout, stderr, status} = await mig('upgrade', {cwd, env: {MIG_DATABASE_URL: ''}})
      expect([stdout, status]).to.deep.equal(['', 2])
      expect(stderr).to.match(
        /^error: MIG_DATABASE_URL: it is empty; unset it to use the database of the configuration\.\n/,
      )
    })

    it('refuses an undefined orm where a database is needed', async () => {
      const {path: cwd} = new Folder()
        .writeGraph('a')
        .write({'mig.config.js': 'export default {orm: process.env.NOT_SET}'})
      const {stdout, stderr, status} = await mig('upgrade', {cwd})
      expect([stdout, status]).to.deep.equal(['', 2])
      expect(stderr).to.match(
        /^error: The configuration: orm is undefined; remove the key to use the default database\.\n/,
      )
      expect((await mig('heads', {cwd})).status).to.equal(0)
    })

    it('says where it fails, without a stack', async () => {
      const folder = new Folder()
        .writeGraph('a')
        .write({'mikro-orm.config.ts': "enum E { A }\n\nthrow new TypeError('no luck')"})
      linkPackages(folder.path, {only: 'esbuild', from: 'esbuild'})
      const {stdout, stderr, status} = await mig('current', {cwd: folder.path})
      expect([stdout, stderr, status]).to.deep.equal([
        '',
        `error: The configuration failed at ${folder.path}/mikro-orm.config.ts:3: TypeError: no luck\nhint: Use \`--debug\` for the full stack trace.\n`,
        2,
      ])
    })

    it('names the entity that needs a compiler, when MikroORM comes to it', async () => {
      const folder = new Folder().writeGraph('a').write({
        'mikro-orm.config.ts': config('x').replace('entities: []', "entities: ['src/entities']"),
        'src/entities/user.ts':
          "import {Entity} from '@mikro-orm/decorators/legacy'\n\n@Entity()\nexport class User {}",
      })
      linkPackages(folder.path, {only: '@mikro-orm', from: '@mikro-orm'})
      const {stderr, status} = await mig('current', {cwd: folder.path})
      expect(status).to.equal(2)
      expect(stderr).to.match(/^error: \/.*src\/entities\/user\.ts:3 has a decorator.*\nhint: Install one of/)
    })
  })
})
