import {resolve} from 'node:path'
import {setTimeout as sleep} from 'node:timers/promises'
import {pathToFileURL} from 'node:url'
import type {Project, Situation} from './situation.ts'

/** Code of a revision that interrupts the run, and waits for that. */
const interrupt = "process.kill(process.pid, 'SIGINT')\n  await new Promise((done) => setTimeout(done, 300))"

const upgradeTo = (code: string): string => `export async function upgrade(op) {\n  ${code}\n}\n`

/** A revision without a transaction that fails after its first statement. */
function failHalfway(project: Project): Promise<unknown> {
  project.graph('')
  project.sql('a', 'base', 'create table one (n integer);\ninsert into nowhere values (1);', '-- transactional: false')
  return project.run('upgrade')
}

/** Applies `a`, after which `b` ends its own session, with code that has a client of its own. */
function endSession(project: Project, code: string): void {
  project.graph('a <- b', {}, ({id}) => upgradeTo(id === 'b' ? code : ''))
}

/** Code that ends all other sessions of a PostgreSQL database. */
const endOthers = (url: string): string =>
  `const {default: pg} = await import(${JSON.stringify(pathToFileURL(resolve('node_modules/pg/lib/index.js')).href)})
  const client = new pg.Client(${JSON.stringify(url)})
  await client.connect()
  await client.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()')
  await client.end()`

/** Starts a run that holds the lock until it is released. */
async function holdLock(project: Project): Promise<void> {
  const code = `const {existsSync} = await import('node:fs')
  while (!existsSync('released')) await new Promise((done) => setTimeout(done, 50))`
  project.graph('a', {}, () => upgradeTo(code))
  const held = project.run('upgrade')
  project.atEnd(async () => {
    releaseLock(project)
    await held
  })
  for (;;) {
    const {stdout} = await project.run('lock --json')
    if (!stdout.includes('"holder": null')) return
    await sleep(50)
  }
}

function releaseLock(project: Project): void {
  project.write({released: ''})
}

const repairing = 'Run `mig repair` to see how to resume or resolve it.'
const byHand =
  'finish or undo the revision by hand and run `mig repair --mark-applied --reason "…"` or `mig repair --mark-not-applied --reason "…"`.'

