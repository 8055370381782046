import {chmodSync, existsSync, mkdirSync, readdirSync} from 'node:fs'
import {join} from 'node:path'
import {setTimeout} from 'node:timers/promises'
import {expect} from 'chai'
import {forgetSnapshots, listSnapshots} from '../../src/api/git/snapshots.ts'
import {switchTo} from '../../src/api/git/switch.ts'
import type {SwitchResult} from '../../src/api/git/switch.ts'
import {upgrade} from '../../src/api/runs/migrate.ts'
import {connect} from '../../src/runner/connection/connect.ts'
import {createDatabase, databaseKinds, runOn} from '../support/databases.ts'
import type {DatabaseKind, TestDatabase} from '../support/databases.ts'
import {rejectionOf} from '../support/errors.ts'
import {GitFolder, withoutChance} from '../support/git.ts'
import {withSession} from '../support/session.ts'

const copied: readonly DatabaseKind[] = ['postgresql', 'sqlite', 'pglite']

/** `main` has a <- b, `work` has a <- c and is checked out, with all of it applied, and a row in c's table. */
class Project {
  readonly repo = GitFolder.init()
  readonly database: TestDatabase
  readonly notes: string[] = []

  constructor(database: TestDatabase) {
    this.database = database
  }

  async arrange(): Promise<void> {
    const {repo} = this
    repo
      .write({'mig.config.js': `export default {orm: '${this.database.url}'}\n`})
      .revisions('aaaa')
      .commit('first')
    repo.git('branch', 'work')
    repo.revisions('bbbb:aaaa').commit('on main')
    repo.git('switch', '-q', 'work')
    repo.revisions('cccc:aaaa').commit('on work')
    await upgrade({cwd: repo.path})
    await this.database.query('insert into t_cccc values (7)')
  }

  async switch(ref: string, options: object = {}): Promise<SwitchResult> {
    this.notes.length = 0
    return switchTo({
      cwd: this.repo.path,
      ref,
      snapshot: true,
      onEvent: (event) => {
        if (event.kind === 'note') this.notes.push(event.text)
      },
      ...options,
    })
  }

  async rows(table: string): Promise<readonly unknown[]> {
    const [rows = []] = await this.database.query(`select n from ${table} order by n`)
    return rows.map(({n}) => n)
  }

  async applied(): Promise<string> {
    const [rows = []] = await this.database.query('select revision from mig_version order by revision')
    return rows.map(({revision}) => String(revision)).join(' ')
  }

  async places(): Promise<readonly string[]> {
    const {snapshots} = await listSnapshots({cwd: this.repo.path})
    return snapshots.map(({place}) => place).toSorted()
  }

  async end(): Promise<void> {
    const {snapshots} = await listSnapshots({cwd: this.repo.path})
    for (const place of new Set(snapshots.map((snapshot) => snapshot.place)))
      await forgetSnapshots({cwd: this.repo.path, place})
    await this.database.drop()
  }
}

async function withProject(kind: DatabaseKind, use: (project: Project) => Promise<void>): Promise<void> {
  const project = new Project(await createDatabase(kind))
  await project.arrange()
  try {
    await use(project)
  } finally {
    await project.end()
  }
}

const stepsOf = ({steps}: SwitchResult): readonly string[] =>
  steps.map(({direction, revision}) => `${direction} ${revision}`)
const actionsOf = ({snapshots = []}: SwitchResult): readonly string[] =>
  snapshots.map(({action, place}) => `${action} ${place}`)

