import type {ChildProcess} from 'node:child_process'
import {expect} from 'chai'
import {MikroORM} from '@mikro-orm/postgresql'
import {upgrade} from '../../src/api/runs/migrate.ts'
import type {RunEvent} from '../../src/runner/events.ts'
import {mig} from '../support/cli.ts'
import {Bench} from '../support/contract.ts'
import {createDatabase, databaseKinds} from '../support/databases.ts'
import {rejectionOf} from '../support/errors.ts'

const ids = Array.from({length: 120}, (_, i) => `r${String(i + 1).padStart(3, '0')}`)
/** The revision at which something happens, when those after it are sent already. */
const bad = 'r100'
const last = 'r120'
const good = ids.slice(0, ids.indexOf(bad))

// Other databases have no messages with several statements.
for (const kind of databaseKinds.filter((each) => each === 'postgresql'))
  describe('a long series of quick revisions, which are sent ahead', () => {
    let on: Bench
    beforeEach(async () => {
      on = new Bench(kind, await createDatabase(kind))
    })
    afterEach(async () => on.end())

    /** Writes a chain of SQL files, each with a table, and other statements where given. */
    const useChain = (sqlOf: (id: string) => string | undefined, order = ids, config: object = {}): void => {
      on.use('first', () => 'export function upgrade() {}\n', config)
      for (const [i, id] of order.entries())
        on.folder.write({
          [`migrations/versions/${id}.sql`]: `-- revision: ${id}\n-- revises: ${order[i - 1] ?? 'first'}\n\n-- upgrade\n${sqlOf(id) ?? `create table t_${id} (n integer);`}\n\n-- downgrade\nselect 1;\n`,
        })
    }

    const tableNames = (applied: readonly string[]): readonly string[] =>
      ['mig_log', 'mig_version', ...applied.map((id) => `t_${id}`)].toSorted()

    const valueOf = async (sql: string): Promise<unknown> => {
      const [[row = {}] = []] = await on.database.query(sql)
      return Object.values(row)[0]
    }

    it('is applied completely, with a log row for each, and its events are in order', async () => {
      useChain(() => undefined)
      const events: string[] = []
      const onEvent = (event: RunEvent): void => {
        if (event.kind === 'step-start' || event.kind === 'step-done') events.push(`${event.kind} ${event.revision}`)
        if (event.kind === 'statement' && event.sql.startsWith('create')) events.push(event.sql)
      }
      await upgrade({cwd: on.cwd, onEvent})
      expect(await on.tables()).to.deep.equal(tableNames(ids))
      expect((await on.state()).endsWith(` ${last}*`)).to.equal(true)
      expect(await on.log()).to.deep.equal(['first', ...ids].map((id) => `upgrade ${id} done`))
      expect(events.slice(2)).to.deep.equal(
        ids.flatMap((id) => [`step-start ${id}`, `create table t_${id} (n integer)`, `step-done ${id}`]),
      )
    })

    it('has a transaction time for each', async () => {
      useChain((id) =>
        id === 'r001' ? 'create table moments (at timestamptz);' : 'insert into moments values (current_timestamp);',
      )
      await upgrade({cwd: on.cwd})
      expect(await valueOf('select count(distinct at)::int from moments')).to.equal(ids.length - 1)
    })

    const failures: Readonly<Record<string, {readonly sql: string; readonly says: RegExp}>> = {
      'a statement that the database refuses': {
        sql: `create table half (n integer);\ninsert into\n  nowhere values (1);`,
        says: /failed at .*r100\.sql:7: relation "nowhere" does not exist/,
      },
      'a syntax error': {
        sql: 'create table half (n integer);\ncreate tabel x;',
        says: /failed at .*r100\.sql:6: syntax error/,
      },
      'a constraint that fails at the commit': {
        sql: 'create table p (n integer primary key);\ncreate table c (n integer references p deferrable initially deferred);\ninsert into c values (1);',
        says: /failed at .*r100\.sql: insert or update on table "c" violates/,
      },
    }
    for (const [name, {sql, says}] of Object.entries(failures))
      it(`stops at ${name}, keeps what came before, and goes on when that is corrected`, async () => {
        useChain((id) => (id === bad ? sql : undefined))
        const error = await rejectionOf('REVISION_FAILED', () => upgrade({cwd: on.cwd}))
        expect(error.message).to.match(says)
        expect(error.message).to.contain('The revision was rolled back; the database is at r099.')
        expect(await on.tables()).to.deep.equal(tableNames(good))
        expect((await on.state()).endsWith(' r099*')).to.equal(true)
        expect((await on.log()).at(-1)).to.equal('upgrade r100 failed')
        useChain(() => undefined)
        await upgrade({cwd: on.cwd})
        expect(await on.tables()).to.deep.equal(tableNames(ids))
      })

    it('commits nothing behind a failed commit, although it is sent', async () => {
      const constraint = failures['a constraint that fails at the commit']?.sql
      useChain((id) => {
        if (id === 'r001') return 'create sequence s; create table t_r001 (n integer);'
        return id === bad ? constraint : `create table t_${id} (n integer); insert into t_${id} select nextval('s');`
      })
      await rejectionOf('REVISION_FAILED', () => upgrade({cwd: on.cwd}))
      expect(await on.tables()).to.deep.equal(tableNames(good))
      // A sequence is not rolled back: it counts the revision that found no row of the failed one, and none after that.
      expect(Number(await valueOf('select last_value from s'))).to.equal(good.length)
    })

    it('waits for a failed revision before another branch', async () => {
      useChain(
        (id) => (id === bad ? failures['a constraint that fails at the commit']?.sql : undefined),
        good.concat(bad),
      )
      for (const [i, id] of ['x1', 'x2', 'x3'].entries())
        on.folder.write({
          [`migrations/versions/${id}.sql`]: `-- revision: ${id}\n-- revises: ${i === 0 ? 'first' : `x${i}`}\n\n-- upgrade\ncreate table t_${id} (n integer);\n`,
        })
      const done: string[] = []
      const onEvent = (event: RunEvent): void => {
        if (event.kind === 'step-done') done.push(event.revision)
      }
      await rejectionOf('REVISION_FAILED', () => upgrade({cwd: on.cwd, target: 'heads', onEvent}))
      const [rows = []] = await on.database.query('select revision from mig_version')
      expect(rows.map(({revision}) => revision)).to.have.members(done)
    })

    it('is interrupted where it says', async () => {
      useChain((id) => (id === bad ? `create table t_${id} (n integer); select pg_sleep(30);` : undefined))
      const controller = new AbortController()
      const onEvent = (event: RunEvent): void => {
        if (event.kind === 'statement' && event.sql.includes('pg_sleep')) controller.abort()
      }
      const run = upgrade({cwd: on.cwd, signal: controller.signal, onEvent})
      const error = await rejectionOf('INTERRUPTED', () => run)
      expect(error.message).to.equal('Interrupted: the revision was rolled back; the database is at r099.')
      expect(await on.tables()).to.deep.equal(tableNames(good))
    })

    it('says how far it came when it is stopped between two revisions', async () => {
      useChain(() => undefined)
      const controller = new AbortController()
      const done: string[] = []
      const onEvent = (event: RunEvent): void => {
        if (event.kind !== 'step-done') return
        done.push(event.revision)
        if (event.revision === bad) controller.abort()
      }
      const run = upgrade({cwd: on.cwd, signal: controller.signal, onEvent})
      const error = await rejectionOf('INTERRUPTED', () => run)
      expect(error.message).to.contain(`the database is at ${done.at(-1)}.`)
      expect(await on.tables()).to.deep.equal(tableNames(done.slice(1)))
      expect((await on.state()).endsWith(` ${done.at(-1)}*`)).to.equal(true)
    })

    it('says that it is unknown what was committed when the session ends', async () => {
      useChain((id) => (id === bad ? 'select pg_terminate_backend(pg_backend_pid());' : undefined))
      const error = await rejectionOf('REVISION_FAILED', () => upgrade({cwd: on.cwd}))
      expect(error.message).to.match(
        /The connection was lost; it is unknown whether the revision(?: and the \d+ revisions? sent after it were| was) committed\./,
      )
      expect(await on.tables()).to.deep.equal(tableNames(good))
    })

    for (const lock of ['session', 'table'])
      it(`leaves every revision whole when its process is killed, with \`lock: '${lock}'\``, async () => {
        useChain(() => undefined, ids, {lock})
        const onStart = (child: ChildProcess): void => {
          let printed = ''
          child.stderr?.on('data', (chunk: Buffer) => {
            printed += chunk.toString()
            if (printed.includes('r050')) child.kill('SIGKILL')
          })
        }
        const {status} = await mig('upgrade', {cwd: on.cwd, onStart})
        expect(status).to.equal('SIGKILL')
        // Waits for what the server still does, and goes on from there.
        await upgrade({cwd: on.cwd})
        expect(await on.tables()).to.deep.equal(tableNames(ids))
        expect(await on.log()).to.deep.equal(['first', ...ids].map((id) => `upgrade ${id} done`))
      })

    it('waits for a lock, and goes on', async () => {
      useChain(
        (id) => {
          if (id === 'r001') return 'create table t_r001 (n integer);'
          return id === bad ? `alter table t_r001 add m integer; create table t_${id} (n integer);` : undefined
        },
        ids,
        {tableLockTimeout: '200ms', lockRetries: 20},
      )
      const holder = await MikroORM.init({
        clientUrl: on.database.url,
        entities: [],
        discovery: {warnWhenNoEntities: false},
      })
      const held = Promise.withResolvers<undefined>()
      let holding: Promise<unknown> | undefined
      const retries: string[] = []
      const onEvent = (event: RunEvent): void => {
        if (event.kind === 'step-done' && event.revision === 'r010')
          holding = holder.em.transactional(async (em) => {
            await em.execute('lock table t_r001')
            await held.promise
          })
        if (event.kind !== 'retry') return
        retries.push(event.reason)
        held.resolve(undefined)
      }
      try {
        await upgrade({cwd: on.cwd, onEvent})
      } finally {
        held.resolve(undefined)
        await holding
        await holder.close()
      }
      expect(retries[0]).to.contain('lock timeout')
      expect(await on.tables()).to.deep.equal(tableNames(ids))
      expect(await on.log()).to.deep.equal(['first', ...ids].map((id) => `upgrade ${id} done`))
    })

    it('leaves the connection of the caller without a transaction when a listener throws', async () => {
      useChain((id) => (id === 'r102' ? 'insert into nowhere values (1);' : undefined))
      const orm = await MikroORM.init({
        ...{clientUrl: on.database.url, entities: [], discovery: {warnWhenNoEntities: false}},
        pool: {min: 1, max: 1},
      })
      const onEvent = (event: RunEvent): void => {
        if (event.kind === 'step-done' && event.revision === bad) throw new Error('the listener fails')
      }
      try {
        const error: unknown = await upgrade({cwd: on.cwd, em: orm.em.fork(), onEvent}).catch(
          (thrown: unknown) => thrown,
        )
        expect(String(error)).to.contain('the listener fails')
        const [row] = await orm.em.execute<{status: string}[]>('select count(*)::int as count from mig_version')
        expect(row).to.deep.equal({count: (await on.state()).split(' ').length})
      } finally {
        await orm.close()
      }
    })
  })
