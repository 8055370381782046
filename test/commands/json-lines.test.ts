import {readFileSync} from 'node:fs'
import {expect} from 'chai'
import {mig} from '../support/cli.ts'
import {createDatabase} from '../support/databases.ts'
import {Folder} from '../support/folder.ts'

interface Line {
  readonly kind: string
  readonly time: string
  readonly code?: string
  readonly message?: string
  readonly hint?: string | null
  readonly data?: Readonly<Record<string, unknown>> | null
}

const linesOf = (stdout: string): readonly Line[] =>
  stdout.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as Line]))

const {commands} = JSON.parse(readFileSync('oclif.manifest.json', 'utf8')) as {
  readonly commands: Readonly<
    Record<
      string,
      {readonly flags: object; readonly args: Readonly<Record<string, {readonly options?: readonly string[]}>>}
    >
  >
}
const withLines = Object.entries(commands).filter(([, {flags}]) => 'json-lines' in flags)

const failing = (): string =>
  "export function upgrade(op) {\n  op.execute(`insert into nowhere values ('postgresql://app:topsecret@db/x')`)\n}\n"

describe('--json-lines of a command that fails', () => {
  it('is a flag of the commands that run something', () => {
    expect(withLines.map(([name]) => name)).to.include.members(['upgrade', 'downgrade', 'stamp', 'repair', 'switch'])
  })

  for (const [name, {args}] of withLines)
    it(`ends ${name} with the error when the configuration cannot be read`, async () => {
      const {path: cwd} = new Folder()
        .writeGraph('a')
        .write({'mig.config.js': "throw new Error('no settings today')\n"})
      const command = [name, ...Object.values(args).map(({options}) => options?.[0] ?? 'base')]
      const plain = await mig(command, {cwd})
      const {stdout, stderr, status} = await mig([...command, '--json-lines'], {cwd})
      expect([status, stderr]).to.deep.equal([plain.status, plain.stderr])
      expect(status).to.not.equal(0)
      const lines = linesOf(stdout)
      expect(lines.map(({kind}) => kind)).to.deep.equal(['error'])
      expect(Object.keys(lines[0] ?? {})).to.deep.equal(['time', 'kind', 'code', 'message', 'hint', 'data'])
      expect(lines[0]?.message).to.contain('no settings today')
      expect(stderr).to.contain(lines[0]?.message)
    })

  const cases = [
    {what: 'a flag is unknown', command: 'upgrade --json-lines --nonsense', code: 'USAGE', status: 2, before: []},
    {what: 'the command is unknown', command: 'upgrad --json-lines', code: 'UNKNOWN_COMMAND', status: 2, before: []},
    {
      what: 'a global flag stands first',
      command: '-q upgrade nowhere --json-lines',
      code: 'REVISION_NOT_FOUND',
      status: 1,
      before: [],
    },
    {
      what: 'a revision fails',
      command: 'upgrade --json-lines',
      code: 'REVISION_FAILED',
      status: 1,
      before: ['run-start', 'plan', 'step-start', 'statement'],
    },
  ] as const
  for (const {what, command, code, status: expected, before} of cases)
    it(`ends with the error when ${what}`, async () => {
      const database = await createDatabase('sqlite')
      const {path: cwd} = new Folder().writeGraph('a', failing)
      const {stdout, status} = await mig(command, {cwd, env: {MIG_DATABASE_URL: database.url}})
      await database.drop()
      const lines = linesOf(stdout)
      expect(status).to.equal(expected)
      expect(lines.map(({kind}) => kind)).to.deep.equal([...before, 'error'])
      expect(lines.at(-1)?.code).to.equal(code)
      expect(stdout).to.not.contain('topsecret')
    })

  it('ends with the error, and what is left of the tenants, when one of them fails', async () => {
    const database = await createDatabase('postgresql')
    const folder = new Folder().writeGraph('a', failing)
    folder.write({'mig.config.js': `export default {orm: ${JSON.stringify(database.url)}, tenants: ['acme', 'beta']}`})
    const {stdout, status} = await mig('upgrade --create-database --json-lines', {cwd: folder.path})
    await database.drop()
    const last = linesOf(stdout).at(-1)
    expect([status, last?.kind, last?.code]).to.deep.equal([1, 'error', 'TENANTS_FAILED'])
    expect(last?.data).to.have.property('tenants').with.lengthOf(2)
  })
})