for (const kind of copied.filter((each) => databaseKinds.includes(each)))
  describe(`mig switch --snapshot on ${kind}`, () => {
    it('keeps the database that is left, and brings it back with its rows', async () =>
      withProject(kind, async (project) => {
        const first = await project.switch('main')
        expect([stepsOf(first), actionsOf(first)]).to.deep.equal([['downgrade cccc', 'upgrade bbbb'], ['keep work']])
        expect([await project.applied(), await project.places()]).to.deep.equal(['aaaa bbbb', ['work']])
        await project.database.query('insert into t_bbbb values (8)')
        const back = await project.switch('work')
        expect([stepsOf(back), actionsOf(back), project.notes]).to.deep.equal([
          [],
          ['keep main', 'bring back work'],
          [],
        ])
        expect([await project.applied(), await project.rows('t_cccc')]).to.deep.equal(['aaaa cccc', [7]])
        expect(await project.places()).to.deep.equal(['main'])
        project.repo.git('switch', '-q', 'main')
        project.repo.revisions('dddd:bbbb').commit('more on main')
        project.repo.git('switch', '-q', 'work')
        const again = await project.switch('main')
        expect(stepsOf(again)).to.deep.equal(['upgrade dddd'])
        expect([await project.applied(), await project.rows('t_bbbb')]).to.deep.equal(['aaaa bbbb dddd', [8]])
      }))

    it('brings back the database of a branch that was renamed, unless its former name is that of another one', async () =>
      withProject(kind, async (project) => {
        const {repo} = project
        await project.switch('main')
        repo.git('branch', '-m', 'work', 'feature')
        repo.git('branch', '-m', 'feature', 'feature/x')
        repo.git('branch', 'work', 'main')
        expect(actionsOf(await project.switch('feature/x', {dryRun: true}))).to.deep.equal(['keep main'])
        repo.git('branch', '-D', 'work')
        expect(actionsOf(await project.switch('feature/x'))).to.deep.equal(['keep main', 'bring back work'])
        expect([await project.rows('t_cccc'), await project.places()]).to.deep.equal([[7], ['main']])
      }))

    it('replays where the snapshot does not fit', async () =>
      withProject(kind, async (project) => {
        const {repo} = project
        await project.switch('main')
        repo.git('switch', '-q', '-C', 'work', 'work~1')
        repo.git('switch', '-q', 'main')
        const result = await project.switch('work')
        expect([stepsOf(result), actionsOf(result), project.notes]).to.deep.equal([
          ['downgrade bbbb'],
          ['keep main'],
          ['The snapshot of work is not used: it has cccc, missing from the files of the destination.'],
        ])
        expect(await project.applied()).to.equal('aaaa')
      }))

    it('keeps the database as it was when a downgrade fails, and resumes', async () =>
      withProject(kind, async (project) => {
        const {repo, database} = project
        repo.revisions('eeee:cccc').commit('more')
        await upgrade({cwd: repo.path})
        await database.query('drop table t_cccc', 'insert into t_eeee values (9)')
        const failure = await rejectionOf('REVISION_FAILED', async () => project.switch('main'))
        expect(failure.hint).to.contain('Fix the cause and run `mig switch main --snapshot`;')
        expect(project.notes).to.deep.equal([
          'The checkout is unchanged, and the database is where the run stopped; run `mig upgrade heads` to return to this checkout.',
          'The snapshot of work is the database as it was; `mig switch work --snapshot` brings it back.',
        ])
        await database.query('create table t_cccc (n integer)')
        const again = await project.switch('main', {dryRun: true})
        const stays = 'The snapshot of work stays as it is: it has eeee, which the database lacks.'
        expect([stepsOf(again), actionsOf(again), project.notes]).to.deep.equal([
          ['downgrade cccc', 'upgrade bbbb'],
          [],
          [stays],
        ])
        await project.switch('work')
        expect([await project.applied(), await project.rows('t_eeee')]).to.deep.equal(['aaaa cccc eeee', [9]])
      }))

    for (const hasCopy of [false, true])
      it(`keeps a database that git left behind, ${hasCopy ? 'and brings back' : 'without'} a copy of the branch`, async () =>
        withProject(kind, async (project) => {
          const {repo, database} = project
          if (hasCopy) {
            await project.switch('main')
            await database.query('insert into t_bbbb values (8)')
            await project.switch('work')
          }
          repo.git('switch', '-q', 'main')
          const there = await project.switch('main')
          expect([actionsOf(there), project.notes]).to.deep.equal([
            ['keep work', ...(hasCopy ? ['bring back main'] : [])],
            ['The database belongs to work, not to main: it has cccc.'],
          ])
          expect([await project.applied(), await project.rows('t_bbbb')]).to.deep.equal([
            'aaaa bbbb',
            hasCopy ? [8] : [],
          ])
          await project.switch('work')
          expect([await project.applied(), await project.rows('t_cccc')]).to.deep.equal(['aaaa cccc', [7]])
        })).timeout(120_000)

    it('leaves the database alone where it belongs to the destination already', async () =>
      withProject(kind, async (project) => {
        project.repo.git('switch', '-q', 'main')
        expect(actionsOf(await project.switch('work'))).to.deep.equal([])
        expect([await project.rows('t_cccc'), await project.places()]).to.deep.equal([[7], []])
      }))

    it('refuses to keep a database of no branch', async () =>
      withProject(kind, async (project) => {
        const {repo} = project
        repo.git('switch', '-q', 'main')
        repo.git('branch', '-q', '-D', 'work')
        repo.git('branch', 'other', 'main~1')
        const error = await rejectionOf('SWITCH_REFUSED', async () => project.switch('other'))
        expect([error.message, error.hint]).to.deep.equal([
          'Nothing was changed: the database has cccc, which main does not have, so it is not a database of main.',
          'Run `mig switch` to align it with this checkout first.',
        ])
      }))

    it('does not replace a copy that has other rows', async () =>
      withProject(kind, async (project) => {
        const {repo} = project
        await project.switch('main')
        repo.git('switch', '-q', 'work')
        await switchTo({cwd: repo.path})
        repo.revisions('eeee:cccc').commit('more')
        await upgrade({cwd: repo.path})
        const error = await rejectionOf('SWITCH_REFUSED', async () => project.switch('main'))
        expect(error.message).to.match(
          /^Nothing was changed: there is another snapshot of work, kept \S+, which would be replaced\.$/,
        )
        expect(error.hint).to.equal(
          '`mig switch work --snapshot` brings it back; `mig switch --forget work` deletes it.',
        )
        await project.switch('work')
        expect([await project.applied(), await project.rows('t_cccc')]).to.deep.equal(['aaaa cccc eeee', [7]])
        expect(await project.places()).to.deep.equal(['work (set aside)'])
        await project.switch('main')
        await project.switch('work')
        expect([await project.rows('t_cccc'), await project.places()]).to.deep.equal([
          [7],
          ['main', 'work (set aside)'],
        ])
        await project.switch('work')
        expect([await project.rows('t_cccc'), await project.places()]).to.deep.equal([[], ['main', 'work (set aside)']])
      })).timeout(120_000)

    it('keeps a database under the commit where no branch is checked out', async () =>
      withProject(kind, async (project) => {
        const {repo} = project
        repo.git('switch', '-q', '--detach', 'work')
        await project.switch('main')
        expect(await project.places()).to.deep.equal([repo.id('work')])
        await project.switch(repo.id('work').slice(0, 9))
        expect(await project.rows('t_cccc')).to.deep.equal([7])
        await forgetSnapshots({cwd: repo.path, place: 'main'})
        const error = await rejectionOf('UNKNOWN_SNAPSHOT', async () =>
          forgetSnapshots({cwd: repo.path, place: 'main'}),
        )
        expect(error.hint).to.equal('`mig switch --snapshots` lists the existing ones.')
      }))
  })

