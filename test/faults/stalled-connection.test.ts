import type {ChildProcess} from 'node:child_process'
import {expect} from 'chai'
import {mig} from '../support/cli.ts'
import type {CliResult} from '../support/cli.ts'
import {Bench} from '../support/contract.ts'
import {portOf} from '../support/crash.ts'
import {createDatabase, serverKinds} from '../support/databases.ts'
import {Gate} from '../support/gate.ts'
import type {Passage} from '../support/gate.ts'

const sleep = {postgresql: 'select pg_sleep(60)', mariadb: 'select sleep(60)', mysql: 'select sleep(60)'} as const

for (const kind of serverKinds)
  describe(`a connection that stalls in the middle of a run, on ${kind},`, () => {
    let on: Bench
    let gate: Gate
    let passageOf: (n: number) => Passage
    beforeEach(async () => {
      on = new Bench(kind, await createDatabase(kind))
      passageOf = () => 'open'
      gate = await Gate.open(portOf(kind, on.database.url) ?? 0, (n) => passageOf(n))
      on.atEnd(() => gate.close())
    })
    afterEach(async () => on.end())

    /** Runs an upgrade through the gate, and does something when the second revision says that it waits. */
    async function upgrade(body: string, act: (child: ChildProcess) => void, config: object = {}): Promise<CliResult> {
      on.use(
        'a <- b',
        ({id}) => (id === 'a' ? 'export function upgrade() {}\n' : `export async function upgrade(op) {\n${body}\n}\n`),
        config,
      )
      await mig('upgrade a', {cwd: on.cwd})
      const onStart = (child: ChildProcess): void => {
        on.atEnd(() => child.kill('SIGKILL'))
        // The query that it announces is sent meanwhile.
        child.stderr?.once('data', () => void setTimeout(() => act(child), 200))
      }
      return mig('upgrade -q', {cwd: on.cwd, env: {MIG_DATABASE_URL: gate.urlOf(on.database.url)}, onStart})
    }

    const moments: readonly {readonly name: string; readonly body: string}[] = [
      {
        name: 'during a query',
        body: `await op.query('select 1'); console.error('waits'); await op.query('${sleep[kind]}')`,
      },
      {
        name: 'during a statement',
        body: `await op.query('select 1'); console.error('waits'); op.execute('${sleep[kind]}')`,
      },
      {
        name: 'during a query of the query builder',
        body: `const {CompiledQuery} = await import(${JSON.stringify(import.meta.resolve('kysely'))}); const db = await op.kysely(); console.error('waits'); await db.executeQuery(CompiledQuery.raw('${sleep[kind]}'))`,
      },
      {
        name: 'while code of the revision is awaited',
        body: "await op.query('select 1'); console.error('waits'); await new Promise((done) => setTimeout(done, 60_000))",
      },
    ]
    const extents: readonly {readonly name: string; readonly passage: (n: number) => Passage}[] = [
      {name: 'like all others', passage: () => 'open'},
      // The first one reads the state on PostgreSQL, and the next one runs.
      {name: 'unlike later ones', passage: (n) => (n <= (kind === 'postgresql' ? 2 : 1) ? 'open' : 'always open')},
    ]
    for (const moment of moments)
      for (const extent of extents)
        it(`${moment.name}, ${extent.name}, is left soon after Ctrl-C`, async () => {
          passageOf = extent.passage
          let sent = 0
          const {stderr, status} = await upgrade(moment.body, (child) => {
            gate.stall()
            sent = performance.now()
            child.kill('SIGINT')
          })
          expect(performance.now() - sent).to.be.lessThan(15_000)
          expect(stderr).to.match(
            /^error: Interrupted: (?:the connection was lost before the revision was committed, so the server rolls it back|the revision was rolled back); the database is at a\.$/m,
          )
          expect(stderr).to.not.match(/^ +at /m)
          expect(status).to.equal(130)
          expect(await on.state()).to.equal('a*')
        })

    it('if it is cut, is an error that says so', async () => {
      const {stderr, status} = await upgrade(moments[0]?.body ?? '', () => gate.cut())
      expect(stderr).to.match(
        /^ {2}The connection was lost before the revision was committed, so the server rolls it back; the database is at a\.$/m,
      )
      expect(stderr).to.match(/^hint: Run `mig current` to see the applied heads\.$/m)
      expect(status).to.equal(1)
    })

    it('if it is only slow, is waited for', async () => {
      const {stderr, stdout, status} = await upgrade(
        "await op.query('select 1'); console.error('waits'); op.execute('create table t (n integer)')",
        () => gate.delay(100),
      )
      expect([stderr, status]).to.deep.equal(['waits\n', 0])
      expect(stdout).to.match(/^The database is at b: /)
    })

    it('if the first query is never answered, is given up after the connection timeout', async () => {
      passageOf = () => 'silent at a query'
      on.use('a', undefined, {connectTimeout: '500ms'})
      const env = {MIG_DATABASE_URL: gate.urlOf(on.database.url)}
      for (const command of ['current', 'upgrade']) {
        const {stderr, status} = await mig(command, {cwd: on.cwd, env})
        expect(stderr).to.match(
          /^error: Cannot reach \S+: no answer within 500 ms\.\nhint: Check host, port, and firewall; /,
        )
        expect(status).to.equal(1)
      }
    })
  })
