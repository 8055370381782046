import {hostname, userInfo} from 'node:os'
import type {SqlEntityManager} from '@mikro-orm/sql'
import {databasesOf} from '../config/database.ts'
import type {ConfiguredDatabase} from '../config/database.ts'
import {InvalidDurationError} from '../config/errors.ts'
import type {OnEvent} from '../runner/events.ts'
import type {Actor} from '../runner/state/store.ts'
import {parseDuration} from '../util/duration.ts'
import {migVersion} from '../util/version.ts'
import {BundleDatabaseError} from './bundle/errors.ts'
import type {WriteOptions} from './databases.ts'
import {once} from '../util/once.ts'
import type {Project} from './project.ts'

/** A project and the resolved options for its databases. */
export interface RunContext<P extends Project = Project> {
  readonly project: P
  /** An entity manager to use instead of the configured databases. */
  readonly em: SqlEntityManager | undefined
  /** Whether mig opened the entity manager, which the caller does not know. */
  readonly isOwnEm?: boolean
  /** Returns the configured databases, read on first use. */
  readonly configured: () => Promise<readonly ConfiguredDatabase[]>
  /** Whether to create a missing database. */
  readonly createDatabase: boolean
  /** The timeout for the run lock, in milliseconds. */
  readonly lockTimeout: number
  readonly actor: Actor
  readonly x: Readonly<Record<string, string>>
  readonly onEvent: OnEvent
  readonly signal: AbortSignal | undefined
}

/**
 * Returns the context for a project and options.
 *
 * @throws MigError INVALID_DURATION; when the databases are read, INVALID_BUNDLE if a bundle has none
 */
export function contextOf<P extends Project>(project: P, options: WriteOptions): RunContext<P> {
  const {orm, em = orm?.em, createDatabase = false, lockTimeout, tag, x = {}, onEvent = () => {}, signal} = options
  const timeout = lockTimeout === undefined ? project.settings.lockTimeout : parseDuration(lockTimeout)
  if (timeout === undefined) throw new InvalidDurationError('lockTimeout', String(lockTimeout))
  const configured = once(async () => {
    if (project.configPlace.kind === 'bundle') throw new BundleDatabaseError()
    return databasesOf(project.settings, project.root, process.env)
  })
  return {project, em, configured, createDatabase, lockTimeout: timeout, actor: actorOf(tag), x, onEvent, signal}
}

/** Returns the user and version of mig, recorded in the log and shown to waiting runs. */
export function actorOf(tag: string | undefined): Actor {
  return {by: `${userName()}@${hostname()}`, mig: migVersion(), tag}
}

function userName(): string {
  try {
    return userInfo().username
  } catch {
    // A container may run as a user id without a name.
    return `uid ${process.getuid?.() ?? '?'}`
  }
}
