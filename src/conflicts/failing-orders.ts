import type {RevisionId} from '../graph/revision.ts'
import {emptyModel} from '../sql/model/empty-model.ts'
import {appliedTo, unknownClause} from './applied-revision.ts'
import type {AppliedRevision} from './applied-revision.ts'
import type {RevisionPair} from './pairs.ts'
import {contentsOf, relevantTo} from './related-revisions.ts'
import type {RevisionText, RevisionTexts} from './revision-texts.ts'

/** With more ancestors than this that concern a revision, the one after which it fails is not looked for. */
const mostTried = 200

/**
 * Returns the revisions of ours that fail where their headers place them, or may fail, each with the ancestor after which
 * it does, if that is one of theirs.
 *
 * @param before their ancestors, and `ours`, each after its parents
 */
export async function failingOrders(
  before: readonly RevisionText[],
  ours: readonly RevisionText[],
  theirs: ReadonlySet<RevisionId>,
  texts: RevisionTexts,
): Promise<readonly RevisionPair[]> {
  const ancestors = await contentsOf(await relevantTo(ours, before, texts))
  const mine = await contentsOf(ours)
  const after = (count: number, own: number): readonly AppliedRevision[] =>
    appliedTo(appliedTo(emptyModel(texts.dialect), ancestors.slice(0, count)).model, mine.slice(0, own)).revisions
  if (ancestors.length > mostTried) return []
  const found: RevisionPair[] = []
  for (const [i, one] of after(ancestors.length, mine.length).entries()) {
    if (one.refused === undefined) continue
    let count = ancestors.length - 1
    while (count >= 0 && after(count, i + 1)[i]?.refused !== undefined) count--
    const cause = ancestors[count]
    if (cause === undefined || !theirs.has(cause.name)) continue
    const pair = {ours: one.name, theirs: cause.name, objects: [], isOrdered: true} as const
    const unread = one.isFailureCertain ? unreadOf(cause.name, cause.content) : unreadOf(one.name, one)
    if (unread === undefined) {
      const reason = `${one.name} comes after ${cause.name}, and fails there: ${one.refused}.`
      found.push({...pair, verdict: 'collide', reason, works: 'ours first'})
    } else {
      const reason = `It is not known whether ${one.name} works after ${cause.name}: ${one.refused}, but ${unread}.`
      found.push({...pair, verdict: 'unknown', reason})
    }
  }
  return found
}

/** Returns what is not known of a revision, as a clause. */
function unreadOf(name: string, {unclear, vague}: Pick<AppliedRevision, 'unclear' | 'vague'>): string | undefined {
  const [part] = [...unclear, ...vague]
  return part === undefined ? undefined : unknownClause(name, part)
}
