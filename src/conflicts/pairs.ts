import type {RevisionId} from '../graph/revision.ts'
import type {SchemaObject} from '../operations/definition.ts'
import type {ScriptRevision} from '../script/revision-file.ts'
import type {SchemaModel} from '../sql/model/schema-model.ts'
import {appliedSides, continued} from './applied-revision.ts'
import type {AppliedRevision} from './applied-revision.ts'
import {combinedJudgements} from './combined-pairs.ts'
import {judgePair, verdicts} from './commute.ts'
import type {Judgement, PairVerdict} from './commute.ts'
import {lastName} from './row-conflicts.ts'
import type {WorkingOrder} from './row-conflicts.ts'
import {baseFor, contentsOf, isOpaque, relatedSides} from './related-revisions.ts'
import type {ReadTexts, RevisionText, RevisionTexts} from './revision-texts.ts'

/** The verdict on a revision of each side. */
export interface RevisionPair {
  readonly ours: RevisionId
  readonly theirs: RevisionId
  readonly verdict: PairVerdict
  /** The objects that both name, at least one of them by changing it. */
  readonly objects: readonly SchemaObject[]
  /** Why, as a sentence. */
  readonly reason: string
  /** The orders in which both work, if they collide. */
  readonly works?: WorkingOrder
  /** Whether ours comes after theirs by its header, and fails there, or may fail. */
  readonly isOrdered?: true
}

/** The verdicts on all pairs of two sides. */
export interface Pairs {
  /** The worst verdict. */
  readonly verdict: PairVerdict
  /** All pairs; of very many, only those that are not independent. */
  readonly pairs: readonly RevisionPair[]
}

/** As `Pairs`, with the revisions whose effects cannot be fully determined from their source. */
export interface JudgedPairs extends Pairs {
  readonly unclear: readonly RevisionId[]
}

/** Two sides, and the revisions that both have; each revision after its parents. */
export interface PairSides {
  readonly common: readonly ScriptRevision[]
  readonly ours: readonly ScriptRevision[]
  readonly theirs: readonly ScriptRevision[]
}

/** Of more pairs than this, those that are independent are not listed. */
const mostListed = 10_000
/** More pairs than this are not compared in both orders: a hook must stay fast. */
const mostCompared = 2_000
const independent: Judgement = {verdict: 'independent', objects: [], reason: 'They have no object in common.'}
const tooMany: Judgement = {
  verdict: 'unknown',
  objects: [],
  reason: `More than ${mostCompared.toLocaleString('en')} pairs have objects in common; this one was not compared.`,
}

/** Judges each revision of one side against each of the other, from their texts, without running them. */
export async function pairsOf(
  {common, ours, theirs}: PairSides,
  texts: RevisionTexts,
  read: ReadTexts,
): Promise<JudgedPairs> {
  if (ours.length === 0 || theirs.length === 0) return {verdict: 'independent', pairs: [], unclear: []}
  const all: JudgedPairs[] = []
  for (const one of [texts, ...texts.others]) all.push(await pairsOn({common, ours, theirs}, one, read))
  const [only] = all
  if (all.length === 1 && only !== undefined) return only
  const {pairs, unclear} = combinedJudgements(all)
  return {verdict: worstOf(pairs), pairs, unclear}
}

/** Judges two sides on one database. */
async function pairsOn({common, ours, theirs}: PairSides, texts: RevisionTexts, read: ReadTexts): Promise<JudgedPairs> {
  const history = async (): Promise<readonly RevisionText[]> => texts.of(common, read)
  const [mine, others] = await relatedSides([await texts.of(ours, read), await texts.of(theirs, read)], history, texts)
  const base = await baseFor([...mine, ...others], history, texts)
  const sides = appliedSides(base, await contentsOf(mine), await contentsOf(others))
  const judged = judgeAll(base, ...sides)
  const positions = sides.map((side) => new Map(side.map(({name}, at) => [name, at])))
  const judgementOn = (one: RevisionId, other: RevisionId): Judgement | undefined =>
    judged.get(positions[0]?.get(one) ?? -1)?.get(positions[1]?.get(other) ?? -1)
  const isListed = ours.length * theirs.length <= mostListed
  const pairs = ours.flatMap(({id: one}) =>
    theirs.flatMap(({id: other}): readonly RevisionPair[] => {
      const judgement = judgementOn(one, other) ?? (isListed ? independent : undefined)
      return judgement === undefined ? [] : [{ours: one, theirs: other, ...judgement}]
    }),
  )
  const unclear = sides.flat().flatMap((one) => (one.unclear.length > 0 ? one.name : []))
  return {verdict: worstOf(pairs), pairs, unclear}
}

/** Returns the worst verdict of some pairs. */
export function worstOf(pairs: readonly {readonly verdict: PairVerdict}[]): PairVerdict {
  const found = new Set(pairs.map(({verdict}) => verdict))
  return verdicts.find((verdict) => found.has(verdict)) ?? 'independent'
}

/** The judgements on pairs that are not independent, by the positions of their revisions. */
type Judgements = ReadonlyMap<number, ReadonlyMap<number, Judgement>>

