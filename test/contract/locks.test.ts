import {hostname} from 'node:os'
import {expect} from 'chai'
import {breakLock, lockHolders} from '../../src/api/runs/lock.ts'
import {upgrade} from '../../src/api/runs/migrate.ts'
import {status as statusOf} from '../../src/api/status.ts'
import type {LockHolder, RunEvent} from '../../src/api/events.ts'
import {mig} from '../support/cli.ts'
import {contract} from '../support/contract.ts'
import type {Bench} from '../support/contract.ts'
import {rejectionOf} from '../support/errors.ts'

/** Starts a run that stays in the middle of its one revision. Returns what lets it go on. */
async function stayInTheMiddle(on: Bench, config: object = {}): Promise<{readonly proceed: () => Promise<unknown>}> {
  const gate = Promise.withResolvers<void>()
  const there = Promise.withResolvers<void>()
  Object.assign(globalThis, {midway: {gate: gate.promise, arrive: there.resolve}})
  on.use(
    'a',
    () =>
      "export async function upgrade(op) {\n  await op.query('select 1 as n')\n  midway.arrive()\n  await midway.gate\n  op.execute('create table t (n integer)')\n}\n",
    config,
  )
  const run = upgrade({cwd: on.cwd})
  run.catch(() => {})
  on.atEnd(async () => {
    gate.resolve()
    await run.catch(() => {})
  })
  await Promise.race([there.promise, run])
  return {
    proceed: async () => {
      gate.resolve()
      return run
    },
  }
}

contract('mig allows one run at a time per database; others wait and see its result', (on) => {
  it('applies each revision once, when many are started at once', async () => {
    on.use('a <- b <- l1 <- l2; b <- r1')
    // A process that opens PGlite takes a second for it, and only one can at a time.
    const processes = on.kind === 'pglite' ? 3 : 8
    const runs = await Promise.all(Array.from({length: processes}, async () => mig('upgrade heads', {cwd: on.cwd})))
    expect(runs.map(({status, stderr}) => (status === 0 ? 0 : stderr))).to.deep.equal(runs.map(() => 0))
    expect(runs.filter(({stdout}) => stdout.includes('5 revisions applied'))).to.have.length(1)
    expect(runs.filter(({stdout}) => stdout.includes('nothing to do'))).to.have.length(processes - 1)
    expect(await on.log()).to.deep.equal(['a', 'b', 'l1', 'l2', 'r1'].map((id) => `upgrade ${id} done`))
  })

  it('says who is at work, and gives up in the end', async () => {
    const {proceed} = await stayInTheMiddle(on)
    const events: RunEvent[] = []
    const error = await rejectionOf('LOCK_TIMEOUT', () =>
      upgrade({cwd: on.cwd, lockTimeout: '200ms', onEvent: (event) => events.push(event)}),
    )
    expect(error.message).to.match(
      /is locked by .*\((?:process|session) \d+.*\); the lock was not released within 200 ms\.$/,
    )
    const [wait] = events
    expect(wait?.kind === 'lock-wait' && idOf(wait.holder)).to.be.a('number')
    await proceed()
    expect(await on.state()).to.equal('a*')
  })

  it('refuses a time to wait that is none', async () => {
    on.use('a')
    await rejectionOf('INVALID_DURATION', () => upgrade({cwd: on.cwd, lockTimeout: 'soon'}))
  })
})

/** The id of a session on a server, and of a process elsewhere. */
const idOf = (holder: LockHolder | null | undefined): number | undefined =>
  holder ? ('session' in holder ? holder.session : holder.pid) : undefined

/** The ids of the runs that `mig status` shows. */
async function runsOf(on: Bench): Promise<unknown> {
  const {database} = await statusOf({cwd: on.cwd})
  return 'runs' in database ? database.runs.map(idOf) : database
}

const embedded = {pglite: 'a folder is used by one process'}

contract(
  '`mig lock` shows the current run',
  (on) => {
    it('while somebody is', async () => {
      const {proceed} = await stayInTheMiddle(on)
      const [one] = await lockHolders({cwd: on.cwd})
      expect(idOf(one?.holder)).to.be.a('number')
      expect(one?.holder && 'session' in one.holder).to.equal(on.kind !== 'sqlite')
      expect(one?.holder?.name).to.be.a('string')
      expect(await runsOf(on)).to.deep.equal([idOf(one?.holder)])
      await proceed()
      expect(await runsOf(on)).to.deep.equal([])
      expect((await lockHolders({cwd: on.cwd}))[0]?.holder).to.equal(null)
    })
  },
  embedded,
)

