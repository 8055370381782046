import {MigError} from '../errors.ts'
import type {RevisionId} from '../graph/revision.ts'
import {findingOf} from '../script/finding.ts'
import type {Finding} from '../script/finding.ts'
import {listOf} from '../util/text.ts'
import type {MergeEvaluation, PublishedChange} from './evaluate-merge.ts'
import {headsTooMany} from './policy.ts'
import type {Policy} from './policy.ts'

export type MergeStatus = 'ok' | 'diverged' | 'conflict' | 'broken'

/** What is to be said of a merge. */
export interface Verdict {
  readonly status: MergeStatus
  /** The heads that are more than the policy allows. */
  readonly tooMany: readonly RevisionId[]
  readonly findings: readonly Finding[]
}

/** Says whether a merge may be done, and what speaks against it. */
export function judge(evaluation: MergeEvaluation, policy: Policy): Verdict {
  const {merged, conflicts, broken, changed, yours, theirs, headsBefore} = evaluation
  const tooMany = merged instanceof MigError ? [] : headsTooMany(merged, policy, headsBefore)
  const findings = [
    ...conflicts.map(({path, reason}): Finding => {
      const hint = `\`git merge ${theirs.ref}\` on ${placeOf(yours.ref)}, and decide what ${path} should be.`
      return {code: 'MERGE_CONFLICT', level: 'error', message: `${path} is in conflict: ${reason}.`, hint, file: path}
    }),
    ...broken.map(({error, path}) => findingOf(error, path)),
    ...(merged instanceof MigError ? [findingOf(merged)] : []),
    ...(tooMany.length > 0 ? [divergentHeads(evaluation, tooMany)] : []),
    ...publishedFindings(changed, policy, theirs.ref),
  ]
  const isBroken = findings.some(({level, code}) => level === 'error' && code !== 'DIVERGENT_HEADS')
  const status = conflicts.length > 0 ? 'conflict' : isBroken ? 'broken' : tooMany.length > 0 ? 'diverged' : 'ok'
  return {status, tooMany, findings}
}

/** Returns what is wrong with changes to revisions that others have already. */
export function publishedFindings(changes: readonly PublishedChange[], policy: Policy, upstream: string): Finding[] {
  const level = policy.published === 'frozen' ? 'error' : 'warning'
  const hint =
    'Databases may have applied it as it was: write a new revision instead, or allow it with `policy.published`.'
  const renamed = changes.filter(({kind}) => kind === 'renamed')
  return [
    ...changes
      .filter(({kind}) => kind !== 'renamed')
      .map(({kind, revision, path}): Finding => {
        const code = kind === 'edited' ? 'PUBLISHED_EDITED' : 'PUBLISHED_DELETED'
        const message = `Revision ${revision} (${path}) is ${kind}, but ${upstream} has it already.`
        return {code, level, message, hint, file: path, revision}
      }),
    ...(renamed.length === 0
      ? []
      : [
          {
            code: 'PUBLISHED_RENAMED',
            level: 'note',
            message: `Files of revisions are renamed: ${listOf(
              renamed.map(({path, to}) => `${path} to ${to}`),
              3,
            )}.`,
          } as const,
        ]),
  ]
}

function divergentHeads(evaluation: MergeEvaluation, heads: readonly RevisionId[]): Finding {
  const {yours, theirs, files} = evaluation
  // An annotation belongs to the file that can be changed: that of yours.
  const own = files.yours.find(({content}) => content.kind === 'revision' && heads.includes(content.revision.id))
  return {
    code: 'DIVERGENT_HEADS',
    level: 'error',
    message: `With ${yours.ref} merged into ${theirs.ref} there would be ${heads.length} heads: ${listOf(heads, 10)}.`,
    hint: `\`git merge ${theirs.ref}\` on ${placeOf(yours.ref)}, then \`mig merge heads -m "..."\` joins them.`,
    ...(own !== undefined && {file: own.path}),
  }
}

function placeOf(ref: string): string {
  return ref === 'HEAD' ? 'this branch' : ref
}
