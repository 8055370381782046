import {expect} from 'chai'
import {mig} from '../support/cli.ts'
import {Bench} from '../support/contract.ts'
import {createDatabase} from '../support/databases.ts'

describe('commands on a database that is newer than the files', () => {
  let on: Bench
  beforeEach(async () => {
    on = new Bench('sqlite', await createDatabase('sqlite'))
    on.use('a <- b; a <- x')
    await mig('upgrade heads -q', {cwd: on.cwd})
    on.use('a <- b')
  })
  afterEach(async () => on.end())

  it('name the database, if there are several', async () => {
    const other = await createDatabase('sqlite')
    const databases = {main: {orm: on.database.url}, other: {orm: other.url}}
    on.folder.write({'mig.config.js': `export default ${JSON.stringify({databases})}\n`})
    await mig('upgrade -q --allow-unknown', {cwd: on.cwd})
    await on.database.query("update mig_version set revision = 'y' where revision = 'x'")
    const {stderr, status} = await mig('upgrade --dry-run --allow-unknown', {cwd: on.cwd})
    expect([status, stderr]).to.deep.equal([
      0,
      'y (revision x) is applied to main, but missing from this script directory.\n',
    ])
    await other.drop()
  })

  const note = 'x (revision x) is applied, but missing from this script directory.'
  const commands: readonly {
    readonly command: string
    readonly refused: number
    readonly stdout: string
    readonly note?: string
  }[] = [
    {command: 'upgrade', refused: 1, stdout: 'The database is at b; nothing to do.', note},
    {command: 'upgrade --dry-run', refused: 1, stdout: 'The database is at b; nothing to do.', note},
    {command: 'upgrade --json', refused: 1, stdout: '"unknown": [\n    "x"\n  ]'},
    {command: 'downgrade a --dry-run', refused: 1, stdout: 'downgrade b, revision b -> a', note},
    {command: 'downgrade a', refused: 1, stdout: 'The database is at a: 1 revision reverted', note},
    {command: 'current --check-heads', refused: 1, stdout: 'x (missing from the files), revision x'},
    {command: 'status', refused: 0, stdout: 'nothing to do'},
    {command: 'check files', refused: 0, stdout: 'ok'},
  ]
  for (const {command, refused, stdout, note: text = ''} of commands)
    it(`are refused unless unknown revisions are allowed: mig ${command}`, async () => {
      const plain = await mig(command, {cwd: on.cwd})
      expect(plain.status).to.equal(refused)
      if (command === 'status') expect(plain.stdout).to.contain('restore the missing file')
      const allowed = await mig(`${command} --allow-unknown`, {cwd: on.cwd})
      expect([allowed.status, allowed.stdout, allowed.stderr].join('\n'))
        .to.match(/^0\n/)
        .and.to.contain(stdout)
        .and.to.contain(text)
    })
})
