import {setImmediate} from 'node:timers/promises'
import type {SqlEntityManager} from '@mikro-orm/sql'
import type {Kysely} from 'kysely'
import {dialects} from '../dialects/dialects.ts'
import {MigError} from '../errors.ts'
import type {RevisionId} from '../graph/revision.ts'
import type {Row} from '../operations/bulk-insert.ts'
import {Calls} from '../operations/calls.ts'
import {withParameters} from '../operations/parameters.ts'
import {awaitProject, UnsettledPromiseError} from '../project-promises.ts'
import type {FailureContext} from '../project-promises.ts'
import {uncapitalized} from '../util/text.ts'
import {placeInProject} from '../util/stack.ts'
import {messageOf} from '../util/error-info.ts'
import {attachStatement, statementOfFailure} from './failure.ts'
import {hintOfFailure} from './failure-hints.ts'
import {InterruptedError} from './run-errors.ts'
import type {RunSession} from './connection/run-session.ts'
import type {Gate} from './user-statement.ts'

/** The hooks of a configuration. */
export interface Hooks {
  /** Called when everything is planned and prepared, before anything is executed. An error stops the run. */
  readonly beforeRun?: ((event: BeforeRunEvent) => unknown) | undefined
  /** Called in the transaction of a revision, before the commit. An error rolls the revision back. */
  readonly onVersionApply?: ((event: VersionApplyEvent) => unknown) | undefined
  /** Called after a revision is committed. */
  readonly afterEach?: ((event: AppliedEvent) => unknown) | undefined
  /** Called after a run, whether it succeeded or failed. */
  readonly afterRun?: ((event: AfterRunEvent) => unknown) | undefined
}

/** A step of a plan. */
export interface PlannedStep {
  readonly direction: 'upgrade' | 'downgrade' | 'stamp'
  readonly revision: RevisionId
  readonly message: string
  /** The heads in the version table afterwards. */
  readonly heads: readonly RevisionId[]
  /** The name of the database, if the configuration has several. */
  readonly database?: string
}

/** Event of a run that is about to begin. */
export interface BeforeRunEvent {
  /** The database names, without passwords. */
  readonly databases: readonly string[]
  /** The tenant of the run, if any. */
  readonly tenant: string | undefined
  readonly plan: readonly PlannedStep[]
}

/** Event of a run that has ended. */
export interface AfterRunEvent {
  /** The database names, without passwords. */
  readonly databases: readonly string[]
  /** The tenant of the run, if any. */
  readonly tenant: string | undefined
  /** The result; undefined if the run failed. */
  readonly result: {readonly steps: readonly PlannedStep[]; readonly heads: readonly RevisionId[]} | undefined
  /** The error of a failed run, otherwise undefined. */
  readonly error: unknown
}

/** Event of a revision that was applied or reverted. */
export interface AppliedEvent {
  readonly direction: 'upgrade' | 'downgrade'
  readonly revision: RevisionId
  readonly message: string
  /** The name of the database, if the configuration has several. */
  readonly database: string | undefined
  /** The name of the tenant, if any. */
  readonly tenant: string | undefined
  /** The heads in the version table afterwards. */
  readonly heads: readonly RevisionId[]
}

/** Event of a revision that is about to be committed, with access to its transaction. */
export interface VersionApplyEvent extends AppliedEvent {
  /** Runs a query and returns its rows; `?` are placeholders for `parameters`. */
  query(sql: string, parameters?: readonly unknown[]): Promise<readonly Row[]>
  /** Returns a query builder. */
  kysely(): Kysely<Record<string, Row>>
  /** Returns an entity manager. */
  entityManager(): SqlEntityManager
}

/** An error thrown by a hook, before the state of the database is known. */
export class HookFailure extends Error {
  readonly hook: keyof Hooks

  constructor(hook: keyof Hooks, cause: unknown) {
    super(messageOf(cause), {cause})
    this.hook = hook
  }
}

/** Thrown when a hook of the configuration fails. */
class HookError extends MigError {
  /** @param root the absolute path of the project folder */
  constructor({hook, cause}: HookFailure, root: string, {state, hint, data}: HookContext) {
    const failed = statementOfFailure(cause)
    const place = placeInProject(cause, root, placeInProject(failed?.site, root, 'the configuration'))
    super('HOOK_FAILED', `The hook ${hook} failed at ${place}: ${messageOf(cause)}`, {
      details: [...(failed === undefined ? [] : [`statement: ${failed.statement}`]), state],
      hint:
        hint ??
        (cause instanceof MigError ? cause.hint : undefined) ??
        hintOfFailure(cause, failed?.statement) ??
        'Use `--debug` to show the stack trace.',
      data: {hook, place, ...(failed && {statement: failed.statement}), heads: null, ...data},
      cause,
    })
  }
}