function judgeAll(base: SchemaModel, ours: readonly AppliedRevision[], theirs: readonly AppliedRevision[]): Judgements {
  const candidates = candidatesOf(ours, theirs)
  const judged = new Map<number, Map<number, Judgement>>()
  const before = new PrefixModels(base, ours, theirs)
  let count = 0
  for (const [i, positions] of [...candidates].toSorted(([a], [b]) => a - b)) {
    const found = new Map<number, Judgement>()
    judged.set(i, found)
    for (const j of [...positions].toSorted((a, b) => a - b)) {
      const [one, other] = [ours[i], theirs[j]]
      if (one === undefined || other === undefined) continue
      const judgement = count++ < mostCompared ? before.judge(i, j, one, other) : tooMany
      if (judgement.verdict === 'collide') before.exclude(i, j)
      if (judgement.verdict !== 'independent') found.set(j, judgement)
    }
  }
  return judged
}

/** Returns the pairs that name an object that one of them changes, or that are not fully known. */
function candidatesOf(
  ours: readonly AppliedRevision[],
  theirs: readonly AppliedRevision[],
): ReadonlyMap<number, ReadonlySet<number>> {
  const found = new Map<number, Set<number>>()
  const add = (i: number, j: number): void => {
    const positions = found.get(i) ?? new Set()
    found.set(i, positions.add(j))
  }
  const users = new Map<string, {readonly j: number; readonly isWritten: boolean}[]>()
  for (const [j, {touched}] of theirs.entries())
    for (const [key, {isWritten}] of touched) {
      const list = users.get(key) ?? []
      users.set(key, list)
      list.push({j, isWritten})
    }
  const words = new Map<string, Set<number>>()
  for (const [j, {codeWords}] of theirs.entries())
    for (const word of codeWords) words.set(word, (words.get(word) ?? new Set()).add(j))
  const named = Map.groupBy(
    theirs.flatMap(({touched}, j) => [...touched.values()].map(({object}) => ({name: lastName(object.name), j}))),
    ({name}) => name,
  )
  const opaque = theirs.flatMap((one, j) => (isOpaque(one) ? [j] : []))
  for (const [i, one] of ours.entries()) {
    for (const [key, {isWritten}] of one.touched)
      for (const other of users.get(key) ?? []) if (isWritten || other.isWritten) add(i, other.j)
    for (const {object} of one.touched.values()) for (const j of words.get(lastName(object.name)) ?? []) add(i, j)
    for (const word of one.codeWords) {
      for (const {j} of named.get(word) ?? []) add(i, j)
      for (const j of words.get(word) ?? []) add(i, j)
    }
    for (const j of isOpaque(one) ? theirs.keys() : opaque) add(i, j)
  }
  return found
}

/**
 * The schemas before pairs: the common one, with the revisions of both sides that come before, except those that collide
 * with one of the pair.
 */
class PrefixModels {
  readonly #base: SchemaModel
  readonly #ours: readonly AppliedRevision[]
  readonly #theirs: readonly AppliedRevision[]
  readonly #colliding = {ours: new Map<number, Set<number>>(), theirs: new Map<number, Set<number>>()}
  #row = 0
  #start: SchemaModel
  /** By the position of theirs; those that are not needed are missing. */
  #models: (SchemaModel | undefined)[]

  constructor(base: SchemaModel, ours: readonly AppliedRevision[], theirs: readonly AppliedRevision[]) {
    this.#base = base
    this.#ours = ours
    this.#theirs = theirs
    this.#start = base
    this.#models = [base]
  }

  /** Leaves each revision of a pair out of what comes before pairs with the other. */
  exclude(i: number, j: number): void {
    this.#colliding.ours.set(i, (this.#colliding.ours.get(i) ?? new Set()).add(j))
    this.#colliding.theirs.set(j, (this.#colliding.theirs.get(j) ?? new Set()).add(i))
  }

  /** Judges a pair. The position of ours never decreases from call to call. */
  judge(i: number, j: number, ours: AppliedRevision, theirs: AppliedRevision): Judgement {
    return judgePair(this.#at(i, j), ours, theirs, {isPrefixed: i + j > 0})
  }

  #at(i: number, j: number): SchemaModel {
    const ours = this.#colliding.theirs.get(j)
    const theirs = this.#colliding.ours.get(i)
    if (ours !== undefined || theirs !== undefined)
      return continued(this.#base, [
        ...this.#ours.slice(0, i).filter((_, k) => ours?.has(k) !== true),
        ...this.#theirs.slice(0, j).filter((_, k) => theirs?.has(k) !== true),
      ])
    if (i !== this.#row) {
      this.#start = continued(this.#start, this.#ours.slice(this.#row, i))
      this.#row = i
      this.#models = [this.#start]
    }
    const known = this.#models.findLastIndex((model, at) => at <= j && model !== undefined)
    const nearest = this.#models[known] ?? this.#start
    const model = known === j ? nearest : continued(nearest, this.#theirs.slice(known, j))
    this.#models[j] = model
    return model
  }
}
