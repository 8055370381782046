import type {RevisionId} from '../graph/revision.ts'
import {emptyModel} from '../sql/model/empty-model.ts'
import {appliedTo} from './applied-revision.ts'
import type {AppliedRevision} from './applied-revision.ts'
import type {RevisionPair} from './pairs.ts'
import {contentsOf, relevantTo} from './related-revisions.ts'
import type {RevisionText, RevisionTexts} from './revision-texts.ts'

/** With more ancestors than this that concern a revision, the one after which it fails is not looked for. */
const mostTried = 200

/**
 * Returns the revisions of ours that fail where their headers place them, each with the ancestor after which it fails, if
 * that is one of theirs.
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
    if (one.refused === undefined || !isKnown(one)) continue
    let count = ancestors.length - 1
    while (count >= 0 && after(count, i + 1)[i]?.refused !== undefined) count--
    const cause = ancestors[count]
    if (cause === undefined || !theirs.has(cause.name) || !isKnown(cause.content)) continue
    const reason = `${one.name} comes after ${cause.name}, and fails there: ${one.refused}.`
    const pair = {ours: one.name, theirs: cause.name, verdict: 'collide', objects: [], reason} as const
    found.push({...pair, works: 'ours first', isOrdered: true})
  }
  return found
}

const isKnown = ({unclear, vague}: Pick<AppliedRevision, 'unclear' | 'vague'>): boolean =>
  unclear.length === 0 && vague.length === 0
