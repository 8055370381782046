import {statSync} from 'node:fs'
import {join, resolve} from 'node:path'
import {expect} from 'chai'
import {FreshProject, tarball} from './tarball.ts'

const pglite = '@mikro-orm/pglite@7.2.1'

/** Ways of installing the package, and how the project's TypeScript finds it. */
const projects: readonly {
  readonly name: string
  readonly manifest: object
  readonly compilerOptions: object
  readonly install: (tarball: string) => readonly [command: string, ...args: string[]]
  readonly runner: string
}[] = [
  {
    name: 'ES modules with npm, moduleResolution nodenext',
    manifest: {type: 'module'},
    compilerOptions: {module: 'nodenext', verbatimModuleSyntax: true},
    install: (file) => ['npm', 'install', '--no-audit', '--no-fund', file, pglite],
    runner: 'npx migdag',
  },
  {
    name: 'CommonJS with npm, moduleResolution node16',
    manifest: {type: 'commonjs'},
    compilerOptions: {module: 'node16'},
    install: (file) => ['npm', 'install', '--no-audit', '--no-fund', file, pglite],
    runner: 'npx migdag',
  },
  {
    name: 'CommonJS with npm, moduleResolution node10',
    manifest: {},
    compilerOptions: {module: 'commonjs', moduleResolution: 'node10'},
    install: (file) => ['npm', 'install', '--no-audit', '--no-fund', file, pglite],
    runner: 'npx migdag',
  },
  {
    name: 'ES modules with pnpm, moduleResolution bundler',
    manifest: {type: 'module'},
    compilerOptions: {module: 'esnext', moduleResolution: 'bundler'},
    install: (file) => ['npx', '--yes', 'pnpm@10.30.0', 'add', file, pglite],
    runner: 'pnpm mig',
  },
  {
    name: 'ES modules with yarn',
    manifest: {type: 'module'},
    compilerOptions: {module: 'nodenext'},
    install: (file) => ['npx', '--yes', 'yarn@1.22.22', 'add', `file:${file}`, pglite, '@mikro-orm/core@7.2.1'],
    runner: 'yarn mig',
  },
]

