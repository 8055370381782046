import {existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {expect} from 'chai'
import {mig} from '../support/cli.ts'
import {Folder} from '../support/folder.ts'

const migrations = 'migrations/Migration20240102030405_users.ts'
const tsconfig = (options: object, rest: object = {}): string => JSON.stringify({compilerOptions: options, ...rest})

/** Projects, with what `mig init` writes into them and what it says. */
const projects: readonly {
  readonly name: string
  readonly files: Readonly<Record<string, string>>
  readonly args?: string
  readonly env?: Readonly<Record<string, string>>
  readonly stdout: string
  readonly says: readonly string[]
}[] = [
  {
    name: 'an empty folder',
    files: {},
    stdout: 'wrote migrations/script.ts.eta\nwrote mig.config.ts\nwrote .gitignore\n',
    says: [
      'Next, on the embedded PostgreSQL in .mig/pgdata:',
      '  npm install migdag @mikro-orm/pglite\n  npx migdag revision -m "create users"\n  # write what it does in the new file\n  npx migdag upgrade\n',
    ],
  },
  {
    name: 'a package with a .gitignore',
    files: {'package.json': '{}', 'package-lock.json': '{}', '.gitignore': 'node_modules'},
    stdout: 'wrote migrations/script.ts.eta\nwrote mig.config.ts\nadded .mig/ to .gitignore\n',
    says: ['  npx migdag revision -m "create users"\n  # write what it does in the new file\n  npx migdag upgrade\n'],
  },
  {
    name: 'a package of pnpm with a MikroORM configuration',
    files: {'src/mikro-orm.config.ts': 'export default {}', 'pnpm-lock.yaml': ''},
    stdout: 'wrote migrations/script.ts.eta\nwrote mig.config.ts\nwrote .gitignore\n',
    says: [
      'on the database of ./src/mikro-orm.config.ts:\n  pnpm add migdag\n',
      'If the database has tables already:\n  pnpm mig baseline -m "existing schema"\nIf the database is empty, instead:\n  pnpm mig revision',
      "schemaGenerator: {skipTables: ['mig_version', 'mig_log', 'mig_version_lock']}",
    ],
  },
  {
    name: 'a package that names the manager and the place of the configuration',
    files: {
      'package.json': '{"packageManager": "yarn@4.9.1", "mikro-orm": {"configPaths": ["./db/orm.ts"]}}',
      'db/orm.ts': 'export default {}',
    },
    stdout: 'wrote migrations/script.ts.eta\nwrote mig.config.ts\nwrote .gitignore\n',
    says: [
      'on the database of ./db/orm.ts:\n  yarn add migdag\nIf the database has tables already:\n  yarn mig baseline',
    ],
  },
  {
    name: 'a database in the environment',
    files: {'package.json': '{}'},
    env: {MIG_DATABASE_URL: 'postgresql://127.0.0.1/app'},
    stdout: 'wrote migrations/script.ts.eta\nwrote mig.config.ts\nwrote .gitignore\n',
    says: ['Next, on the database in MIG_DATABASE_URL:\n  npm install migdag\n'],
  },
  {
    name: 'migrations of MikroORM',
    files: {'package.json': '{}', [migrations]: ''},
    stdout: 'wrote revisions/script.ts.eta\nwrote mig.config.ts\nwrote .gitignore\n',
    says: [
      'Revisions are in another folder than usual, because migrations has migrations of MikroORM.\n',
      "To continue from MikroORM's migrations, set `orm` in the configuration to their database, then:\n  npx migdag import mikro-orm migrations --stamp\nIf the database is empty, instead:\n",
    ],
  },
  ...(
    [
      ['Knex', 'knex', 'migrations', ['knexfile.js', 'migrations/1_a.js']],
      ['Prisma', 'prisma', 'prisma/migrations', ['prisma/migrations/1_a/migration.sql']],
      ['Drizzle', 'drizzle', 'drizzle', ['drizzle.config.ts', 'drizzle/0000_a.sql', 'drizzle/meta/_journal.json']],
      ['Alembic', 'alembic', 'alembic/versions', ['alembic.ini', 'alembic/versions/a.py']],
      ['Django', 'django', '.', ['manage.py']],
      ['Sqitch', 'sqitch', '.', ['sqitch.plan']],
      ['Atlas', 'atlas', 'db/migrations', ['db/migrations/atlas.sum']],
      ['Flyway', 'flyway', 'sql', ['sql/V1__a.sql']],
      ['golang-migrate', 'golang-migrate', 'db/migrations', ['db/migrations/1_a.up.sql']],
      ['dbmate', 'dbmate', 'db/migrations', ['db/migrations/20260101000000_a.sql']],
    ] as const
  ).map(([title, tool, place, marks]) => ({
    name: `migrations of ${title}`,
    files: {'package.json': '{}', ...Object.fromEntries(marks.map((file) => [file, '']))},
    stdout: `wrote ${place === 'migrations' ? 'revisions' : 'migrations'}/script.ts.eta\nwrote mig.config.ts\nwrote .gitignore\n`,
    says: [`To continue from ${title}'s migrations`, `  npx migdag import ${tool} ${place} --stamp\n`],
  })),
  {
    name: 'a file in the place of the usual folder',
    files: {'package.json': '{}', migrations: ''},
    stdout: 'wrote revisions/script.ts.eta\nwrote mig.config.ts\nwrote .gitignore\n',
    says: ['Revisions are in another folder than usual, because migrations is a file.\n'],
  },
  {
    name: 'other files in the usual folder',
    files: {'package.json': '{}', 'migrations/x.sql': ''},
    stdout: 'wrote revisions/script.ts.eta\nwrote mig.config.ts\nwrote .gitignore\n',
    says: ['Revisions are in another folder than usual, because migrations is not empty.\n'],
  },
  {
    name: 'a compiler that takes all files, but none outside of a folder',
    files: {'package.json': '{}', 'tsconfig.json': tsconfig({rootDir: 'src'}), 'src/main.ts': ''},
    stdout: 'wrote src/migrations/script.ts.eta\nwrote mig.config.mjs\nwrote .gitignore\n',
    says: ['Revisions are in another folder than usual, because tsconfig.json has rootDir src.\n'],
  },
  {
    name: 'a compiler that takes only the files of its folder',
    files: {'package.json': '{}', 'tsconfig.json': tsconfig({rootDir: 'src'}, {include: ['src']}), 'src/main.ts': ''},
    stdout: 'wrote migrations/script.ts.eta\nwrote mig.config.ts\nwrote .gitignore\n',
    says: ['Next, on the embedded'],
  },
  {
    name: 'a template in JavaScript, in a CommonJS package',
    files: {'package.json': '{"type": "commonjs"}'},
    args: '-t javascript',
    stdout: 'wrote migrations/script.mjs.eta\nwrote mig.config.mjs\nwrote .gitignore\n',
    says: [],
  },
  {
    name: 'a template in JavaScript, in an ES module package',
    files: {'package.json': '{"type": "module"}'},
    args: '-t javascript',
    stdout: 'wrote migrations/script.js.eta\nwrote mig.config.js\nwrote .gitignore\n',
    says: [],
  },
  {
    name: 'a named folder',
    files: {'package.json': '{"type": "module"}', 'migrations/x.sql': ''},
    args: 'db/changes/',
    stdout: 'wrote db/changes/script.ts.eta\nwrote mig.config.ts\nwrote .gitignore\n',
    says: [],
  },
]

describe('mig init', () => {
  for (const {name, files, args = '', env = {}, stdout, says} of projects)
    it(`sets mig up in ${name}`, async () => {
      const folder = new Folder().write(files)
      const result = await mig(`init ${args}`, {cwd: folder.path, env})
      expect([result.status, result.stdout]).to.deep.equal([0, stdout])
      for (const sentence of says) expect(result.stderr).to.contain(sentence)
      expect((await mig('heads', {cwd: folder.path})).status).to.equal(0)
    })

  it('keeps the lines of a .gitignore', async () => {
    const folder = new Folder().write({'.gitignore': 'node_modules'})
    await mig('init', {cwd: folder.path})
    expect(folder.read('.gitignore')).to.equal('node_modules\n.mig/\n')
  })

  it('leaves the MikroORM configuration to be found, where the commands find it', async () => {
    const folder = new Folder().write({'src/mikro-orm.config.ts': 'export default {}'})
    await mig('init', {cwd: folder.path})
    expect(folder.read('mig.config.ts')).not.to.match(/^ {2}orm:/m)
    expect(folder.read('mig.config.ts')).to.contain('src/mikro-orm.config.ts')
  })

  it('takes the name of the script directory', async () => {
    const folder = new Folder().write({'package.json': '{"type": "module"}'})
    await mig('init db/changes', {cwd: folder.path})
    const {stdout} = await mig('revision -m x --rev-id aaaa', {cwd: folder.path})
    expect(stdout).to.equal('wrote db/changes/versions/aaaa_x.ts\n')
  })

  const occupied: Readonly<Record<string, readonly [args: string, files: Readonly<Record<string, string>>]>> = {
    'mig.config.ts': ['', {'mig.config.ts': ''}],
    migrations: ['', {'migrations/x': '', 'revisions/x': ''}],
    'db/changes': ['db/changes', {'db/changes/x': ''}],
    revisions: ['revisions', {revisions: ''}],
  }
  for (const [taken, [args, files]] of Object.entries(occupied))
    it(`writes nothing where ${taken} is taken`, async () => {
      const folder = new Folder().write(files)
      const {stderr, status} = await mig(`init ${args}`, {cwd: folder.path})
      expect([status, stderr.split('\n')[0]]).to.deep.equal([1, `error: ${taken} already exists.`])
      expect(folder.list()).to.deep.equal(Object.keys(files))
    })

  it('lists the templates, and suggests one', async () => {
    const folder = new Folder()
    expect((await mig('templates', {cwd: folder.path})).stdout).to.match(
      /^generic .*\njavascript .*\nsql .*\nmulti-database /,
    )
    const {stderr, status} = await mig('init -t sqll', {cwd: folder.path})
    expect([status, stderr]).to.deep.equal([2, 'error: Unknown template sqll.\nhint: Did you mean sql?\n'])
  })
})

describe('mig init --agents', () => {
  const texts: readonly {readonly what: string; readonly before: string; readonly rest: readonly string[]}[] = [
    {what: 'after a text', before: '# Rules\n', rest: ['# Rules\n\n', '\n']},
    {what: 'after a text without a last newline', before: '# Rules', rest: ['# Rules\n\n', '\n']},
    {what: 'into an empty file', before: '', rest: ['', '\n']},
    {what: 'in the newlines of Windows', before: '# Rules\r\n', rest: ['# Rules\r\n\r\n', '\r\n']},
    {
      what: 'in place of the previous section',
      before: 'a\n<!-- mig:begin -->\nold\n<!-- mig:end -->\nb',
      rest: ['a\n', '\nb'],
    },
    {
      what: 'after a mention of its marker',
      before: 'Keep `<!-- mig:begin -->`.\n',
      rest: ['Keep `<!-- mig:begin -->`.\n\n', '\n'],
    },
  ]
  for (const {what, before, rest} of texts)
    it(`writes the section ${what}, once, and keeps the rest`, async () => {
      const folder = new Folder().writeGraph('a').write({'AGENTS.md': before})
      const {stdout, stderr, status} = await mig('init --agents', {cwd: folder.path})
      expect([status, stdout, stderr]).to.deep.equal([0, 'changed AGENTS.md\n', ''])
      const text = folder.read('AGENTS.md')
      const [first = '', last = ''] = rest
      expect([text.slice(0, first.length), text.slice(text.length - last.length)]).to.deep.equal(rest)
      const section = text.slice(first.length, text.length - last.length)
      expect(section).to.match(/^<!-- mig:begin -->\r?\n## Database migrations\r?\n[^]*\r?\n<!-- mig:end -->$/)
      if (before.includes('\r\n')) expect(text).to.not.match(/[^\r]\n/)
      const again = await mig('init --agents', {cwd: folder.path})
      expect([again.status, again.stdout, again.stderr]).to.deep.equal([0, '', 'AGENTS.md is up to date.\n'])
      expect(folder.read('AGENTS.md')).to.equal(text)
    })

  it('sets a new project up, and creates the file', async () => {
    const folder = new Folder().write({'pnpm-lock.yaml': ''})
    const {stdout, stderr, status} = await mig('init db --agents', {cwd: folder.path})
    expect([status, stdout]).to.deep.equal([
      0,
      'wrote db/script.ts.eta\nwrote mig.config.ts\nwrote .gitignore\nwrote AGENTS.md\n',
    ])
    expect(stderr).to.contain('pnpm mig upgrade')
    expect(folder.read('AGENTS.md')).to.contain('`pnpm mig status --json`')
  })

  it('finds an existing project from a folder below it, and one without a configuration', async () => {
    const folder = new Folder().writeGraph('a').write({'src/x.ts': ''})
    const below = await mig('init --agents', {cwd: join(folder.path, 'src')})
    expect([below.status, below.stdout]).to.deep.equal([0, 'wrote ../AGENTS.md\n'])
    folder.remove('AGENTS.md')
    folder.remove('mig.config.js')
    expect((await mig('init --agents', {cwd: folder.path})).stdout).to.equal('wrote AGENTS.md\n')
    expect(folder.list()).to.deep.equal(['AGENTS.md', 'migrations/versions/a.ts', 'src/x.ts'])
  })

  it('names only commands and files that exist', async () => {
    const folder = new Folder().writeGraph('a')
    await mig('init --agents', {cwd: folder.path})
    const text = folder.read('AGENTS.md')
    for (const [, command = ''] of text.matchAll(/`npx migdag ([^`]+)`/g)) {
      const [name = '', ...flags] = command.split(' ')
      const {stdout} = await mig(`${name} --help`, {cwd: folder.path})
      for (const flag of flags.filter((word) => word.startsWith('-'))) expect(stdout, command).to.contain(flag)
    }
    const files = [...text.matchAll(/node_modules\/migdag\/([\w./]+)/g)].map(([, file = '']) => file)
    expect(files).to.deep.equal(['docs/scripts.md', 'docs/README.md'])
    for (const file of files) expect(existsSync(file), file).to.equal(true)
  })

  const refused: readonly {
    readonly what: string
    readonly make: (path: string) => void
    readonly code: string
    readonly message: string
  }[] = [
    {
      what: 'a symbolic link',
      make: (path) => symlinkSync('CLAUDE.md', path),
      code: 'FILE_UNWRITABLE',
      message: 'AGENTS.md is a symbolic link.',
    },
    {
      what: 'a folder',
      make: (path) => mkdirSync(path),
      code: 'FILE_UNREADABLE',
      message: 'AGENTS.md cannot be read: it is a directory.',
    },
    {
      what: 'not UTF-8',
      make: (path) => writeFileSync(path, Buffer.from([0xff, 0xfe])),
      code: 'NOT_UTF8',
      message: 'AGENTS.md is not valid UTF-8.',
    },
    {
      what: 'a file with the beginning of a section alone',
      make: (path) => writeFileSync(path, '<!-- mig:begin -->\n'),
      code: 'FILE_UNWRITABLE',
      message: 'AGENTS.md does not have one <!-- mig:begin --> and one <!-- mig:end --> after it.',
    },
    {
      what: 'a file with two sections',
      make: (path) => writeFileSync(path, '<!-- mig:begin -->\n<!-- mig:end -->\n'.repeat(2)),
      code: 'FILE_UNWRITABLE',
      message: 'AGENTS.md does not have one <!-- mig:begin --> and one <!-- mig:end --> after it.',
    },
  ]
  for (const {what, make, code, message} of refused)
    it(`writes nothing where AGENTS.md is ${what}`, async () => {
      const folder = new Folder()
      make(join(folder.path, 'AGENTS.md'))
      const before = readdirSync(folder.path)
      const {stdout, status} = await mig('init --agents --json', {cwd: folder.path})
      const {error} = JSON.parse(stdout) as {readonly error: {readonly code: string; readonly message: string}}
      expect([status, error.code, error.message]).to.deep.equal([1, code, message])
      expect(readdirSync(folder.path)).to.deep.equal(before)
    })

  it('refuses a configuration that does not exist', async () => {
    const folder = new Folder()
    const {stderr, status} = await mig('init --agents -c other.ts', {cwd: folder.path})
    expect([status, stderr.split('\n')[0]]).to.deep.equal([
      2,
      'error: The configuration other.ts cannot be read: it does not exist.',
    ])
    expect(folder.list()).to.deep.equal([])
  })
})

describe('mig init --update-imports', () => {
  it('writes the name of the package into every import, and edits no applied revision', async () => {
    const former = (name: string): Record<string, string> => ({
      'package.json': '{"type": "module"}',
      'mig.config.ts': `import type {Config} from '${name}'\nexport default {orm: 'sqlite:app.db'} satisfies Config\n`,
      'migrations/script.ts.eta': `import type {Operations} from "${name}"\n`,
      'migrations/versions/aaaa_t.ts': `import type {Operations} from '${name}'
export const revision = 'aaaa'
export const downRevision = null
export async function upgrade(op: Operations) {
  // A comment from 'migrants' and the word mig stay.
  op.execute('create table t (n integer)')
  await op.query('select 1')
}
export async function downgrade(op: Operations) {
  op.execute('drop table t')
}
`,
    })
    const folder = new Folder().write(former('mig'))
    await mig('upgrade', {cwd: folder.path})
    const {stdout, status} = await mig('init --update-imports', {cwd: folder.path})
    expect([status, stdout]).to.deep.equal([
      0,
      'changed mig.config.ts\nchanged migrations/versions/aaaa_t.ts\nchanged migrations/script.ts.eta\n',
    ])
    for (const [path, text] of Object.entries(former('migdag'))) expect(folder.read(path)).to.equal(text)
    const state = JSON.parse((await mig('current -v --json', {cwd: folder.path})).stdout) as {readonly edited: unknown}
    expect(state.edited).to.deep.equal([])
    const again = await mig('init --update-imports', {cwd: folder.path})
    expect([again.status, again.stdout, again.stderr]).to.deep.equal([0, '', "No file imports 'mig'.\n"])
  })
})
