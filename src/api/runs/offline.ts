import {headsOf} from '../../graph/applied.ts'
import {planDowngrade, planStamp, planUpgrade} from '../../graph/plan.ts'
import type {Plan, StampStep} from '../../graph/plan.ts'
import type {RevisionId} from '../../graph/revision.ts'
import type {ScriptRun} from '../../runner/offline/write-script.ts'
import type {RunStep} from '../../runner/prepare.ts'
import {migVersion} from '../../util/version.ts'
import {databaseForScript, OfflineRangeError} from '../../engine/script-database.ts'
import {actorOf, tableNamesOf} from '../../engine/databases.ts'
import {viewOfStep} from '../../engine/migrate.ts'
import type {MigrateResult} from '../../engine/results.ts'
import type {ScriptOptions} from '../../engine/script-options.ts'
import {openScripts} from '../../engine/project.ts'

export interface ScriptResult extends MigrateResult {
  /** The script, for the command-line client of the database. */
  readonly sql: string
}

/**
 * Writes a script that upgrades a database.
 *
 * @param options `target` is a target, or `from:to`; from the base when it is only a target
 * @throws MigError OFFLINE_QUERY, and as `upgrade`
 */
export async function upgradeSql(
  options: ScriptOptions & {readonly target?: string | undefined},
): Promise<ScriptResult> {
  const {from = 'base', to = 'heads'} = endsOf(options.target ?? 'base:head')
  return script(options, 'upgrade', from, to, (graph, applied) => planUpgrade(graph, applied, to))
}

/**
 * Writes a script that downgrades a database.
 *
 * @param options `target` is `from:to`: a script cannot ask the database where it stands
 * @throws MigError OFFLINE_RANGE, OFFLINE_QUERY, and as `downgrade`
 */
export async function downgradeSql(options: ScriptOptions & {readonly target: string}): Promise<ScriptResult> {
  const {from, to} = endsOf(options.target)
  if (from === undefined || to === undefined) throw new OfflineRangeError(options.target)
  return script(options, 'downgrade', from, to, (graph, applied) => planDowngrade(graph, applied, to))
}

/** Writes a script that sets the state of a database; from the base when `target` names no other beginning. */
export async function stampSql(
  options: ScriptOptions & {readonly target: string | readonly string[]; readonly purge?: boolean},
): Promise<ScriptResult> {
  const targets = [options.target].flat()
  const {from = 'base', to = ''} = targets.length === 1 ? endsOf(targets[0] ?? '') : {to: targets.join(' ')}
  const wanted = targets.length === 1 ? to : targets
  return script(options, 'stamp', from, to, (graph, applied) => planStamp(graph, applied, wanted), options.purge)
}

/** Writes a script that creates the tables of mig. */
export async function ensureVersionSql(options: ScriptOptions): Promise<{readonly sql: string}> {
  const project = await openScripts(options)
  const {session, sql} = await sessionFor(project, options)
  const {writeTables} = await import('../../runner/offline/write-script.ts')
  return {sql: await writeTables({session, sql})}
}

type Scripts = Awaited<ReturnType<typeof openScripts>>

async function script(
  options: ScriptOptions,
  what: 'upgrade' | 'downgrade' | 'stamp',
  from: string,
  to: string,
  plan: (graph: Scripts['scripts']['graph'], applied: ReadonlySet<RevisionId>) => Plan,
  purge = false,
): Promise<ScriptResult> {
  const project = await openScripts(options)
  const {settings, tree, scripts} = project
  const {graph} = scripts
  const {session, sql, name} = await sessionFor(project, options)
  const applied = new Set(from === 'base' ? [] : planUpgrade(graph, [], from).steps.map(({revision}) => revision))
  const {steps} = plan(graph, applied)
  const start = headsOf(graph, applied)
  const heads = steps.at(-1)?.heads ?? start
  const run: ScriptRun = {
    session,
    sql,
    tree,
    graph,
    applied: purge ? new Set() : applied,
    context: {
      dialect: session.dialect,
      database: name,
      x: options.x ?? {},
      offline: true,
      registry: await project.registry(),
    },
    transaction: settings.transaction,
    timeouts: {tableLock: settings.tableLockTimeout, statement: settings.statementTimeout},
    lockRetries: 0,
    recordDowngrade: false,
  }
  const {placeOf, writeStamp, writeSteps} = await import('../../runner/offline/write-script.ts')
  const {prepare} = await import('../../runner/prepare.ts')
  session.comment(
    `mig ${migVersion()}: ${what} of ${session.dialect} from ${purge ? 'anywhere' : placeOf(start)} to ${placeOf(heads)}`,
    ...(purge ? [] : [`It does nothing to a database that is not at ${placeOf(start)}.`]),
    ...(options.tag === undefined ? [] : [`tag: ${options.tag}`]),
  )
  const text =
    what === 'stamp'
      ? await writeStamp(run, steps as readonly StampStep[], purge)
      : await writeSteps(
          run,
          await prepare(steps as readonly RunStep[], {
            ...run,
            platform: session.platform,
            isOneTransaction: settings.transaction === 'all',
          }),
        )
  return {sql: text, steps: steps.map((step) => viewOfStep(graph, step, {name, tenant: undefined})), heads}
}

async function sessionFor(
  project: Scripts,
  options: ScriptOptions,
): Promise<Pick<ScriptRun, 'session' | 'sql'> & {readonly name: string | undefined}> {
  const {ScriptSession} = await import('../../runner/offline/script-session.ts')
  const {StateSql} = await import('../../runner/state/state-sql.ts')
  const {dialectOf} = await import('../../runner/connection/session.ts')
  const {platformOf} = await import('../../runner/offline/platform.ts')
  const {name, source} = await databaseForScript(project, options)
  const platform = await platformOf(source, project.root)
  const session = new ScriptSession(dialectOf(platform), platform)
  return {name, session, sql: new StateSql(tableNamesOf(project), platform, session.dialect, actorOf(options.tag))}
}

/** Returns the ends of `from:to`; without a colon it is the second one. A target `git:REF` has a colon of its own. */
function endsOf(text: string): {readonly from?: string; readonly to?: string} {
  const end = String.raw`(?:git:[^:]+|(?!git:)[^:]*)`
  const found = new RegExp(`^(?<from>${end}):(?<to>${end})$`).exec(text)?.groups
  if (found === undefined) return {to: text}
  return {...(found['from'] && {from: found['from']}), ...(found['to'] && {to: found['to']})}
}
