import {expect} from 'chai'
import {current} from '../../src/api/runs/current.ts'
import {downgrade, upgrade} from '../../src/api/runs/migrate.ts'
import type {MigError} from '../../src/errors.ts'
import {mig} from '../support/cli.ts'
import {createDatabase, databaseKinds, newName} from '../support/databases.ts'
import type {TestDatabase} from '../support/databases.ts'
import {rejectionOf} from '../support/errors.ts'
import {Folder} from '../support/folder.ts'

/** Fails for the tenants or databases in `-x fail="NAME REVISION,…"`, in either direction. */
const body = ({id}: {readonly id: string}): string => `function check(op) {
  const fails = (op.x.fail ?? '').split(',')
  if (fails.includes(\`\${op.tenant ?? op.database ?? ''} ${id}\`)) op.execute('insert into nowhere values (1)')
}
export async function upgrade(op) { op.execute('select 1'); check(op) }
export async function downgrade(op) { op.execute('select 1'); check(op) }
`

interface Case {
  readonly name: string
  readonly dag: string
  /** Where each tenant is before, by its letter. */
  readonly at?: Readonly<Record<string, string>>
  readonly line: string
  readonly fail: string
  readonly hint: string
  /** The heads afterwards, when the commands of the hint were run. */
  readonly after: string
}

const cases: readonly Case[] = [
  {
    name: 'a downgrade by one that fails for some names the revision that all come to',
    dag: 'a <- b <- c',
    line: 'downgrade -1 --continue-on-error',
    fail: 'y c',
    hint: 'Fix the cause, then run `mig downgrade b`.',
    after: 'x b, y b, z b',
  },
  {
    name: 'a downgrade by one that stops at the first failure names the tenants that are left',
    dag: 'a <- b <- c',
    line: 'downgrade -1',
    fail: 'y c',
    hint: 'Fix the cause, then run `mig downgrade b --tenant y` and `mig downgrade -1 --tenant z`.',
    after: 'x b, y b, z b',
  },
  {
    name: 'a downgrade by one of tenants at different revisions',
    dag: 'a <- b <- c',
    at: {x: 'c', y: 'b', z: 'b'},
    line: 'downgrade -1 --continue-on-error',
    fail: 'y b,z b',
    hint: 'Fix the cause, then run `mig downgrade a --tenant y --tenant z`.',
    after: 'x b, y a, z a',
  },
  {
    name: 'a downgrade by two that fails at the second',
    dag: 'a <- b <- c',
    line: 'downgrade -2 --continue-on-error --tenant y --tenant z',
    fail: 'y b',
    hint: 'Fix the cause, then run `mig downgrade a --tenant y --tenant z`.',
    after: 'x c, y a, z a',
  },
  {
    name: 'a downgrade to the base',
    dag: 'a',
    line: 'downgrade -1 --continue-on-error',
    fail: 'x a',
    hint: 'Fix the cause, then run `mig downgrade base`.',
    after: 'x , y , z ',
  },
  {
    name: 'a downgrade on one of two branches',
    dag: 'a <- b{left}; a <- c',
    line: 'downgrade left@-1 --continue-on-error',
    fail: 'y b',
    hint: 'Fix the cause, then run `mig downgrade left@a --tenant y`.',
    after: 'x c, y c, z c',
  },
  {
    name: 'an upgrade by one',
    dag: 'a <- b <- c',
    at: {x: 'a', y: 'a', z: 'a'},
    line: 'upgrade +1 --continue-on-error',
    fail: 'y b',
    hint: 'Fix the cause, then run `mig upgrade b`.',
    after: 'x b, y b, z b',
  },
]

