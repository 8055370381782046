import {readFileSync, symlinkSync} from 'node:fs'
import {join} from 'node:path'
import {expect} from 'chai'
import type {AutogenerateResult} from '../../src/autogenerate/autogenerate.ts'
import {mig} from '../support/cli.ts'
import {Folder} from '../support/folder.ts'
import {hasTerminals, migOnTerminal} from '../support/terminal.ts'

const entities = (name: string): string => `import {defineEntity, p} from '@mikro-orm/core'
import {SqliteDriver} from '@mikro-orm/sqlite'
const User = defineEntity({name: 'User', tableName: 'users', properties: {id: p.integer().primary(), ${name}: p.string()}})
export default {driver: SqliteDriver, dbName: 'x.db', entities: [User]}
`

/** A project on SQLite, with users who have a mail. */
function project(): Folder {
  const folder = new Folder().write({
    'package.json': '{"type": "module"}',
    'mig.config.js': 'export default {}\n',
    'migrations/versions/.gitkeep': '',
    'mikro-orm.config.js': entities('mail'),
  })
  symlinkSync(join(process.cwd(), 'node_modules'), join(folder.path, 'node_modules'))
  return folder
}

describe('mig revision --autogenerate', () => {
  it('writes one revision if several processes generate it at once', async () => {
    const folder = project()
    const names = ['a', 'b', 'c']
    const results = await Promise.all(
      names.map(async (name) => mig(['revision', '--autogenerate', '-m', name], {cwd: folder.path})),
    )
    const files = folder.list('migrations/versions').filter((file) => file.endsWith('.ts'))
    expect(files).to.have.lengthOf(1)
    const refused = results.filter(({status}) => status !== 0)
    expect(refused).to.have.lengthOf(2)
    for (const {stderr} of refused)
      expect(stderr).to.match(/was created as the first one in the meantime|is not applied|database is locked/)
  })

  it('says what it found, asks with its exit status, takes answers, and writes nothing twice', async () => {
    const folder = project()
    const run = async (...args: readonly string[]): ReturnType<typeof mig> => mig(args, {cwd: folder.path})

    const first = await run('revision', '--autogenerate', '-m', 'users')
    expect([first.status, first.stdout]).to.satisfy(
      ([status, text]: [number, string]) =>
        status === 0 && /^Detected added table 'users'\nwrote \S+_users\.ts\n$/.test(text),
    )
    const early = await run('revision', '--autogenerate', '-m', 'too early')
    expect([early.status, early.stderr]).to.satisfy(
      ([status, text]: [number, string]) => status === 1 && text.includes('hint: Run `mig upgrade heads` first'),
    )
    await run('upgrade')
    const nothing = await run('revision', '--autogenerate', '-m', 'nothing')
    expect([nothing.status, nothing.stdout]).to.deep.equal([0, 'No differences; nothing was written.\n'])

    folder.write({'mikro-orm.config.js': entities('email')})
    const check = await run('check', 'models', '--scratch', '--json')
    expect([check.status, JSON.parse(check.stdout)]).to.deep.equal([
      1,
      {
        checks: [
          {
            name: 'models',
            ok: false,
            findings: ["removed column 'users.mail'", "added column 'users.email'"].map((what) => ({
              code: 'MODEL_DIFFERENCE',
              level: 'error',
              message: `Detected ${what}.`,
              hint: '`mig revision --autogenerate -m "..."` generates the revision.',
            })),
          },
        ],
      },
    ])
    const open = await run('revision', '--autogenerate', '-m', 'e-mail', '--json')
    const {questions, losesData, revision} = JSON.parse(open.stdout) as AutogenerateResult
    expect([open.status, questions, losesData]).to.deep.equal([
      3,
      [
        {
          kind: 'column',
          removed: 'users.mail',
          added: ['email'],
          answers: ['--rename users.mail:email', '--drop users.mail'],
        },
      ],
      ['the values in users.mail'],
    ])
    const amend = ['revision', '--autogenerate', '--amend'] as const
    const again = await run(...amend)
    expect([again.status, again.stderr]).to.satisfy(
      ([status, text]: [number, string]) =>
        status === 3 &&
        text.includes('Run the command again with `--amend` and `--rename users.mail:email` or `--drop users.mail`.'),
    )
    const stale = await run(...amend, '--rename', 'users.maill:email')
    expect([stale.status, stale.stderr]).to.satisfy(
      ([status, text]: [number, string]) => status === 2 && text.includes('users.maill:email matches no open question'),
    )
    const file = revision?.file ?? ''
    const answered = await run(...amend, '--rename', 'users.mail:email')
    expect([answered.status, answered.stdout]).to.deep.equal([
      0,
      `Detected column 'users.mail' renamed to 'email'\nwrote ${file}\n`,
    ])
    const reworded = await run(...amend, '-m', 'electronic mail', '--rename', 'users.mail:email')
    expect(reworded.stdout).to.match(new RegExp(`\nwrote \\S+_electronic_mail\\.ts\nremoved ${file}\n$`))
    const misused = await run(...amend, '--rev-id', 'x')
    expect([misused.status, misused.stderr]).to.satisfy(
      ([status, text]: [number, string]) => status === 2 && text.includes('--rev-id'),
    )
    folder.write({'mikro-orm.config.js': entities('mail')})
    const needless = await run(...amend)
    expect([needless.status, needless.stdout]).to.deep.equal([0, 'No differences; nothing was written.\n'])
    expect(needless.stderr).to.match(/_electronic_mail\.ts is no longer needed: delete it\.\n$/)
  })

  it('writes the functions of each of several databases', async () => {
    const folder = new Folder().write({
      'package.json': '{"type": "module"}',
      'main.js': entities('mail').replace('x.db', 'main.db'),
      'log.js': entities('line').replaceAll('users', 'lines').replace('x.db', 'log.db'),
      'mig.config.js': `export default {databases: {main: {orm: './main.js'}, log: {orm: './log.js'}}}\n`,
      'migrations/versions/.gitkeep': '',
    })
    symlinkSync(join(process.cwd(), 'node_modules'), join(folder.path, 'node_modules'))
    const template = 'src/script/templates/multi-database/script.ts.eta'
    folder.write({'migrations/script.ts.eta': readFileSync(template, 'utf8')})
    const {stdout, stderr} = await mig('revision --autogenerate -m both', {cwd: folder.path})
    const file = /wrote (\S+)/.exec(stdout)?.[1] ?? ''
    expect(file, stderr).to.not.equal('')
    expect(folder.read(file)).to.match(/upgradeMain\(.*createTable\('users'.*upgradeLog\(.*createTable\('lines'/s)
    expect((await mig('upgrade', {cwd: folder.path})).status).to.equal(0)
    const again = await mig('revision --autogenerate -m again', {cwd: folder.path})
    expect(again.stdout).to.include('No difference')
    folder.write({'main.js': entities('email').replace('x.db', 'main.db')})
    const open = await mig('check models --json', {cwd: folder.path})
    expect(open.status).to.equal(1)
    const asked = await mig('revision --autogenerate -m one --json', {cwd: folder.path})
    const {questions, revision} = JSON.parse(asked.stdout) as AutogenerateResult
    expect(questions.flatMap(({answers}) => answers)).to.deep.equal([
      '--rename main/users.mail:email',
      '--drop main/users.mail',
    ])
    folder.remove(revision?.file ?? '')
    const renamed = await mig('revision --autogenerate -m two --rename main/users.mail:email', {cwd: folder.path})
    expect([renamed.status, renamed.stdout.split('\n')[0]]).to.deep.equal([
      0,
      "Detected column 'users.mail' renamed to 'email'",
    ])
    const wrong = await mig('revision --autogenerate -m three --rename mian/users.mail:email --scratch', {
      cwd: folder.path,
    })
    expect([wrong.status, wrong.stderr]).to.satisfy(
      ([status, text]: [number, string]) => status === 2 && text.includes('unknown database mian'),
    )
  })
})

describe('mig revision --autogenerate on a terminal', () => {
  before(function () {
    if (!hasTerminals) this.skip()
  })

  const question = 'Was the column users.mail renamed to email? [y/N]'
  const answers: Readonly<
    Record<string, {typed: string; status: number; says: RegExp; operations: readonly string[]}>
  > = {
    y: {typed: 'y\r', status: 0, says: /wrote \S+_e_mail\.ts/, operations: ['renameColumn']},
    n: {
      typed: 'n\r',
      status: 0,
      says: /loses data: the values in users\.mail/,
      operations: ['dropColumn', 'addColumn'],
    },
    'Ctrl-C': {typed: '\u0003', status: 130, says: /error: Cancelled; nothing was changed\./, operations: []},
  }
  for (const [name, {typed, status, says, operations}] of Object.entries(answers))
    it(`asks whether a column was renamed, and ${operations.length === 0 ? 'writes nothing' : `writes ${operations.join(' and ')}`} when the answer is ${name}`, async () => {
      const folder = project()
      await mig(['revision', '--autogenerate', '-m', 'users'], {cwd: folder.path})
      await mig('upgrade', {cwd: folder.path})
      folder.write({'mikro-orm.config.js': entities('email')})
      const result = await migOnTerminal('revision --autogenerate -m e-mail', [[question, typed]], {cwd: folder.path})
      expect(result.output).to.match(says)
      expect(result.status).to.equal(status)
      const text = folder.list('migrations/versions').find((file) => file.endsWith('_e_mail.ts'))
      const upgrade = text === undefined ? '' : (folder.read(text).split('export async function downgrade')[0] ?? '')
      expect([...upgrade.matchAll(/op\.(\w+)/g)].map(([, method]) => method)).to.deep.equal(operations)
    })
})
