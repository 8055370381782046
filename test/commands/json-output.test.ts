import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {DatabaseSync} from 'node:sqlite'
import {expect} from 'chai'
import {mig} from '../support/cli.ts'
import {GitFolder} from '../support/git.ts'
import {expectSchema} from '../support/json-output.ts'

const config = {'mig.config.js': "export default {orm: 'sqlite:.git/app.db'}\n"}
const dbmate = `-- migrate:up
create table pets (id integer)
-- migrate:down
drop table pets
`

interface Case {
  readonly args: string
  /** Files that are written before. */
  readonly files?: Readonly<Record<string, string>>
  readonly status?: number
}

/** Commands of one project, in the order in which they run. `mig` compares what they print with the schemas. */
const cases: readonly Case[] = [
  {args: 'templates'},
  {args: 'completion bash'},
  {args: 'status', status: 2},
  {args: 'init -t javascript --agents'},
  {args: 'init --agents'},
  {args: 'init', status: 1},
  {args: 'init --update-imports', files: config},
  {args: 'revision -m users --rev-id aaaa'},
  {args: 'branch feature --rev-id bbbb'},
  {args: 'revision -m accounts --rev-id cccc --head aaaa --splice'},
  {args: 'branch'},
  {args: 'branches -v'},
  {args: 'heads -v'},
  {args: 'status'},
  {args: 'ensure-version --sql'},
  {args: 'ensure-version'},
  {args: 'upgrade', status: 1},
  {args: 'upgrade heads --dry-run'},
  {args: 'upgrade heads --sql'},
  {args: 'upgrade heads'},
  {args: 'current -v'},
  {args: 'check files heads', status: 1},
  {args: 'merge heads -m join --rev-id dddd'},
  {args: 'history -v -i'},
  {args: 'history --touches users'},
  {args: 'show head --effects --diff'},
  {args: 'edit head'},
  {args: 'bundle --out history.js', status: 2},
  {args: 'rehearse'},
  {args: 'rehearse cccc: --format markdown'},
  {args: 'upgrade'},
  {args: 'status'},
  {args: 'downgrade cccc --dry-run'},
  {args: 'downgrade cccc'},
  {args: 'downgrade dddd:cccc --sql'},
  {args: 'stamp head --dry-run'},
  {args: 'stamp head'},
  {args: 'stamp head --sql'},
  {args: 'lock'},
  {args: 'lock --break', status: 2},
  {args: 'repair'},
  {args: 'repair --resume --reason none', status: 1},
  {args: 'hooks install'},
  {args: 'hooks status'},
  {args: 'hooks run pre-commit'},
  {args: 'switch --dry-run'},
  {args: 'switch --snapshots'},
  {args: 'import dbmate db', files: {'db/20260101000000_pets.sql': dbmate}},
  {args: 'blame pets'},
  {args: 'log pets'},
  {args: 'revision -m later --rev-id eeee --head dddd --splice'},
  {args: 'check commute bbbb cccc'},
  {args: 'check commute'},
  {args: 'rebase eeee --onto cccc'},
  {args: 'rebase eeee --onto cccc', status: 1},
  {args: 'squash aaaa:dddd --rev-id ffff'},
  {args: 'revision --nonsense', status: 2},
]

describe('--json', () => {
  const repository = GitFolder.init()
  const {path: cwd} = repository
  const env = {EDITOR: 'true'}

  for (const {args, files = {}, status = 0} of cases)
    it(`of \`mig ${args}\` is as its schema says${status === 0 ? '' : `, with exit status ${status}`}`, async () => {
      repository.write(files)
      const result = await mig(`${args} --json`, {cwd, env})
      expect([result.status, result.stderr], result.stdout).to.deep.equal([status, ''])
      expect(JSON.parse(result.stdout)).to.be.an('object')
    })

  it('of `mig baseline` is as its schema says', async () => {
    const other = GitFolder.init().write({...config, 'migrations/versions/.gitkeep': ''})
    const database = new DatabaseSync(join(other.path, '.git/app.db'))
    database.exec('create table people (id integer primary key)')
    database.close()
    const {status, stdout} = await mig('baseline -m first --json', {cwd: other.path})
    expect(status, stdout).to.equal(0)
  })

  it('is compared with its schema for every command', () => {
    const {commands} = JSON.parse(readFileSync('oclif.manifest.json', 'utf8')) as {
      readonly commands: Readonly<Record<string, {readonly hidden?: boolean}>>
    }
    const shown = Object.keys(commands).filter((name) => !commands[name]?.hidden)
    const run = new Set(['baseline', ...cases.map(({args}) => args.split(' ')[0])])
    expect([...run]).to.have.members(shown)
    for (const name of shown) {
      const result = `override async run(): Promise<CommandResults['${name}']> {`
      expect(readFileSync(`commands/${name}.ts`, 'utf8'), 'the type of the schema').to.contain(result)
    }
  })

  const wrong = [
    {what: 'a property that no type has', args: ['heads', '--json'], printed: {heads: [], more: 1}},
    {what: 'a missing property', args: ['heads', '--json'], printed: {}},
    {what: 'an unknown event', args: ['upgrade', '--json-lines'], printed: {time: '', kind: 'party'}},
    {
      what: 'an error without its code',
      args: ['heads', '--json'],
      printed: {error: {message: '', hint: null, data: null}},
    },
  ]
  for (const {what, args, printed} of wrong)
    it(`does not pass with ${what}`, () => {
      expect(() => expectSchema(args, JSON.stringify(printed))).to.throw('to equal true')
    })
})

describe('--json-lines', () => {
  const repository = GitFolder.init().write({...config, 'db/20260101000000_pets.sql': dbmate})
  const {path: cwd} = repository

  const runs = [
    'import dbmate db',
    'ensure-version',
    'ensure-version --sql',
    'upgrade --dry-run',
    'upgrade',
    'upgrade --sql',
    'upgrade',
    'repair',
    'switch --yes',
    'switch --snapshots',
    'stamp base',
    'stamp --purge head',
    'downgrade base',
  ]
  for (const args of runs)
    it(`ends \`mig ${args}\` with the result that --json prints`, async () => {
      repository.write({'migrations/versions/.gitkeep': ''})
      const {stdout, status} = await mig(`${args} --json-lines`, {cwd})
      expect(status, stdout).to.equal(0)
      const lines = stdout.trimEnd().split('\n')
      const {time, kind, ...result} = JSON.parse(lines.at(-1) ?? '') as Readonly<Record<string, unknown>>
      expect([typeof time, kind]).to.deep.equal(['string', 'result'])
      expectSchema([args.split(' ')[0] ?? '', '--json'], JSON.stringify(result))
    })
})
