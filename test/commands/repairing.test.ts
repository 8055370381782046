import {expect} from 'chai'
import {mig} from '../support/cli.ts'
import {createDatabase} from '../support/databases.ts'
import type {TestDatabase} from '../support/databases.ts'
import {Folder} from '../support/folder.ts'

describe('mig repair, lock', () => {
  let database: TestDatabase
  let folder: Folder
  before(async () => {
    database = await createDatabase('sqlite')
    folder = new Folder().writeGraph('a')
  })
  after(async () => database.drop())

  const revision = (second: string): string =>
    `export const transactional = false\nexport function upgrade(op) {\n  op.execute('create table one (n integer)')\n  op.execute('${second}')\n}\n`

  async function say(command: string): Promise<string> {
    const args = command.match(/"[^"]*"|\S+/g)?.map((one) => one.replaceAll('"', '')) ?? []
    const {stdout, stderr, status} = await mig(args, {cwd: folder.path, env: {MIG_DATABASE_URL: database.url}})
    return `${stderr}${stdout}${status === 0 ? '' : `exit ${status}\n`}`
  }

  it('tells the story of a revision that failed in the middle', async () => {
    folder.writeGraph('a', () => revision('create table one (n integer)'))
    expect(await say('upgrade')).to.contain('hint: Run `mig repair` to see how to resume or resolve it.\nexit 1')
    expect(await say('upgrade')).to.match(/^error: The upgrade of revision a on .* is partially applied: .*exit 1\n$/s)
    expect(await say('current')).to.contain('a is partially applied: `mig repair` shows what can be done')
    expect(await say('status'))
      .to.contain('a is partially applied')
      .and.to.contain('mig repair')
    expect(await say('repair')).to.match(
      /^The upgrade of a is partially applied: 1 of 2 statements was executed\. .* started it at \d{4}-\d\d-\d\dT[\d:.]+Z\.\nIt failed with: .*already exists\n {2}✓ create table one \(n integer\)\n {4}create table one \(n integer\)\n\nmig repair --resume/,
    )
    expect(await say('repair --resume'))
      .to.contain('--resume requires --reason')
      .and.to.contain('exit 2')
    expect(await say('repair --resume --mark-applied --reason x')).to.contain('exit 2')
    folder.writeGraph('a', () => revision('create table two (n integer)'))
    expect(await say('repair --resume --reason "two for one"')).to.equal('Repaired a. The database is at a.\n')
    expect(await say('repair')).to.equal('Nothing is partially applied.\n')
    expect(await say('repair --resume --reason x')).to.contain('error: No revision is partially applied on sqlite:')
  })

  it('shows who holds the lock, and takes it away', async () => {
    expect(await say('lock')).to.match(/^sqlite:.* is not locked\.\n$/)
    await database.query(
      "insert into mig_version_lock (id, owner, name, host, pid, since, beats) values (1, 'x', 'ana@elsewhere', 'elsewhere', 5, 'noon', 1)",
    )
    expect(await say('lock')).to.contain('is locked by ana@elsewhere (process 5, since noon).')
    expect(await say('lock --break')).to.contain('exit 2')
    expect(await say('lock --break --reason "it was killed"')).to.contain('was locked by ana@elsewhere')
    expect(await say('lock')).to.contain('is not locked.')
  })
})