describe('a run to a relative target that fails names what finishes it and does nothing more', () => {
  for (const kind of databaseKinds.filter((one) => one === 'postgresql' || one === 'mariadb'))
    for (const {name, dag, at = {}, line, fail, hint, after} of kind === 'mariadb' ? cases.slice(0, 2) : cases)
      it(`${name} (${kind})`, async () => {
        const database = await createDatabase(kind)
        const own = newName()
        const tenants = ['x', 'y', 'z'].map((letter) => `${own} ${letter}`)
        const named = (text: string, quote = ''): string =>
          text.replaceAll(/\b([xyz])(?= [abc,]|$| --|`)/g, (letter) => `${quote}${own} ${letter}${quote}`)
        const folder = new Folder().writeGraph(dag, body)
        folder.write({'mig.config.js': `export default ${JSON.stringify({orm: database.url, tenants})}`})
        const options = {cwd: folder.path, createDatabase: true}
        for (const tenant of tenants) {
          const target = at[tenant.at(-1) ?? ''] ?? 'heads'
          await upgrade({...options, tenants: [tenant], target})
        }
        const words = named(line).split(/ (?=--|-\d|\+\d|left)|(?<=--tenant) /)
        const failed = await mig([...words, '-x', `fail=${named(fail)}`, '--json'], {cwd: folder.path})
        const error = (JSON.parse(failed.stdout) as {readonly error: {readonly code: string; readonly hint: string}})
          .error
        const [advice = '', warning] = error.hint.split(' Do not ')
        expect([error.code, advice.replaceAll(/ -x '[^']*'| -x [^` ]*/g, '')]).to.deep.equal([
          'TENANTS_FAILED',
          named(hint, "'"),
        ])
        expect(warning).to.match(/^run the same command again: \S+ would count from where each tenant is now\.$/)
        for (const [, command = ''] of advice.matchAll(/`mig ([^`]*)`/g)) {
          const args = (command.replaceAll(/ -x '[^']*'/g, '').match(/'[^']*'|\S+/g) ?? []).map((word) =>
            word.replaceAll("'", ''),
          )
          expect(await mig(args, {cwd: folder.path})).to.include({status: 0})
        }
        const now = await current({cwd: folder.path})
        const headsOf = (tenant: string): string =>
          now.current.flatMap((view) => (view.tenant === tenant ? view.revision : [])).join(' ')
        expect(tenants.map((tenant) => `${tenant.at(-1)} ${headsOf(tenant)}`).join(', ')).to.equal(after)
        if (kind === 'mariadb') await database.query(...tenants.map((tenant) => `drop database \`${tenant}\``))
        await database.drop()
      }).timeout(40_000)
})

describe('a run to a relative target on databases without tenants', () => {
  let first: TestDatabase
  let second: TestDatabase
  let folder: Folder
  beforeEach(async () => {
    first = await createDatabase('sqlite')
    second = await createDatabase('sqlite')
    folder = new Folder().writeGraph('a <- b <- c', body)
    const databases = {one: {orm: first.url}, two: {orm: second.url}}
    folder.write({'mig.config.js': `export default ${JSON.stringify({databases})}`})
  })
  afterEach(async () => {
    await first.drop()
    await second.drop()
  })

  const rejected = async (work: Promise<unknown>): Promise<MigError> => rejectionOf('REVISION_FAILED', async () => work)

  it('names the revision when it fails on the second of several', async () => {
    await upgrade({cwd: folder.path, target: 'c'})
    const error = await rejected(downgrade({cwd: folder.path, target: '-1', x: {fail: 'two c'}}))
    expect(error.hint).to.equal(
      'Fix the cause, then run `mig downgrade b`. Do not run the same command again: -1 would count from where each database is now.',
    )
    const {steps} = await downgrade({cwd: folder.path, target: 'b'})
    expect(steps.map(({database, revision}) => `${database} ${revision}`)).to.deep.equal(['two c'])
  })

  it('names the revision when it fails at the second of several', async () => {
    folder.write({'mig.config.js': `export default ${JSON.stringify({orm: first.url})}`})
    const error = await rejected(upgrade({cwd: folder.path, target: '+2', x: {fail: ' b'}}))
    expect(error.hint).to.match(/^Fix the cause, then run `mig upgrade b`\. Do not/)
  })

  it('may be run again when nothing was done', async () => {
    const error = await rejected(upgrade({cwd: folder.path, target: '+2', x: {fail: 'one a'}}))
    expect(error.hint).to.equal('Fix the revision and run the same command again.')
  })
})