/** The state of the database when a hook failed. */
type HookContext = FailureContext & {
  readonly state: string
  readonly data?: {readonly heads: readonly RevisionId[]}
}

/**
 * Returns the error that reports a failed hook.
 *
 * @param root the absolute path of the project folder
 * @param signal of the run, which may have been interrupted
 */
export function hookError(failure: HookFailure, root: string, context: HookContext, signal?: AbortSignal): MigError {
  const {hook, cause} = failure
  const {state, data} = context
  if (signal?.aborted) return new InterruptedError(uncapitalized(state), data?.heads)
  if (cause instanceof UnsettledPromiseError)
    return new UnsettledPromiseError(cause.waiting, {...context, data: {hook, heads: null, ...data}})
  return new HookError(failure, root, context)
}

/**
 * Calls a hook if it is defined.
 *
 * @throws HookFailure
 */
export async function callHook<Name extends keyof Hooks>(
  hooks: Hooks,
  name: Name,
  event: Parameters<NonNullable<Hooks[Name]>>[0],
  signal?: AbortSignal,
): Promise<void> {
  const hook = hooks[name] as ((given: typeof event) => unknown) | undefined
  try {
    if (hook !== undefined) await awaitProject(`The hook ${name}`, () => hook(event), {signal})
  } catch (error) {
    throw new HookFailure(name, error)
  }
}

/**
 * Calls the hook `onVersionApply` with query functions for the current transaction of a session.
 *
 * @throws HookFailure also for a query that the hook does not await: it could run after the commit
 */
export async function callVersionHook(
  hooks: Hooks,
  event: AppliedEvent,
  {
    session,
    gate,
    signal,
  }: {readonly session: RunSession; readonly gate: Gate; readonly signal?: AbortSignal | undefined},
): Promise<void> {
  const calls = new Calls('the hook onVersionApply')
  const running = new Set<Promise<unknown>>()
  let first: {readonly error: unknown} | undefined
  let failed: {readonly message: string; readonly sql: string} | undefined
  const gateOf =
    (name: string): Gate =>
    async (sql, run) => {
      const pass = async (): ReturnType<typeof run> => {
        try {
          return await gate(sql, run)
        } catch (error) {
          first ??= {error}
          failed = {message: messageOf(error), sql}
          throw error
        }
      }
      const call = calls.track(name, async () => session.whileUsed(pass))
      running.add(call)
      return call.finally(() => running.delete(call))
    }
  try {
    await callHook(hooks, 'onVersionApply', {...event, ...queriesOf(session, gateOf)}, signal)
    calls.return()
    // The query builder begins a query some turns after it was told to.
    await setImmediate()
    const failure = calls.unawaited()
    if (failure !== undefined) throw new HookFailure('onVersionApply', failure)
    // PostgreSQL answers the commit of a transaction in which a statement failed as if nothing were wrong.
    const {probe} = dialects[session.dialect]
    await session
      .whileUsed(async () => session.query(probe))
      .catch((error: unknown) => {
        throw new HookFailure('onVersionApply', first === undefined ? error : first.error)
      })
  } catch (error) {
    const cause = error instanceof HookFailure ? error.cause : undefined
    // The entity manager throws a copy of the error.
    if (cause instanceof Error && cause.message === failed?.message && statementOfFailure(cause) === undefined)
      attachStatement(cause, {sql: failed.sql, origin: {kind: 'call', site: cause}})
    throw error
  } finally {
    calls.close()
    await Promise.allSettled(running)
  }
}

function queriesOf(
  session: RunSession,
  gateOf: (name: string) => Gate,
): Pick<VersionApplyEvent, 'query' | 'kysely' | 'entityManager'> {
  return {
    query: async (sql, parameters = []) => {
      const site = new Error('called')
      const text = withParameters('query', session.platform, sql, parameters)
      try {
        return await gateOf('event.query')(text, async () => session.query<Row>(text))
      } catch (error) {
        // The statements of a queue are sent where their caller is no longer known.
        attachStatement(error, {sql: text, origin: {kind: 'call', site}})
        throw error
      }
    },
    kysely: () => session.queryBuilder(gateOf('A query of event.kysely()')) as Kysely<Record<string, Row>>,
    entityManager: () => session.entityManager(gateOf('A query of event.entityManager()')),
  }
}
