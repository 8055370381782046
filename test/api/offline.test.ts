import {expect} from 'chai'
import {downgradeSql, upgradeSql} from '../../src/api/runs/offline.ts'
import {mig} from '../support/cli.ts'
import {rejectionOf} from '../support/errors.ts'
import {Folder} from '../support/folder.ts'

/** A project whose database nobody can reach. */
function project(body: string, config: object = {orm: 'postgresql://nobody:secret@127.0.0.1:1/nowhere'}): Folder {
  const folder = new Folder().writeGraph('a', () => body)
  return folder.write({'mig.config.js': `export default ${JSON.stringify(config)}\n`})
}

const create = "export function upgrade(op) {\n  op.execute('create table t (n integer)')\n}\n"

describe('scripts', () => {
  it('are written without any connection, in the language of the configuration', async () => {
    const {stdout, stderr, status} = await mig('upgrade --sql', {cwd: project(create).path})
    expect([status, stderr]).to.deep.equal([0, ''])
    expect(stdout.split('\n').slice(0, 2)).to.deep.equal([
      '-- mig 0.1.0: upgrade of postgresql from base to a',
      '-- It does nothing unless the database is at base.',
    ])
    expect(stdout).to.contain('\n-- upgrade a, revision a\nbegin;\n').and.contain('\ncreate table t (n integer);\n')
  })

  for (const [dialect, sign] of [
    ['postgresql', '\\set ON_ERROR_STOP on'],
    ['sqlite', '.bail on'],
    ['mariadb', 'start transaction'],
    ['mysql', 'start transaction'],
  ])
    it(`are written for ${dialect} when it is asked for`, async () => {
      const {stdout, status} = await mig(`upgrade --sql --dialect ${dialect}`, {cwd: project(create).path})
      expect(status).to.equal(0)
      expect(stdout).to.contain(sign)
    })

  it('name the revision that awaits a result', async () => {
    const folder = project("export async function upgrade(op) {\n  await op.query('select 1')\n}\n")
    const error = await rejectionOf('OFFLINE_QUERY', () => upgradeSql({cwd: folder.path}))
    expect(error.message).to.equal(
      'Revision a awaits a query result at migrations/versions/a.ts:8, which is not available when writing a script.',
    )
    expect(error.hint).to.contain('op.offline')
  })

  it('take what a revision does offline', async () => {
    const folder = project(
      "export async function upgrade(op) {\n  const n = op.offline ? 7 : (await op.query('select 1 as n'))[0].n\n  op.execute('select ?', [n])\n}\n",
    )
    expect((await upgradeSql({cwd: folder.path})).sql).to.contain('\nselect 7;\n')
  })

  it('need to know where a downgrade begins', async () => {
    const folder = project(create)
    const error = await rejectionOf('OFFLINE_RANGE', () => downgradeSql({cwd: folder.path, target: 'base'}))
    expect(error.hint).to.contain('mig downgrade heads:base --sql')
  })

  const ranges: readonly {
    readonly name: string
    readonly make: typeof upgradeSql | typeof downgradeSql
    readonly target: string
    readonly error?: string
  }[] = [
    {name: 'an upgrade to where it starts', make: upgradeSql, target: 'b:b'},
    {name: 'an upgrade to one of the heads it starts at', make: upgradeSql, target: 'heads:c'},
    {name: 'an upgrade to another branch', make: upgradeSql, target: 'c:d'},
    {name: 'an upgrade of nothing', make: upgradeSql, target: 'base:base'},
    {name: 'an upgrade down', make: upgradeSql, target: 'b:a', error: 'mig downgrade b:a --sql'},
    {
      name: 'an upgrade down from several heads',
      make: upgradeSql,
      target: 'heads:b',
      error: 'mig downgrade heads:b --sql',
    },
    {name: 'an upgrade to the base', make: upgradeSql, target: 'b:base', error: 'mig downgrade b:base --sql'},
    {name: 'a downgrade to where it starts', make: downgradeSql, target: 'b:b'},
    {name: 'a downgrade of nothing', make: downgradeSql, target: 'base:base'},
    {name: 'a downgrade up', make: downgradeSql, target: 'a:b', error: 'mig upgrade a:b --sql'},
    {name: 'a downgrade up from the base', make: downgradeSql, target: 'base:b', error: 'mig upgrade base:b --sql'},
    {name: 'a downgrade to another branch', make: downgradeSql, target: 'c:d', error: 'mig upgrade c:d --sql'},
  ]
  for (const {name, make, target, error} of ranges)
    it(`${error === undefined ? 'are written for' : 'are refused for'} ${name}`, async () => {
      const {path: cwd} = new Folder()
        .writeGraph('a <- b <- c; b <- d', () => create)
        .write({'mig.config.js': "export default {orm: 'sqlite:x.db'}\n"})
      if (error === undefined) expect((await make({cwd, target})).sql).to.be.a('string')
      else {
        const {hint} = await rejectionOf('INVALID_RANGE', () => make({cwd, target}))
        expect(hint).to.equal(`Swap the ends, or use \`${error}\`.`)
      }
    })

  it('are for one database, of which there can be several', async () => {
    const orm = 'sqlite:x.db'
    const folder = project(create, {databases: {main: {orm}, other: {orm}}})
    const error = await rejectionOf('DATABASE_NOT_CHOSEN', () => upgradeSql({cwd: folder.path}))
    expect(error.hint).to.equal('Choose one with `--database`: main or other.')
    expect((await upgradeSql({cwd: folder.path, database: 'main'})).heads).to.deep.equal(['a'])
    await rejectionOf('DATABASE_NOT_CHOSEN', () => upgradeSql({cwd: folder.path, database: 'mian'}))
  })

  it('keep all revisions in one transaction when the configuration says so', async () => {
    const folder = project(create, {orm: 'sqlite:x.db', transaction: 'all'})
    const {sql} = await upgradeSql({cwd: folder.path})
    expect(sql.match(/^(?:begin|commit|savepoint|release).*$/gm)).to.deep.equal([
      'begin immediate;',
      'savepoint mig_revision;',
      'release savepoint mig_revision;',
      'commit;',
    ])
  })
})
