import {dialects} from '../../dialects/dialects.ts'
import {headsOf} from '../../graph/applied.ts'
import type {StampStep} from '../../graph/plan.ts'
import type {RevisionId} from '../../graph/revision.ts'
import {listOf} from '../../util/text.ts'
import type {PreparedStep} from '../prepare.ts'
import {runStamp, runSteps} from '../runner.ts'
import type {Run} from '../runner.ts'
import type {StateSql} from '../state/state-sql.ts'
import {guardOf} from './guard.ts'
import type {ScriptSession} from './script-session.ts'

/** What a run needs to know that writes a script. */
export type ScriptRun = Omit<Run, 'session' | 'store' | 'fence' | 'signal' | 'onEvent' | 'hooks' | 'root' | 'state'> & {
  readonly session: ScriptSession
  readonly sql: StateSql
}

/** Returns a script that does what `runSteps` would, on a database that stands where the plan was made for. */
export async function writeSteps(run: ScriptRun, prepared: readonly PreparedStep[]): Promise<string> {
  const {session, sql} = run
  let count = run.applied.size
  begin(run, prepared)
  await runSteps(
    {
      ...runOf(run),
      fence: (heads) => guardOf(session, sql.names, {heads, count}),
      onEvent: (event) => {
        if (event.kind === 'step-start')
          session.comment(`${event.direction} ${event.revision}${event.message === '' ? '' : `, ${event.message}`}`)
        if (event.kind === 'step-done') count += event.direction === 'upgrade' ? 1 : -1
      },
    },
    prepared,
  )
  return session.text
}

/** Returns a script that does what `runStamp` would. */
export async function writeStamp(run: ScriptRun, steps: readonly StampStep[], purge: boolean): Promise<string> {
  const {session, sql, graph, applied} = run
  begin(run, [])
  const heads = headsOf(graph, applied)
  const fence = purge ? [] : guardOf(session, sql.names, {heads, count: applied.size})
  await runStamp({...runOf(run), fence: () => fence}, steps, purge)
  return session.text
}

/** Returns a script that creates the tables, and nothing else. */
export async function writeTables({session, sql}: Pick<ScriptRun, 'session' | 'sql'>): Promise<string> {
  session.comment('the tables of mig')
  await session.send([sql.createVersionTable(), sql.createLogTable()])
  return session.text
}

/** Makes the client stop at the first error, where it would otherwise go on with what is in no transaction. */
function begin({session}: ScriptRun, prepared: readonly PreparedStep[]): void {
  const {stopOnError} = dialects[session.dialect].script
  const isAllGuarded = prepared.every(({statements}) =>
    statements.every(({transactionality}) => transactionality.kind === 'inside'),
  )
  if (stopOnError !== undefined && (stopOnError.isForTransactions || !isAllGuarded))
    session.clientCommand(stopOnError.command)
}

function runOf(run: ScriptRun): Run {
  const {sql, session} = run
  const ensure = async (): Promise<readonly string[]> => {
    if (run.applied.size === 0) await session.send([sql.createVersionTable(), sql.createLogTable()])
    return []
  }
  return {
    ...run,
    store: {sql, ensure},
    state: {applied: [], halfApplied: undefined, missing: []},
    fence: () => [],
    onEvent: () => {},
    hooks: {},
    root: '',
    signal: undefined,
  }
}

/** Returns heads in words. */
export function placeOf(heads: readonly RevisionId[]): string {
  return heads.length === 0 ? 'base' : listOf(heads)
}