describe('the package', () => {
  it('has at most 850 kB', async () => {
    expect(statSync(await tarball()).size).to.be.below(850_000)
  })

  for (const {name, manifest, compilerOptions, install, runner} of projects)
    it(`runs the first steps in a project of ${name}`, async () => {
      const app = new FreshProject({'package.json': JSON.stringify({name: 'app', ...manifest})})
      await app.succeed(...install(await tarball()))
      const next = await app.succeed('mig', 'init')
      expect(next).to.contain(
        `Next, on the embedded PostgreSQL in .mig/pgdata:\n  ${runner} revision -m "create users"\n`,
      )
      const file = /wrote (\S+)/.exec(
        await app.succeed('mig', 'revision', '-m', 'create users', '--rev-id', 'aaaa'),
      )?.[1]
      app.write({
        [file ?? '']: app
          .read(file ?? '')
          .replace(
            /(upgrade\(op.*\{)/,
            "$1\n  op.createTable('users', (t) => ({id: t.integer().primaryKey(), name: t.text()}))",
          ),
        'check.ts':
          "import {upgrade} from 'migdag'\nexport const run = async (): Promise<number> => (await upgrade({})).steps.length\n",
        'tsconfig.json': JSON.stringify({
          compilerOptions: {
            target: 'es2022',
            strict: true,
            noEmit: true,
            skipLibCheck: true,
            types: [],
            ...compilerOptions,
          },
        }),
      })
      await app.succeed('mig', 'upgrade')
      expect(await app.succeed('mig', 'current')).to.contain('aaaa (head), create users')
      await app.succeed(process.execPath, resolve('node_modules/typescript5/bin/tsc'), '-p', '.')
      expect(await app.succeed(process.execPath, '-e', "console.log(typeof require('migdag').upgrade)")).to.contain(
        'function',
      )
    })

  it('says the one command in an empty folder, and works after it', async () => {
    const app = new FreshProject()
    const file = await tarball()
    const next = await app.succeed('npx', '--yes', '--package', file, 'migdag', 'init')
    const command = /^ {2}npm install (migdag .*)$/m.exec(next)?.[1]
    expect(command).to.equal('migdag @mikro-orm/pglite')
    await app.succeed('npm', 'install', '--no-audit', '--no-fund', file, pglite)
    await app.succeed('npx', 'migdag', 'revision', '-m', 'create users')
    expect(await app.succeed('npx', 'migdag', 'upgrade')).to.contain('1 revision applied')
  })
})

describe('the MikroORM of an application', () => {
  it('may be newer than the one that mig is built with', async function newer() {
    const app = new FreshProject({'package.json': '{"type": "module"}'})
    const packages = ['core', 'sql', 'postgresql'].map((name) => `@mikro-orm/${name}@7.2.5`)
    await app.succeed('npm', 'install', '--no-audit', '--no-fund', await tarball(), ...packages)
    app.write({
      'mig.config.js': "export default {orm: 'postgresql://localhost/none'}\n",
      'migrations/versions/aaaa.sql': '-- revision: aaaa\n-- revises: base\n\n-- upgrade\ncreate table t (n int);\n',
      'check.ts': `import {MikroORM} from '@mikro-orm/postgresql'
import {upgrade} from 'migdag'
export const run = async (orm: MikroORM): Promise<number> => (await upgrade({orm})).steps.length
`,
      'tsconfig.json': JSON.stringify({
        compilerOptions: {
          module: 'nodenext',
          target: 'es2024',
          strict: true,
          noEmit: true,
          skipLibCheck: true,
          types: [],
        },
      }),
    })
    await app.succeed(process.execPath, resolve('node_modules/typescript5/bin/tsc'), '-p', '.')
    const {stderr, status} = await app.run('mig', 'upgrade', '--sql')
    expect([status, stderr]).to.deep.equal([0, ''])
    const versions = await app.succeed('npm', 'ls', '@mikro-orm/core', '--parseable')
    expect(versions.trim().split('\n')).to.deep.equal([join(app.path, 'node_modules/@mikro-orm/core')])
  })

  it('is too old when it is 6, and both versions are said at once', async () => {
    const app = new FreshProject({'package.json': '{"type": "module"}'})
    const packages = ['core', 'postgresql'].map((name) => `@mikro-orm/${name}@6.6.16`)
    await app.succeed('npm', 'install', '--no-audit', '--no-fund', '--legacy-peer-deps', await tarball(), ...packages)
    app.write({
      'mikro-orm.config.js':
        "import {PostgreSqlDriver} from '@mikro-orm/postgresql'\nexport default {driver: PostgreSqlDriver, clientUrl: 'postgresql://127.0.0.1/none', entities: [], discovery: {warnWhenNoEntities: false}}\n",
      'mig.config.js': 'export default {}\n',
      'migrations/versions/aaaa.sql': '-- revision: aaaa\n-- revises: base\n\n-- upgrade\nselect 1;\n',
      'api.js': `import {MikroORM} from '@mikro-orm/postgresql'
import {upgrade} from 'migdag'
import options from './mikro-orm.config.js'
try {
  await upgrade({orm: await MikroORM.init({...options, connect: false})})
} catch (error) {
  console.log(error.code, error.message)
}
`,
    })
    const sentence = /^The project has MikroORM 6\.6\.16, and mig \d+\.\d+\.\d+ needs 7\.2 or a later 7\.$/m
    for (const args of [['current'], ['upgrade'], ['upgrade', '--sql'], ['revision', '--autogenerate', '-m', 'x']]) {
      const {stderr, status} = await app.run('mig', ...args)
      expect(stderr.replace(/^error: /, '')).to.match(sentence)
      expect([status, stderr.trim().split('\n').length]).to.deep.equal([2, 2])
    }
    const {stdout, stderr} = await app.run(process.execPath, 'api.js')
    const [code, ...words] = stdout.split(' ')
    expect(code, stderr).to.equal('MIKRO_ORM_UNSUPPORTED')
    expect(words.join(' ')).to.match(sentence)
  })
})
