import {UnknownAppliedRevisionError} from '../graph/errors.ts'
import type {UnknownReason} from '../graph/errors.ts'
import type {Step} from '../graph/plan.ts'
import type {RevisionId} from '../graph/revision.ts'
import type {RevisionGraph} from '../graph/revision-graph.ts'
import type {OnEvent} from '../runner/events.ts'
import type {AppliedRevision} from '../runner/state/store.ts'
import {listOf} from '../util/text.ts'
import {stateOf} from './database-state.ts'
import type {OpenDatabase} from './databases.ts'
import type {Project} from './project.ts'

/** Options of functions that can run on a database with revisions that are missing from the files. */
export interface UnknownOptions {
  /** Whether to allow applied revisions that are missing from the files; by default, as `policy.unknown` says. */
  readonly allowUnknown?: boolean | undefined
}

/** Returns whether applied revisions may be missing from the files. */
export function allowsUnknown({settings}: Pick<Project, 'settings'>, {allowUnknown}: UnknownOptions): boolean {
  return allowUnknown ?? settings.policy.unknown === 'allow'
}

/** Returns the applied revisions that are missing from the files. */
export function unknownOf(graph: RevisionGraph, database: Pick<OpenDatabase, 'state'>): readonly AppliedRevision[] {
  const {unknown} = stateOf(graph, database)
  return database.state.applied.filter(({revision}) => unknown.has(revision))
}

/** Creates the error for applied revisions that are missing from the files. */
export function unknownError(unknown: readonly AppliedRevision[], reason?: UnknownReason): UnknownAppliedRevisionError {
  return new UnknownAppliedRevisionError(
    unknown.map(({revision}) => revision),
    new Map(unknown.map(({revision, message}) => [revision, message])),
    new Map(unknown.map(({revision, contentId}) => [revision, contentId])),
    reason,
  )
}

/** Returns the revisions that others need, as recorded when those were applied. */
export function parentsOf(unknown: readonly AppliedRevision[]): ReadonlySet<RevisionId> {
  return new Set(unknown.flatMap(({downRevisions}) => downRevisions))
}

/** Returns why an upgrade cannot run beside unknown revisions: their effects on what it applies are unknown. */
export function upgradeObstacle(steps: readonly Step[]): string | undefined {
  return steps.length === 0 ? undefined : 'so no revision can be applied'
}

/** Returns why a downgrade cannot run beside unknown revisions: they may need what it reverts. */
export function downgradeObstacle(steps: readonly Step[], unknown: readonly AppliedRevision[]): string | undefined {
  const parents = parentsOf(unknown)
  const needed = steps.find(({revision}) => parents.has(revision))
  return needed === undefined ? undefined : `so ${needed.revision}, on which it is based, cannot be reverted`
}

/** Reports unknown revisions that are allowed. */
export function noteUnknown(
  unknown: readonly AppliedRevision[],
  {name}: Pick<OpenDatabase, 'name'>,
  onEvent: OnEvent,
): void {
  if (unknown.length === 0) return
  const named = unknown.map(({revision, message}) => (message === '' ? revision : `${revision} (${message})`))
  const place = name === undefined ? '' : ` to ${name}`
  const text = `${listOf(named, 10)} ${unknown.length === 1 ? 'is' : 'are'} applied${place}, but missing from this script directory.`
  onEvent({kind: 'note', text})
}