for (const kind of databaseKinds.filter((each) => !copied.includes(each)))
  it(`mig switch --snapshot is refused on ${kind}`, async () => {
    const project = new Project(await createDatabase(kind))
    await project.arrange()
    const error = await rejectionOf('SNAPSHOT_NOT_SUPPORTED', async () => project.switch('main'))
    expect(error.message).to.contain('mig cannot copy databases of this kind')
    expect(await project.applied()).to.equal('aaaa cccc')
    await project.database.drop()
  })

/** The moments at which `mig switch --snapshot` is killed, by kind. */
const moments: Partial<Record<DatabaseKind, readonly string[]>> = {
  postgresql: ['send create database', 'send comment on database', 'send rename to'],
  sqlite: ['copy', 'rename 1', 'rename 2'],
  pglite: ['copy', 'rename 1', 'rename 2', 'rename 3', 'rename 4'],
}
const preload = new URL('../support/kill-at-copy.ts', import.meta.url).href

for (const kind of copied.filter((each) => databaseKinds.includes(each)))
  describe(`mig switch --snapshot that is killed on ${kind}`, () => {
    for (const moment of moments[kind] ?? [])
      it(`loses nothing: ${moment}`, async () =>
        withProject(kind, async (project) => {
          const {repo, database} = project
          await database.query(...wide(kind))
          const folder = `${database.url.replace(/^\w+:/, '')}.snapshots`
          const killed = async (ref: string): Promise<unknown> => {
            const env = {
              NODE_OPTIONS: `${process.env['NODE_OPTIONS'] ?? ''} --import ${preload}`,
              MIG_CRASH_MOMENT: moment,
              MIG_CRASH_FOLDER: folder,
            }
            const {status, stderr} = await repo.mig(`switch ${ref} --snapshot --yes`, {env})
            expect([0, 'SIGKILL'], stderr).to.include(status)
            // Any command finds a complete database.
            expect((await repo.mig('current')).stdout).to.match(/aaaa|bbbb|cccc/)
            return status
          }
          const settle = async (ref: string): Promise<void> => {
            await rejectionOf('UNKNOWN_SNAPSHOT', async () => forgetSnapshots({cwd: repo.path, place: 'none'}))
            const left = existsSync(folder) ? readdirSync(folder).filter((name) => name.startsWith('.copy-')) : []
            expect(left).to.deep.equal([])
            await project.switch(ref)
          }
          const statuses = [await killed('main')]
          await settle('main')
          await database.query('insert into t_bbbb values (8)')
          statuses.push(await killed('work'))
          expect(statuses).to.include('SIGKILL')
          await settle('work')
          expect([await project.applied(), await project.rows('t_cccc')]).to.deep.equal(['aaaa cccc', [7]])
          await project.switch('main')
          expect([await project.applied(), await project.rows('t_bbbb')]).to.deep.equal(['aaaa bbbb', [8]])
        })).timeout(300_000)
  })