/** Situations of runs and databases. */
export const situations: readonly Situation[] = [
  {
    name: 'a downgrade that loses rows',
    code: 'DATA_LOSS',
    arrange: async (project) => {
      project.graph('a')
      await project.mig('upgrade')
      await project.database.query('insert into t_a values (1)')
    },
    args: 'downgrade base',
    hint: 'Inspect the plan with `--dry-run`; `--yes` accepts the loss.',
    ways: {'--yes': {cures: true}},
  },
  {
    name: 'a revision that fails after a committed statement',
    code: 'REVISION_FAILED',
    arrange: (project) => {
      project.graph('')
      project.sql(
        'a',
        'base',
        'create table one (n integer);\ninsert into nowhere values (1);',
        '-- transactional: false',
      )
    },
    args: 'upgrade',
    hint: repairing,
  },
  {
    name: 'a run on a partially applied revision',
    code: 'HALF_APPLIED',
    arrange: failHalfway,
    args: 'upgrade',
    hint: repairing,
  },
  {
    name: 'a partially applied revision whose statements have changed',
    code: 'RESUME_MISMATCH',
    arrange: async (project) => {
      await failHalfway(project)
      project.sql('a', 'base', 'create table other (n integer);', '-- transactional: false')
    },
    args: 'repair --resume --reason why',
    hint: `Restore the original statements, or ${byHand}`,
  },
  {
    name: 'a partially applied revision that used a temporary table',
    code: 'RESUME_MISMATCH',
    kind: 'postgresql',
    arrange: async (project) => {
      project.graph('')
      const create = 'create temporary table one (n integer);'
      project.sql('a', 'base', `${create}\ninsert into nowhere values (1);`, '-- transactional: false')
      await project.run('upgrade')
    },
    args: 'repair --resume --reason why',
    hint: byHand.replace('finish', 'Finish'),
  },
  {
    name: 'a partially applied revision with a statement that may have been executed',
    code: 'STATEMENT_IN_DOUBT',
    kind: 'sqlite',
    arrange: async (project) => {
      project.graph('')
      project.sql('a', 'base', 'vacuum;\ninsert into nowhere values (1);', '-- transactional: false')
      await project.run('upgrade')
      await project.database.query(
        'create table nowhere (n integer)',
        "update mig_log set statement = 'insert into nowhere values (1)' where outcome is null",
      )
    },
    args: 'repair --resume --reason why',
    hint: 'Look at the database, then run `mig repair --resume --in-doubt executed --reason "…"` if all of the statement was executed, or `mig repair --resume --in-doubt not-executed --reason "…"` if none of it was.',
  },
  {
    name: 'a repair with nothing to repair',
    code: 'NOTHING_TO_REPAIR',
    arrange: async (project) => {
      project.graph('a')
      await project.mig('upgrade')
    },
    args: 'repair --mark-applied --reason why',
    hint: 'Run `mig current` to see the applied heads.',
  },
  {
    name: 'a run that is interrupted',
    code: 'INTERRUPTED',
    arrange: (project) => {
      project.graph('a', {}, () => upgradeTo(`await op.query('select 1')\n  ${interrupt}`))
    },
    args: 'upgrade',
    hint: 'Run the command again to continue.',
    ways: {
      'the command again': {
        prepare: (project) => project.write({'migrations/versions/a.ts': revision('a', '')}),
        run: 'mig upgrade',
      },
    },
  },
  {
    name: 'a run that is interrupted within a revision without a transaction',
    code: 'INTERRUPTED',
    arrange: (project) => {
      const code = `await op.query('create table one (n integer)')\n  ${interrupt}\n  op.execute('select 1')`
      project.graph('a', {}, () => `export const transactional = false\n${upgradeTo(code)}`)
    },
    args: 'upgrade',
    hint: 'Run `mig repair` to see how to resume or resolve the revision.',
  },
  {
    name: 'a lock that is held',
    code: 'LOCK_TIMEOUT',
    kind: 'postgresql',
    arrange: holdLock,
    args: 'upgrade --lock-timeout 0',
    hint: 'Wait for the other run to end, or wait longer with `--lock-timeout`. Run `mig lock` to see the holder.',
    ways: {'--lock-timeout': {prepare: releaseLock, run: 'mig upgrade --lock-timeout 60', cures: true}},
  },
  {
    name: 'a lock that is lost',
    code: 'LOCK_LOST',
    arrange: (project) => {
      const file = project.database.url.replace('sqlite:', '')
      const code = `const {DatabaseSync} = await import('node:sqlite')\n  new DatabaseSync(${JSON.stringify(file)}).exec('delete from mig_version_lock')\n  op.execute('select 1')`
      project.graph('a', {}, () => upgradeTo(code))
    },
    args: 'upgrade',
    hint: 'Another run may be active: check with `mig lock` and `mig current`, then run the command again.',
  },
  {
    name: 'a session that the server ends within a revision',
    code: 'REVISION_FAILED',
    kind: 'postgresql',
    arrange: (project) => endSession(project, "op.execute('select pg_terminate_backend(pg_backend_pid())')"),
    args: 'upgrade',
    hint: 'Run `mig current` to see the applied heads.',
  },
  {
    name: 'a session that the server ends before the first statement',
    code: 'CONNECTION_LOST',
    kind: 'postgresql',
    arrange: (project) => endSession(project, endOthers(project.database.url)),
    args: 'upgrade',
    hint: 'Run `mig current` once the database is reachable again to see its revisions.',
  },
  {
    name: 'a version table that changes during the run',
    code: 'VERSION_TABLE_CHANGED',
    arrange: async (project) => {
      project.graph(
        'a',
        {},
        () =>
          "export function upgrade() {}\nexport function downgrade(op) {\n  op.execute('delete from mig_version where 1 = 1')\n}\n",
      )
      await project.mig('upgrade')
    },
    args: 'downgrade base',
    hint: 'All reversible changes were rolled back. Run `mig current` to see the applied heads, then run the command again.',
  },
  {
    name: 'a call that comes after the run',
    code: 'LATE_OPERATION',
    arrange: (project) => {
      const late =
        "const {execFile} = await import('node:child_process')\n  execFile('sleep', ['1'], () => { try { op.execute('x') } catch {} })"
      project.graph('a', {}, () => upgradeTo(late))
    },
    args: 'upgrade -q',
    isPlain: true,
    hint: 'Await every promise in the function; `mig current` shows the applied heads.',
  },
  {
    name: 'an error after the run that nobody handles',
    code: 'PROJECT_CODE_FAILED',
    arrange: (project) => {
      project.graph('a')
      const orm = JSON.stringify(project.database.url)
      project.write({
        'mig.config.js': `export default {orm: ${orm}, afterRun() { setTimeout(() => { throw new Error('late') }, 20) }}\n`,
      })
    },
    args: 'upgrade -q',
    isPlain: true,
    hint: 'Await it, or catch its errors. If a run was in progress, `mig current` shows what is applied.',
  },
  {
    name: 'a database that does not exist',
    code: 'DATABASE_MISSING',
    kind: 'postgresql',
    arrange: async (project) => {
      project.graph('a <- b; a <- c')
      await project.useMissing('postgresql')
    },
    args: 'current',
    hint: 'Check the name, or create the database with `mig ensure-version --create-database`.',
    ways: {'mig ensure-version --create-database': {cures: true}},
  },
  {
    name: 'a tenant that does not exist',
    code: 'TENANTS_FAILED',
    kind: 'postgresql',
    arrange: (project) => project.graph('a <- b; a <- c', {tenants: ['y']}),
    args: 'upgrade heads --tenant x',
    hint: 'Check the name, or create what is missing with `mig ensure-version --create-database --tenant x`. The command only runs what is left.',
    ways: {'mig ensure-version --create-database --tenant x': {cures: true}},
  },
  {
    name: 'configured tenants that do not exist',
    code: 'TENANTS_FAILED',
    kind: 'postgresql',
    arrange: (project) => project.graph('a', {tenants: ['x', 'y']}),
    args: 'upgrade',
    hint: 'Check the name, or create what is missing with `mig ensure-version --create-database`. The command only runs what is left.',
    ways: {'mig ensure-version --create-database': {cures: true}},
  },
  {
    name: 'a tenant that does not exist, of an environment',
    code: 'TENANTS_FAILED',
    kind: 'postgresql',
    arrange: (project) =>
      project.graph('a', {orm: 'postgresql://127.0.0.1:1/none', environments: {test: {orm: project.database.url}}}),
    args: 'upgrade -n test --tenant x',
    hint: 'Check the name, or create what is missing with `mig ensure-version --create-database --tenant x --name test`. The command only runs what is left.',
    ways: {'mig ensure-version --create-database --tenant x --name test': {cures: true}},
  },
  {
    name: 'a run to a relative target that leaves a tenant partially applied',
    code: 'TENANTS_FAILED',
    kind: 'postgresql',
    arrange: async (project) => {
      project.graph('', {tenants: ['x']})
      project.sql('a', 'base', 'select 1;')
      project.sql('b', 'a', 'select 1;\ninsert into nowhere values (1);', '-- transactional: false')
      await project.mig('ensure-version --create-database')
    },
    args: 'upgrade +2',
    hint: 'Fix the cause, run `mig repair` to see how to resume or resolve partially applied revisions, then run `mig upgrade b`. Do not run the same command again: +2 would count from where each tenant is now.',
    ways: {
      'mig upgrade b': {
        prepare: async (project) => {
          project.sql('b', 'a', 'select 1;\nselect 2;', '-- transactional: false')
          await project.mig('repair --resume --reason fixed')
        },
      },
    },
  },
  {
    name: 'a run for tenants that leaves one partially applied',
    code: 'TENANTS_FAILED',
    kind: 'postgresql',
    arrange: (project) => {
      project.graph('', {tenants: ['x', 'y']})
      project.sql(
        'a',
        'base',
        'create table one (n integer);\ninsert into nowhere values (1);',
        '-- transactional: false',
      )
    },
    args: 'upgrade --create-database',
    hint: 'Fix the cause, run `mig repair` to see how to resume or resolve partially applied revisions, and rerun the command: it only runs what is left.',
    ways: {
      'rerun the command': {
        run: 'mig repair --mark-not-applied --reason "dropped by hand"',
        prepare: (project) => {
          project.sql('a', 'base', 'create table if not exists one (n integer);', '-- transactional: false')
        },
        cures: true,
      },
    },
  },
  {
    name: 'a run for tenants that fails',
    code: 'TENANTS_FAILED',
    kind: 'postgresql',
    arrange: (project) => {
      project.graph('', {tenants: ['x', 'y']})
      project.sql('a', 'base', 'insert into nowhere values (1);')
    },
    args: 'upgrade --create-database',
    hint: 'Fix the revision and run the same command again. The command only runs what is left.',
    ways: {
      'run the same command again': {
        prepare: (project) => project.sql('a', 'base', 'select 1;'),
        run: 'mig upgrade --create-database',
      },
    },
  },
  {
    name: 'a run for tenants that is interrupted within a revision without a transaction',
    code: 'INTERRUPTED',
    kind: 'postgresql',
    arrange: (project) => {
      const code = `await op.query('create table one (n integer)')\n  ${interrupt}\n  op.execute('select 1')`
      project.graph('a', {tenants: ['x', 'y']}, () => `export const transactional = false\n${upgradeTo(code)}`)
    },
    args: 'upgrade --create-database',
    hint: 'Run `mig repair` to see how to resume or resolve partially applied revisions, then run the same command again.',
  },
  {
    name: 'a downgrade script without a start',
    code: 'OFFLINE_RANGE',
    arrange: (project) => project.graph('a <- b'),
    args: 'downgrade base --sql',
    hint: 'Pass a range, for example `mig downgrade heads:base --sql`.',
  },
  {
    name: 'a relative downgrade script without a start',
    code: 'OFFLINE_RANGE',
    arrange: (project) => project.graph('a <- b'),
    args: 'downgrade -1 --sql',
    hint: 'Pass a range, for example `mig downgrade heads:-1 --sql`.',
  },
  {
    name: 'an upgrade script in the wrong direction',
    code: 'INVALID_RANGE',
    arrange: (project) => project.graph('a <- b'),
    args: 'upgrade b:a --sql',
    hint: 'Swap the ends, or use `mig downgrade b:a --sql`.',
    ways: {'Swap the ends': {run: 'mig upgrade a:b --sql'}},
  },
  {
    name: 'a downgrade script in the wrong direction',
    code: 'INVALID_RANGE',
    arrange: (project) => project.graph('a <- b'),
    args: 'downgrade a:b --sql',
    hint: 'Swap the ends, or use `mig upgrade a:b --sql`.',
    ways: {'Swap the ends': {run: 'mig downgrade b:a --sql'}},
  },
  {
    name: 'a script of one of several databases',
    code: 'DATABASE_NOT_CHOSEN',
    arrange: (project) => {
      const {url} = project.database
      project.graph('a')
      project.write({
        'mig.config.js': `export default {databases: {main: {orm: '${url}'}, other: {orm: '${url}-2'}}}\n`,
      })
    },
    args: 'upgrade --sql',
    hint: 'Choose one with `--database`: main or other.',
    ways: {
      '--database': {run: 'mig upgrade --sql --database main'},
      other: {run: 'mig upgrade --sql --database other'},
    },
  },
  {
    name: 'a script that cannot go back to its database',
    code: 'OFFLINE_SETTING',
    kind: 'mariadb',
    arrange: (project) => {
      project.graph('')
      project.sql('a', 'base', 'use information_schema;')
    },
    args: 'upgrade --sql',
    hint: 'Name the tables with their database instead (`other.t`), drop temporary tables in the revision, or run `mig upgrade` without `--sql`.',
    ways: {'--sql': {run: 'mig upgrade'}},
  },
]

/** Returns the text of a revision without a parent. */
function revision(id: string, code: string): string {
  return `export const revision = '${id}'\nexport const downRevision = null\n\n${upgradeTo(code)}`
}