contract(
  'a session lock ends with its session and cannot be removed by force',
  (on) => {
    it('and the error says whose it is', async () => {
      const {proceed} = await stayInTheMiddle(on)
      const error = await rejectionOf('LOCK_IN_SESSION', () => breakLock({cwd: on.cwd, reason: 'x'}))
      expect(error.message).to.contain('is held by a live session')
      await proceed()
    })
  },
  {...embedded, sqlite: 'locks are always rows of a table'},
)

contract(
  'a lock row serialises runs when sessions cannot hold locks',
  (on) => {
    const config = {lock: 'table'}

    it('lets one run at a time work', async () => {
      const {proceed} = await stayInTheMiddle(on, config)
      await rejectionOf('LOCK_TIMEOUT', () => upgrade({cwd: on.cwd, lockTimeout: 0}))
      expect(await runsOf(on)).to.have.length(1)
      await proceed()
      expect(await runsOf(on)).to.deep.equal([])
      expect((await upgrade({cwd: on.cwd})).steps).to.deep.equal([])
    })

    const holders = [
      {title: 'is taken over when its holder is gone', pid: 2_147_483_646, since: 'then', isTaken: true},
      {
        title:
          'is taken over when its holder is gone and had the id of this process, as in a container that is started again',
        pid: process.pid,
        since: '2001-01-01T00:00:00.000Z',
        isTaken: true,
      },
      {
        title: 'is not taken over while its holder is there',
        pid: process.ppid,
        since: '2001-01-01T00:00:00.000Z',
        isTaken: false,
      },
      {
        title: 'is not taken over when it is of this process',
        pid: process.pid,
        since: new Date().toISOString(),
        isTaken: false,
      },
    ]
    for (const {title, pid, since, isTaken} of holders)
      it(title, async () => {
        on.use('a <- b', undefined, config)
        await upgrade({cwd: on.cwd, target: 'a'})
        await on.database.query(
          `insert into mig_version_lock (id, owner, name, host, pid, since, beats) values (1, 'x', 'gone', '${hostname()}', ${pid}, '${since}', 1)`,
        )
        const [view] = await lockHolders({cwd: on.cwd})
        expect(view?.holder).to.deep.equal({name: 'gone', pid, since, ...(isTaken && {isGone: true})})
        const again = async (): Promise<unknown> => upgrade({cwd: on.cwd, lockTimeout: '1s'})
        if (isTaken) await again()
        else await rejectionOf('LOCK_TIMEOUT', again)
        expect(await on.state()).to.equal(isTaken ? 'a b*' : 'a*')
      })

    it('can be taken away with a reason', async () => {
      on.use('a <- b', undefined, config)
      await upgrade({cwd: on.cwd, target: 'a'})
      await on.database.query(
        "insert into mig_version_lock (id, owner, name, host, pid, since, beats) values (1, 'x', 'other', 'elsewhere', 1, 'then', 1)",
      )
      await rejectionOf('LOCK_TIMEOUT', () => upgrade({cwd: on.cwd, lockTimeout: 0}))
      const [view] = await breakLock({cwd: on.cwd, reason: 'it is gone'})
      expect(view?.holder).to.deep.equal({name: 'other', pid: 1, since: 'then'})
      const [rows] = await on.database.query("select action, reason from mig_log where action = 'lock'")
      expect(rows).to.deep.equal([{action: 'lock', reason: 'broke the lock of other: it is gone'}])
      await upgrade({cwd: on.cwd, lockTimeout: 0})
    })

    it('stops a run that has lost it, before its next revision', async () => {
      // The code of a revision is called when the lock is had, and before anything is done.
      Object.assign(globalThis, {breakIt: async () => on.database.query('delete from mig_version_lock')})
      on.use(
        'a',
        () => "export async function upgrade(op) {\n  await breakIt()\n  op.execute('create table t (n integer)')\n}\n",
        config,
      )
      const error = await rejectionOf('LOCK_LOST', () => upgrade({cwd: on.cwd}))
      expect(error.message).to.contain('revision a was stopped')
      expect(await on.tables()).to.deep.equal(['mig_log', 'mig_version'])
    })
  },
  embedded,
)