/** Returns statements that make a database too large to be copied at once. */
function wide(kind: DatabaseKind): readonly string[] {
  if (kind !== 'sqlite') return []
  return [
    'create table wide (b)',
    'insert into wide with recursive n (i) as (select 1 union all select i + 1 from n where i < 8) select zeroblob(1000000) from n',
  ]
}

if (databaseKinds.includes('sqlite'))
  describe('mig switch --snapshot', () => {
    it('copies a SQLite database with a write-ahead log, while another process reads it', async () =>
      withProject('sqlite', async (project) => {
        await project.database.query('pragma journal_mode = wal')
        const connection = await connect({kind: 'url', url: project.database.url}, process.cwd())
        try {
          await withSession(connection, undefined, async (session) => {
            await session.query('select * from t_cccc')
            await project.switch('main')
            await project.switch('work')
            expect(await session.query('select n from t_cccc')).to.deep.equal([{n: 7}])
          })
        } finally {
          await connection.close()
        }
      }))

    it('lists no unfinished copy, and removes it', async () =>
      withProject('sqlite', async (project) => {
        const folder = `${project.database.url.slice('sqlite:'.length)}.snapshots`
        mkdirSync(join(folder, '.copy-0'), {recursive: true})
        expect(await project.places()).to.deep.equal([])
        await project.switch('main')
        expect(readdirSync(folder).toSorted()).to.deep.equal(['.gitignore', 'work.db'])
      }))

    it('keeps and brings back each of several databases', async () => {
      const repo = GitFolder.init().write({
        'mig.config.js':
          "export default {databases: {one: {orm: 'sqlite:.git/one.db'}, two: {orm: 'sqlite:.git/two.db'}}}\n",
      })
      repo.revisions('aaaa').commit()
      repo.git('switch', '-q', '-c', 'work')
      repo.revisions('cccc:aaaa').commit()
      await upgrade({cwd: repo.path})
      const urls = ['one', 'two'].map((name) => `sqlite:${join(repo.path, '.git', name)}.db`)
      for (const [i, url] of urls.entries()) await runOn(url, `insert into t_cccc values (${i})`)
      for (const ref of ['main', 'work']) await switchTo({cwd: repo.path, ref, snapshot: true})
      const rows = await Promise.all(urls.map(async (url) => runOn(url, 'select n from t_cccc')))
      expect(rows).to.deep.equal([[[{n: 0}]], [[{n: 1}]]])
      const {snapshots} = await listSnapshots({cwd: repo.path})
      expect(snapshots.map(({place, database}) => `${place} of ${database}`)).to.deep.equal([
        'main of one',
        'main of two',
      ])
    })

    for (const [url, reason] of [
      ['sqlite::memory:', 'it is in memory'],
      ['libsql:.git/test.db', 'mig cannot copy databases of this kind'],
    ] as const)
      it(`is refused on ${url}`, async () => {
        const repo = GitFolder.init().write({'mig.config.js': `export default {orm: '${url}'}\n`})
        repo.revisions('aaaa').commit()
        repo.git('branch', 'work')
        const error = await rejectionOf('SNAPSHOT_NOT_SUPPORTED', async () =>
          switchTo({cwd: repo.path, ref: 'work', snapshot: true}),
        )
        expect(error.message)
          .to.match(/^Snapshots of .* are not supported: /)
          .and.to.contain(reason)
        expect(error.hint).to.equal('Run `mig switch` without `--snapshot`: it reverts and applies revisions.')
      })

    it('prints what it keeps and brings back, and lists and deletes copies', async () =>
      withProject('sqlite', async (project) => {
        const {repo} = project
        const plain = (text: string): string =>
          withoutChance(text)
            .replaceAll(/\d+(?:\.\d)? kB/g, 'N kB')
            .replaceAll(/ {2}\/.*$/gm, '  FILE')
        const dry = await repo.mig('switch main --snapshot --dry-run')
        expect(plain(dry.stdout)).to.contain('  keep the database of work (N kB)\n  downgrade cccc')
        expect((await repo.mig('switch main --snapshot --yes')).status).to.equal(0)
        const back = await repo.mig('switch work --snapshot --dry-run')
        expect(plain(back.stdout)).to.equal(
          [
            'Dry run; nothing was executed:',
            '  keep the database of main (N kB)',
            '  git switch --quiet work',
            '  bring back the database of work (N kB, kept AGE ago)',
            '',
          ].join('\n'),
        )
        expect(plain((await repo.mig('switch --snapshots')).stdout)).to.equal('work, AGE ago, N kB  FILE\n')
        expect(plain((await repo.mig('switch --forget work')).stdout)).to.equal('deleted work, AGE ago, N kB  FILE\n')
        expect((await repo.mig('switch --snapshots')).stdout).to.equal('no snapshots\n')
        expect(existsSync(`${project.database.url.slice('sqlite:'.length)}.snapshots/work.db`)).to.equal(false)
      }))
  })

