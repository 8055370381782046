import type {ChildProcess} from 'node:child_process'
import {expect} from 'chai'
import {connect} from '../../src/runner/connection/connect.ts'
import {mig} from '../support/cli.ts'
import {Bench} from '../support/contract.ts'
import {createDatabase, databaseKinds} from '../support/databases.ts'
import type {DatabaseKind} from '../support/databases.ts'
import {withSession} from '../support/session.ts'

/** How a session locks a table of mig, and how it ends that. */
const locks: Readonly<Partial<Record<DatabaseKind, (table: string) => readonly [take: string[], give: string]>>> = {
  postgresql: (table) => [['begin', `lock table ${table} in access exclusive mode`], 'rollback'],
  mariadb: (table) => [[`lock tables ${table} write`], 'unlock tables'],
  mysql: (table) => [[`lock tables ${table} write`], 'unlock tables'],
  sqlite: () => [['begin exclusive'], 'rollback'],
}

const byAnother = /The tables of mig in \S+ are locked by another session, and were not released within 1\.5 s/
const sentences: Readonly<Record<DatabaseKind, RegExp>> = {
  postgresql:
    /The tables of mig in \S+ are locked by session \d+ \(.+, for [\d.]+ m?s: lock table \w+ in access exclusive mode\), and were not released within 1\.5 s/,
  pglite: byAnother,
  mariadb: byAnother,
  mysql: byAnother,
  sqlite: /\S+ is locked by another process, and was not released in time/,
}

for (const kind of databaseKinds) {
  const lockOf = locks[kind]
  if (lockOf === undefined) continue
  describe(`tables of mig that another session has locked, on ${kind}`, () => {
    let on: Bench
    beforeEach(async () => {
      on = new Bench(kind, await createDatabase(kind))
    })
    afterEach(async () => on.end())

    /** Does something while a table is locked. */
    async function whileLocked<Result>(table: string, work: () => Promise<Result>): Promise<Result> {
      const [take, give] = lockOf?.(table) ?? [[], '']
      const connection = await connect({kind: 'url', url: on.database.url}, process.cwd())
      try {
        return await withSession(connection, undefined, async (session) => {
          for (const sql of take) await session.query(sql)
          try {
            return await work()
          } finally {
            await session.query(give)
          }
        })
      } finally {
        await connection.close()
      }
    }

    for (const table of kind === 'sqlite' ? ['mig_version'] : ['mig_version', 'mig_log'])
      for (const command of ['current', 'status', 'upgrade'])
        it(`${table} lets \`mig ${command}\` wait for a limited time, and say for whom`, async () => {
          on.use('a <- b', undefined, {tableLockTimeout: '1500ms'})
          await mig('upgrade a', {cwd: on.cwd})
          const onStart = (child: ChildProcess): void => on.atEnd(() => child.kill('SIGKILL'))
          const start = performance.now()
          const {stdout, stderr, status} = await whileLocked(table, async () => mig(command, {cwd: on.cwd, onStart}))
          expect(performance.now() - start).to.be.lessThan(20_000)
          const locked = sentences[kind]
          expect(command === 'status' ? stdout : stderr).to.match(
            command === 'status'
              ? new RegExp(`^database: not available here: ${locked.source}$`, 'm')
              : new RegExp(
                  `^error: ${locked.source}\\.\nhint: End that \\w+ or wait for it, then run the command again`,
                  'm',
                ),
          )
          expect(status).to.equal(command === 'status' ? 0 : 1)
          expect(await on.state()).to.equal('a*')
        })

    it('are read when they are free again', async () => {
      on.use('a <- b')
      await mig('upgrade a', {cwd: on.cwd})
      let run: ReturnType<typeof mig> | undefined
      await whileLocked('mig_version', async () => {
        run = mig('upgrade', {cwd: on.cwd})
        await new Promise((done) => setTimeout(done, 2000))
      })
      const {status} = (await run) ?? {status: 'nothing'}
      expect(status).to.equal(0)
      expect(await on.state()).to.equal('a b*')
    })
  })
}
