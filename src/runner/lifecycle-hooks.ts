import type {SqlEntityManager} from '@mikro-orm/sql'
import type {Kysely} from 'kysely'
import {MigError} from '../errors.ts'
import type {RevisionId} from '../graph/revision.ts'
import type {Row} from '../operations/bulk-insert.ts'
import {placeInProject} from '../util/stack.ts'
import {messageOf} from '../util/error-info.ts'
import type {RunSession} from './connection/run-session.ts'

/** What a configuration may have called. */
export interface Hooks {
  /** Before anything is done, when all is planned and prepared. What it throws stops the run. */
  readonly beforeRun?: ((event: BeforeRunEvent) => unknown) | undefined
  /** In the transaction of a revision, before it is committed. What it throws rolls the revision back. */
  readonly onVersionApply?: ((event: VersionApplyEvent) => unknown) | undefined
  /** After a revision was committed. */
  readonly afterEach?: ((event: AppliedEvent) => unknown) | undefined
  /** After a run, however it ended. */
  readonly afterRun?: ((event: AfterRunEvent) => unknown) | undefined
}

/** A step of a plan. */
export interface PlannedStep {
  readonly direction: 'upgrade' | 'downgrade' | 'stamp'
  readonly revision: RevisionId
  readonly message: string
  /** What the version table holds afterwards. */
  readonly heads: readonly RevisionId[]
  /** The name of the database, where the configuration has several. */
  readonly database?: string
}

/** A run that is about to begin. */
export interface BeforeRunEvent {
  /** Without passwords. */
  readonly databases: readonly string[]
  /** The tenant that the run is for, where there are any. */
  readonly tenant: string | undefined
  readonly plan: readonly PlannedStep[]
}

/** A run that has ended, in one way or the other. */
export interface AfterRunEvent {
  /** Without passwords. */
  readonly databases: readonly string[]
  /** The tenant that the run was for, where there are any. */
  readonly tenant: string | undefined
  /** What was done; undefined when the run failed. */
  readonly result: {readonly steps: readonly PlannedStep[]; readonly heads: readonly RevisionId[]} | undefined
  /** Why the run failed; undefined when it did not. */
  readonly error: unknown
}

/** A revision that was applied or reverted. */
export interface AppliedEvent {
  readonly direction: 'upgrade' | 'downgrade'
  readonly revision: RevisionId
  readonly message: string
  /** The name of the database, where the configuration has several. */
  readonly database: string | undefined
  /** The name of the tenant, where there are any. */
  readonly tenant: string | undefined
  /** What the version table holds afterwards. */
  readonly heads: readonly RevisionId[]
}

/** A revision whose change of the version table is about to be committed, with what works in its transaction. */
export interface VersionApplyEvent extends AppliedEvent {
  /** Runs a query and returns its rows; `?` stand for `parameters`. */
  query(sql: string, parameters?: readonly unknown[]): Promise<readonly Row[]>
  /** Returns a query builder. */
  kysely(): Kysely<Record<string, Row>>
  /** Returns an entity manager. */
  entityManager(): SqlEntityManager
}

/** What a hook threw, until it is known what the state is. */
export class HookFailure extends Error {
  readonly hook: keyof Hooks

  constructor(hook: keyof Hooks, cause: unknown) {
    super(messageOf(cause), {cause})
    this.hook = hook
  }
}

/** A hook of the configuration failed. */
export class HookError extends MigError {
  /**
   * @param root the absolute path of the folder that is the project
   * @param state what the database stands on now, as a sentence
   */
  constructor({hook, cause}: HookFailure, root: string, state: string, heads?: readonly RevisionId[]) {
    const place = placeInProject(cause, root, 'the configuration')
    super('HOOK_FAILED', `The hook ${hook} failed at ${place}: ${messageOf(cause)}\n  ${state}`, {
      hint: '`--debug` shows the whole stack.',
      data: {hook, place, heads: heads ?? null},
      cause,
    })
  }
}

/**
 * Calls a hook, if there is one.
 *
 * @throws HookFailure
 */
export async function callHook<Name extends keyof Hooks>(
  hooks: Hooks,
  name: Name,
  event: Parameters<NonNullable<Hooks[Name]>>[0],
): Promise<void> {
  const hook = hooks[name] as ((given: typeof event) => unknown) | undefined
  try {
    await hook?.(event)
  } catch (error) {
    throw new HookFailure(name, error)
  }
}

/** All that the revision did has been sent. */
const ready = async (): Promise<void> => {}

/** Returns what a hook can use in the present transaction of a session. */
export function inTransactionOf(session: RunSession): Pick<VersionApplyEvent, 'query' | 'kysely' | 'entityManager'> {
  return {
    query: async (sql, parameters = []) => session.query<Row>(session.platform.formatQuery(sql, parameters)),
    kysely: () => session.queryBuilder(ready) as Kysely<Record<string, Row>>,
    entityManager: () => session.entityManager(ready),
  }
}
