import {expect} from 'chai'
import {history} from '../../src/api/files/listings.ts'
import {current} from '../../src/api/runs/current.ts'
import {stamp, upgrade} from '../../src/api/runs/migrate.ts'
import {status} from '../../src/api/status.ts'
import {mig} from '../support/cli.ts'
import {createDatabase, databaseKinds, newName} from '../support/databases.ts'
import type {TestDatabase} from '../support/databases.ts'
import {Folder} from '../support/folder.ts'

for (const kind of databaseKinds.filter((one) => one !== 'sqlite'))
  describe(`the states of tenants, on ${kind}`, () => {
    let database: TestDatabase
    let folder: Folder
    let names: readonly string[]
    beforeEach(async () => {
      database = await createDatabase(kind)
      const own = newName()
      names = ['new', 'behind', 'base', 'lost', 'gone'].map((name) => `${own}_${name}`)
      folder = new Folder().writeGraph('a <- b', () => `export async function upgrade(op) {}`)
      use(names)
      const [upToDate = '', behind = '', base = ''] = names
      await upgrade({...at(), tenants: [upToDate]})
      await upgrade({...at(), tenants: [behind], target: 'a'})
      await stamp({...at(), tenants: [base], target: 'base'})
    })
    afterEach(async () => {
      if (kind === 'mariadb' || kind === 'mysql')
        await database.query(...names.map((name) => `drop database if exists \`${name}\``))
      await database.drop()
    })

    const use = (tenants: readonly string[]): void =>
      void folder.write({'mig.config.js': `export default ${JSON.stringify({orm: database.url, tenants})}`})
    const at = (): {readonly cwd: string; readonly createDatabase: true} => ({cwd: folder.path, createDatabase: true})
    const say = async (line: string): Promise<string> => {
      const {stdout, stderr, status: code} = await mig(line, {cwd: folder.path})
      return `${stderr}${stdout}exit ${code}\n`
        .replaceAll(`${names[0]?.slice(0, -4)}_`, '')
        .replaceAll(/^git: .*\n/gm, '')
    }

    it('are all in `current` and `status`, and mark revisions in `history`', async () => {
      const states = [
        {tenant: names[0], upToDate: true, pending: 0, partiallyApplied: []},
        {tenant: names[1], upToDate: false, pending: 1, partiallyApplied: []},
        {tenant: names[2], upToDate: false, pending: 2, partiallyApplied: []},
        {tenant: names[3], upToDate: false, pending: 2, partiallyApplied: [], isMissing: true},
        {tenant: names[4], upToDate: false, pending: 2, partiallyApplied: [], isMissing: true},
      ]
      expect((await current({cwd: folder.path})).tenants).to.deep.equal(states)
      const all = await status({cwd: folder.path})
      expect(all.database).to.deep.include({pending: ['a', 'b'], tenants: states})
      expect(all.next).to.equal('mig upgrade --create-database')
      const marked = async (tenants?: readonly string[]): Promise<readonly string[]> =>
        (await history({cwd: folder.path, indicateCurrent: true, tenants})).revisions.flatMap((view) =>
          view.isCurrent === true ? view.revision : [],
        )
      expect(await marked()).to.deep.equal(['b', 'a'])
      expect(await marked(names.slice(0, 1))).to.deep.equal(['b'])
    })

    it('lead to the next step', async () => {
      const [upToDate = '', behind = ''] = names
      const next = async (...tenants: readonly string[]): Promise<unknown> =>
        (await status({cwd: folder.path, tenants})).next
      expect(await next(upToDate)).to.equal(null)
      expect(await next(upToDate, behind)).to.equal('mig upgrade')
      folder.write({
        'migrations/versions/c.sql':
          '-- revision: c\n-- revises: b\n-- transactional: false\n\n-- upgrade\nselect 1;\ninsert into nowhere values (1);\n',
      })
      await upgrade({...at(), tenants: [upToDate]}).catch(() => {})
      expect(await next(upToDate, behind)).to.equal('mig repair')
      const {database: found} = await status({cwd: folder.path, tenants: [upToDate]})
      expect(found).to.deep.include({
        partiallyApplied: ['c'],
        tenants: [{tenant: upToDate, upToDate: false, pending: 1, partiallyApplied: ['c']}],
      })
    })

    it('are printed', async () => {
      expect(await say('status')).to.match(
        /1 of 5 tenants is up to date\n +behind \(1 revision\) and base \(2 revisions\) are behind\n +lost and gone do not exist yet\n +2 revisions not applied: a and b\nnext: +mig upgrade --create-database\nexit 0\n$/,
      )
      expect(await say('current')).to.equal(
        `4 of 5 tenants are not up to date: behind, base, lost and gone.
lost and gone do not exist yet: \`mig upgrade heads --create-database\`.
b (head) (on new), revision b
a (on behind), revision a
base (on base)
exit 0
`,
      )
      expect(await say(`status --tenant ${names[1]} --tenant ${names[0]}`)).to.contain(
        '\nnext:     mig upgrade --tenant behind --tenant new\n',
      )
      expect(await say(`current --tenant ${names[3]} --tenant ${names[4]}`)).to.match(
        /^error: 2 of 2 tenants failed:\n {2}lost: Tenant lost does not exist on .*\n {2}gone: Tenant gone does not exist on .*\n {2}2 failed\.\nhint: Check the name, or create what is missing with `mig ensure-version --create-database --tenant lost --tenant gone`\.\nexit 1\n$/,
      )
      expect(await say(`history -i --tenant ${names[1]}`)).to.match(/^a -> b .*\nbase -> a .*\(current\).*\nexit 0\n$/)
    })
  })
