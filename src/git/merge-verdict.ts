import {MigError} from '../errors.ts'
import type {RevisionId} from '../graph/revision.ts'
import {findingOf} from '../script/finding.ts'
import type {Finding} from '../script/finding.ts'
import {listOf} from '../util/text.ts'
import type {MergeEvaluation, PublishedChange} from './evaluate-merge.ts'
import {describeHeads, headsTooMany, joinCommands} from './policy.ts'
import type {Policy} from './policy.ts'
import {mergeSteps, placeOf} from './ref-names.ts'

export type MergeStatus = 'ok' | 'diverged' | 'conflict' | 'broken'

/** Verdict on a merge. */
export interface Verdict {
  readonly status: MergeStatus
  /** Heads in excess of the policy. */
  readonly tooMany: readonly RevisionId[]
  readonly findings: readonly Finding[]
}

/** Judges a merge by the policy. */
export function judge(evaluation: MergeEvaluation, policy: Policy): Verdict {
  const {merged, conflicts, broken, changed, ours, theirs, headsBefore} = evaluation
  const tooMany = merged instanceof MigError ? [] : headsTooMany(merged, policy, headsBefore)
  const findings = [
    ...conflicts.map(({path, reason, to}): Finding => {
      const rest = to === undefined ? `resolve the conflict in ${path}` : `commit ${path} in ${to}`
      const hint = `Run ${mergeSteps(theirs)} on ${placeOf(ours.ref)} and ${rest}.`
      return {code: 'MERGE_CONFLICT', level: 'error', message: `${path} is in conflict: ${reason}.`, hint, file: path}
    }),
    ...broken.map(({error, path}) => findingOf(error, path)),
    ...(merged instanceof MigError ? [findingOf(merged)] : []),
    ...(tooMany.length > 0 ? [divergentHeads(evaluation, policy, tooMany)] : []),
    ...publishedFindings(changed, policy, theirs.ref),
  ]
  const isBroken = findings.some(({level, code}) => level === 'error' && code !== 'DIVERGENT_HEADS')
  const status = conflicts.length > 0 ? 'conflict' : isBroken ? 'broken' : tooMany.length > 0 ? 'diverged' : 'ok'
  return {status, tooMany, findings}
}

/** Returns findings for changes to published revisions. */
export function publishedFindings(changes: readonly PublishedChange[], policy: Policy, upstream: string): Finding[] {
  const level = policy.published === 'frozen' ? 'error' : 'warning'
  const hint =
    "Write a new revision instead, or set `policy.published: 'editable'`; databases may have applied the published version."
  const renamed = changes.filter(({kind}) => kind === 'renamed')
  return [
    ...changes
      .filter(({kind}) => kind !== 'renamed')
      .map(({kind, revision, path}): Finding => {
        const code = kind === 'edited' ? 'PUBLISHED_EDITED' : 'PUBLISHED_DELETED'
        const message = `Revision ${revision} (${path}) is ${kind}, but already published on ${upstream}.`
        return {code, level, message, hint, file: path, revision}
      }),
    ...(renamed.length === 0
      ? []
      : [
          {
            code: 'PUBLISHED_RENAMED',
            level: 'note',
            message: `Renamed revision files: ${listOf(
              renamed.map(({path, to}) => `${path} to ${to}`),
              3,
            )}.`,
          } as const,
        ]),
  ]
}

function divergentHeads(evaluation: MergeEvaluation, policy: Policy, heads: readonly RevisionId[]): Finding {
  const {merged, ours, theirs, files, headsBefore} = evaluation
  if (merged instanceof MigError) throw merged
  const place = placeOf(ours.ref)
  // The annotation goes to the file that this branch can change.
  const own = files.ours.flatMap(({path, content}) =>
    content.kind === 'revision' && heads.includes(content.revision.id) ? [path] : [],
  )
  const join = `\`${joinCommands(merged, policy, headsBefore)}\``
  return {
    code: 'DIVERGENT_HEADS',
    level: 'error',
    message: `Merging ${ours.ref} into ${theirs.ref} would leave ${describeHeads(merged, heads)}.`,
    // A rebased branch has all of them, whatever its upstream still has.
    hint:
      own.length === heads.length
        ? `Run ${join} on ${place}, and commit the result.`
        : `Run ${mergeSteps(theirs)} on ${place}, then ${join}.`,
    ...(own[0] !== undefined && {file: own[0]}),
  }
}