if (databaseKinds.includes('postgresql'))
  describe('mig switch --snapshot on a server', () => {
    it('refuses while others are connected, and names them', async () =>
      withProject('postgresql', async (project) => {
        const url = `${project.database.url}?application_name=other`
        const connection = await connect({kind: 'url', url}, process.cwd())
        try {
          await withSession(connection, undefined, async (session) => {
            await session.query('select 1')
            const error = await rejectionOf('SWITCH_REFUSED', async () => project.switch('main'))
            expect(error.message).to.match(
              /^Nothing was changed: the database cannot be copied while it is used by session \d+ \(postgres, other\)\.$/,
            )
            expect(error.hint).to.equal(
              'End those sessions, or run `mig switch` without `--snapshot`: it reverts and applies revisions.',
            )
            expect(await project.applied()).to.equal('aaaa cccc')
          })
        } finally {
          await connection.close()
        }
      }))

    it('is refused while another one runs, which is named, and nothing is lost', async () =>
      withProject('postgresql', async (project) => {
        const {repo} = project
        await project.switch('main')
        await project.database.query('insert into t_bbbb values (8)')
        // A hook of git holds up the first one in the middle.
        repo.write({
          '.git/hooks/post-checkout': '#!/bin/sh\ntouch .git/hooked\nwhile test ! -e .git/go; do sleep 0.05; done\n',
        })
        chmodSync(join(repo.path, '.git/hooks/post-checkout'), 0o755)
        const first = repo.mig('switch work --snapshot --yes')
        while (!existsSync(join(repo.path, '.git/hooked'))) await setTimeout(20)
        for (const options of [{}, {dryRun: true}]) {
          const error = await rejectionOf('SWITCH_REFUSED', async () => project.switch('main', options))
          expect(error.message).to.match(
            /^Nothing was changed: another `mig switch --snapshot` is running on the database \w+: session \d+ \(postgres, mig switch --snapshot\)\.$/,
          )
          expect(error.hint).to.equal('Wait for it to end, then run the same command again.')
        }
        repo.write({'.git/go': ''})
        expect((await first).status).to.equal(0)
        expect([await project.applied(), await project.rows('t_cccc')]).to.deep.equal(['aaaa cccc', [7]])
        await project.switch('main')
        expect([await project.applied(), await project.rows('t_bbbb')]).to.deep.equal(['aaaa bbbb', [8]])
      })).timeout(60_000)

    it('is safe where two begin at the same moment', async () =>
      withProject('postgresql', async (project) => {
        const {repo} = project
        const both = await Promise.all(['main', 'main'].map(async () => repo.mig('switch main --snapshot --yes')))
        expect(both.map(({status}) => status)).to.include(0)
        for (const {status, stderr} of both)
          if (status !== 0)
            expect(stderr).to.match(/error: (?:Nothing was changed: .*|Keeping a snapshot of .*)\.\nhint: /)
        expect(await project.applied()).to.equal('aaaa bbbb')
        await project.switch('work')
        expect([await project.applied(), await project.rows('t_cccc')]).to.deep.equal(['aaaa cccc', [7]])
      })).timeout(120_000)

    it('keeps the settings, the privileges and the comment of the database', async () =>
      withProject('postgresql', async (project) => {
        const name = new URL(project.database.url).pathname.slice(1)
        await project.database.query(
          `alter database ${name} set search_path to "$user", public, "a b"`,
          `alter database ${name} set work_mem to '5MB'`,
          `comment on database ${name} is 'mine'`,
          `revoke temporary on database ${name} from public`,
          `grant create on database ${name} to pg_monitor with grant option`,
          `alter database ${name} connection limit 9 is_template true`,
        )
        for (const ref of ['main', 'work', 'main', 'work']) await project.switch(ref)
        const [settings, comments, privileges, options] = await project.database.query(
          `select unnest(setconfig) as setting from pg_db_role_setting
           where setdatabase = (select oid from pg_database where datname = current_database()) order by 1`,
          `select shobj_description(oid, 'pg_database') as comment from pg_database where datname = current_database()`,
          `select datacl::text as privileges from pg_database where datname = current_database()`,
          `select datconnlimit as limit, datistemplate as "isTemplate" from pg_database where datname = current_database()`,
        )
        await project.database.query(`alter database ${name} is_template false`)
        expect([settings, comments, privileges, options]).to.deep.equal([
          [{setting: 'search_path="$user", public, "a b"'}, {setting: 'work_mem=5MB'}],
          [{comment: 'mine'}],
          [{privileges: '{postgres=CTc/postgres,=c/postgres,pg_monitor=C*/postgres}'}],
          [{limit: 9, isTemplate: true}],
        ])
      }))

    it('says what to do when the snapshot cannot be brought back after the checkout', async () =>
      withProject('postgresql', async (project) => {
        const {repo} = project
        await project.switch('main')
        // A hook of git waits until somebody is connected.
        repo.write({
          '.git/hooks/post-checkout':
            '#!/bin/sh\ntouch .git/hooked\nwhile test ! -e .git/connected; do sleep 0.05; done\n',
        })
        chmodSync(join(repo.path, '.git/hooks/post-checkout'), 0o755)
        const failing = rejectionOf('SNAPSHOT_FAILED', async () => project.switch('work'))
        while (!existsSync(join(repo.path, '.git/hooked'))) await setTimeout(20)
        const connection = await connect({kind: 'url', url: project.database.url}, process.cwd())
        repo.write({'.git/connected': ''})
        const error = await failing
        await connection.close()
        expect(error.message).to.match(
          /^Bringing back the snapshot of work failed: it is in use by session \d+ \(postgres\)\.$/,
        )
        expect(project.notes).to.deep.equal([
          'The checkout is at work, and the database is still that of main: run `git switch main` and `mig switch work --snapshot`, or `mig switch` to revert and apply revisions.',
        ])
        repo.git('switch', '-q', 'main')
        await project.switch('work')
        expect([await project.rows('t_cccc'), await project.places()]).to.deep.equal([[7], ['main']])
      }))
  })
