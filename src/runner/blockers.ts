import type {Blocker} from './events.ts'
import type {PgClient, PostgresClient} from './connection/postgres-client.ts'

/** The time before the blockers of a statement are looked up, in milliseconds. */
const patienceMs = 1000

/**
 * Watches a PostgreSQL session from a second connection while `work` runs. Watching is best-effort: without a second
 * connection, nothing is reported.
 *
 * @param wait the session's lock timeout in milliseconds; blockers are looked up before it expires
 * @param onBlocked called with the sessions that block this one, whenever they change
 */
export async function watchBlockers<Result>(
  postgres: PostgresClient,
  wait: number | undefined,
  onBlocked: (blockers: readonly Blocker[], waitedMs: number) => void,
  work: () => Promise<Result>,
): Promise<Result> {
  const start = performance.now()
  const over = Promise.withResolvers<'over'>()
  const pause = Math.min(patienceMs, (wait ?? patienceMs) / 2)
  let watching: Promise<void> | undefined
  const begin = (): void => {
    // Handled here because an unhandled rejection would end the process.
    watching = watch(postgres, pause, over.promise, (blockers) =>
      onBlocked(blockers, Math.round(performance.now() - start)),
    ).catch(() => {})
  }
  const timer = setTimeout(begin, pause).unref()
  try {
    return await work()
  } finally {
    clearTimeout(timer)
    over.resolve('over')
    await watching
  }
}

async function watch(
  postgres: PostgresClient,
  pause: number,
  over: Promise<'over'>,
  onBlocked: (blockers: readonly Blocker[]) => void,
): Promise<void> {
  await postgres.beside(async (client) => {
    let known = ''
    do {
      const blockers = await blockersOf(client, postgres.pid)
      const now = blockers.map(({session}) => session).join()
      if (now !== known && now !== '') onBlocked(blockers)
      known = now
    } while ((await Promise.race([over, sleep(pause)])) !== 'over')
  }, over)
}

interface BlockerRow extends Omit<Blocker, 'ageMs'> {
  /** In seconds. */
  readonly age: number
}

/** @see https://www.postgresql.org/docs/current/functions-info.html, pg_blocking_pids */
async function blockersOf(client: PgClient, pid: number): Promise<readonly Blocker[]> {
  const {rows} = await client.query(
    `select a.pid as session, coalesce(nullif(a.application_name, ''), a.usename, a.backend_type) as name,
       coalesce(extract(epoch from clock_timestamp() - coalesce(a.xact_start, a.query_start)), 0)::float8 as age, a.query
     from unnest(pg_blocking_pids($1)) b (pid) join pg_stat_activity a on a.pid = b.pid`,
    [pid],
  )
  return (rows as readonly object[] as readonly BlockerRow[]).map(({age, ...row}) => ({
    ...row,
    ageMs: Math.round(age * 1000),
  }))
}

async function sleep(milliseconds: number): Promise<'slept'> {
  return new Promise((done) => setTimeout(() => done('slept'), milliseconds).unref())
}
