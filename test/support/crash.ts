import {current} from '../../src/api/runs/current.ts'
import {repair} from '../../src/api/runs/repair.ts'
import {MigError} from '../../src/errors.ts'
import {mig} from './cli.ts'
import type {CliResult} from './cli.ts'
import type {Bench} from './contract.ts'
import type {DatabaseKind} from './databases.ts'

/** Where something goes wrong: at the n-th write to the database, before or after that is sent. */
export interface Place {
  readonly at: number
  readonly when: 'before' | 'after'
}

const preload = new URL('kill-at-write.ts', import.meta.url).href

/** Runs `mig` in a process that gets a signal on its way. */
export async function migKilled(
  args: string | readonly string[],
  {at, when}: Place,
  on: Bench,
  signal: 'SIGKILL' | 'SIGTERM' = 'SIGKILL',
): Promise<CliResult> {
  const port = portOf(on.kind, on.database.url)
  const env = {
    NODE_OPTIONS: `${process.env['NODE_OPTIONS'] ?? ''} --import ${preload}`,
    MIG_CRASH_AT: `${at}`,
    MIG_CRASH_WHEN: when,
    MIG_CRASH_SIGNAL: signal,
    MIG_CRASH_PORT: port === undefined ? undefined : `${port}`,
  }
  return mig(args, {cwd: on.cwd, env})
}

/** Returns the port of the server of a database; undefined where there is none. */
export function portOf(kind: DatabaseKind, url: string): number | undefined {
  if (kind === 'sqlite' || kind === 'pglite') return undefined
  return Number(new URL(url).port) || (kind === 'postgresql' ? 5432 : 3306)
}

/** Does something on a database that a run has left in whatever state, after a repair if there is one to be made. */
export async function recovered(on: Bench, work: () => Promise<unknown>, reason: string): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (!(error instanceof MigError) || error.code !== 'HALF_APPLIED') throw error
    await repair({cwd: on.cwd, action: 'resume', reason})
    await work()
  }
}

/**
 * Looks at a database at any moment.
 *
 * @returns the revision that is partially applied, if any
 * @throws Error when `mig current` fails, or the log does not lead to what the version table says
 */
export async function explainedState(on: Bench): Promise<string | undefined> {
  await current({cwd: on.cwd})
  const rows = await logAndVersions(on)
  const applied = new Set<string>()
  const open: string[] = []
  for (const {action, revision, outcome} of rows) {
    if (action === 'applied') continue
    if (outcome === null) open.push(String(revision))
    if (outcome !== 'done') continue
    if (action === 'upgrade') applied.add(String(revision))
    if (action === 'downgrade') applied.delete(String(revision))
  }
  const told = [...applied].toSorted().join(' ')
  const found = rows.flatMap(({action, revision}) => (action === 'applied' ? [String(revision)] : []))
  if (told !== found.toSorted().join(' '))
    throw new Error(`the log says [${told}], the version table [${found.join(' ')}]`)
  if (open.length > 1) throw new Error(`${open.join(', ')} are open in the log at once`)
  return open[0]
}

/** Reads both tables in one statement: at one moment. Nothing where they are not both there. */
async function logAndVersions(on: Bench): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const tables = await on.tables()
  if (!tables.includes('mig_version') || !tables.includes('mig_log')) return []
  const [rows = []] = await on.database.query(
    "select id, action, revision, outcome from mig_log union all select 0, 'applied', revision, null from mig_version order by 1",
  )
  return rows
}
