import {dialects} from '../../dialects/dialects.ts'
import {headsOf} from '../../graph/applied.ts'
import type {StampStep} from '../../graph/plan.ts'
import type {RevisionId} from '../../graph/revision.ts'
import {listOf} from '../../util/text.ts'
import {Execution} from '../execution.ts'
import {once} from '../lock-retry.ts'
import type {PreparedStep} from '../prepare.ts'
import type {StepContext} from '../run.ts'
import type {TableNames} from '../state/tables.ts'
import {
  changeOf,
  createTables,
  inOneTransaction,
  replacedBy,
  rowOf,
  setTimeouts,
  stampSteps,
  transactionsOf,
} from '../step.ts'
import {rememberSettings} from './script-settings.ts'
import {guardOf} from './guard.ts'
import type {Expected} from './guard.ts'
import type {ScriptSession} from './script-session.ts'

/** The context for writing a script. */
export interface ScriptContext extends StepContext {
  readonly session: ScriptSession
  readonly names: TableNames
}

/** Returns a script that is equivalent to `runSteps` on a database in the planned start state. */
export async function writeSteps(context: ScriptContext, prepared: readonly PreparedStep[]): Promise<string> {
  const {session, revisions, start} = context
  stopAtError(session)
  if (prepared.length === 0) return session.text
  await rememberSettings(session, prepared)
  await createTables(context)
  const heads = headsOf(revisions.graph, start.applied)
  await inOneTransaction(context, heads, async () => {
    const applied = new Set(start.applied)
    let expected = expectedAt(context, heads, applied)
    for (const preparedStep of prepared) {
      await writeStep(context, preparedStep, expected)
      const {direction, revision, heads: after} = preparedStep.step
      if (direction === 'upgrade') applied.add(revision)
      else applied.delete(revision)
      expected = expectedAt(context, after, applied)
    }
  })
  return session.text
}

/** Returns what a part of a script requires of a database with an applied set. */
function expectedAt(
  {revisions}: ScriptContext,
  heads: readonly RevisionId[],
  applied: ReadonlySet<RevisionId>,
): Expected {
  return {heads, count: applied.size, replaced: replacedBy(revisions.graph, applied)}
}

async function writeStep(context: ScriptContext, prepared: PreparedStep, expected: Expected): Promise<void> {
  const {session, state, revisions, settings, names} = context
  const {step, loaded} = prepared
  const {message} = loaded.revision
  session.comment(`${step.direction} ${step.revision}${message === '' ? '' : `, ${message}`}`)
  const {bracket, timeouts} = transactionsOf(context, loaded)
  await setTimeouts(context, timeouts)
  const execution = new Execution(
    {
      session,
      registry: context.context.registry,
      state,
      bracket,
      tables: undefined,
      isOneTransaction: settings.transaction === 'all',
      retry: once,
      fence: guardOf(session, names, expected),
      onEvent: () => {},
      resetAfter: dialects[session.dialect].session.scriptReset,
    },
    prepared,
  )
  await execution.perform()
  const row = rowOf(revisions.graph, step.revision, {contentId: loaded.contentId})
  const change = changeOf(step, expected.heads, row)
  const replaced = replacedBy(revisions.graph, new Set(change.removed))
  await execution.finish({...change, removedIfThere: replaced}, () => session.now())
  await execution.restoreSession()
}

/** Returns a script that is equivalent to `runStamp`. */
export async function writeStamp(context: ScriptContext, steps: readonly StampStep[], purge: boolean): Promise<string> {
  const {session, names, revisions, start} = context
  stopAtError(session)
  const heads = headsOf(revisions.graph, start.applied)
  const fence = purge ? [] : guardOf(session, names, expectedAt(context, heads, start.applied))
  await stampSteps(context, steps, fence, {purge})
  return session.text
}

/** Returns a script that only creates mig's tables. */
export async function writeTables({session, state}: Pick<ScriptContext, 'session' | 'state'>): Promise<string> {
  session.comment('the tables of mig')
  stopAtError(session)
  await session.send(state.createTables(['version', 'log']))
  return session.text
}

/** Makes the client stop at the first error and exit with a failure. */
function stopAtError(session: ScriptSession): void {
  const {stopOnError} = dialects[session.dialect].script
  if (stopOnError !== undefined) session.clientCommand(stopOnError)
}

/** Returns heads as text. */
export function placeOf(heads: readonly RevisionId[]): string {
  return heads.length === 0 ? 'base' : listOf(heads)
}
