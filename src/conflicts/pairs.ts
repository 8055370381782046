import type {RevisionId} from '../graph/revision.ts'
import type {SchemaObject} from '../operations/definition.ts'
import type {ScriptRevision} from '../script/revision-file.ts'
import {SchemaModel} from '../sql/model/schema-model.ts'
import {applied, continued, judgePair, verdicts} from './commute.ts'
import type {Applied, Judgement, PairVerdict} from './commute.ts'
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
/** With more common revisions than this, only those are read that name something that a side names. */
const mostCommon = 50

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
  const [mine, others] = [await texts.of(ours, read), await texts.of(theirs, read)]
  const base = await baseFor([...mine, ...others], async () => texts.of(common, read))
  const sides = [await line(mine, base), await line(others, base)] as const
  const judged = judgeAll(base, ...sides)
  const isListed = ours.length * theirs.length <= mostListed
  const pairs = sides[0].flatMap((one, i) =>
    sides[1].flatMap((other, j): readonly RevisionPair[] => {
      const judgement = judged.get(i)?.get(j) ?? (isListed ? independent : undefined)
      return judgement === undefined ? [] : [{ours: one.name, theirs: other.name, ...judgement}]
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

/** Applies the revisions of a side one after the other. */
async function line(texts: readonly RevisionText[], base: SchemaModel): Promise<readonly Applied[]> {
  const found: Applied[] = []
  let before = base
  for (const {revision, statements} of texts) {
    const next = applied(revision.id, await statements(), before)
    found.push(next)
    before = next.model
  }
  return found
}

/** Returns the schema before both sides, as far as it concerns them. */
async function baseFor(
  texts: readonly RevisionText[],
  common: () => Promise<readonly RevisionText[]>,
): Promise<SchemaModel> {
  const base = new SchemaModel()
  const all = await common()
  const relevant = all.length <= mostCommon ? all : await relevantTo(texts, all)
  return [...(await line(relevant, base))].at(-1)?.model ?? base
}

async function relevantTo(
  texts: readonly RevisionText[],
  common: readonly RevisionText[],
): Promise<readonly RevisionText[]> {
  const names = await namesIn(texts)
  const relevant: RevisionText[] = []
  for (const text of common) if (!(await text.words()).isDisjointFrom(names)) relevant.push(text)
  return relevant
}

/** Returns the names of the objects that revisions name, in lower case, without those that are in every text. */
async function namesIn(texts: readonly RevisionText[]): Promise<ReadonlySet<string>> {
  const model = new SchemaModel()
  const touched: string[] = []
  for (const {revision, statements} of texts) {
    const {model: after} = applied(revision.id, await statements(), model)
    for (const {object} of after.touched.values())
      if (object.kind !== 'column' && object.kind !== 'schema') touched.push(object.name)
  }
  return new Set(
    touched.flatMap(
      (name) =>
        name
          .toLowerCase()
          .match(/[\p{L}_$][\p{L}\p{N}_$]*/gu)
          ?.at(-1) ?? [],
    ),
  )
}

/** The judgements on pairs that are not independent, by the positions of their revisions. */
type Judgements = ReadonlyMap<number, ReadonlyMap<number, Judgement>>

function judgeAll(base: SchemaModel, ours: readonly Applied[], theirs: readonly Applied[]): Judgements {
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
      const judgement = count++ < mostCompared ? judgePair(before.at(i, j), one, other) : tooMany
      if (judgement.verdict === 'collide') before.exclude(i, j)
      if (judgement.verdict !== 'independent') found.set(j, judgement)
    }
  }
  return judged
}

function isOpaque({unclear, refused, placeless}: Applied): boolean {
  return unclear.length > 0 || refused !== undefined || placeless.length > 0
}

/** Returns the pairs that name an object that one of them changes, or that are not fully known. */
function candidatesOf(ours: readonly Applied[], theirs: readonly Applied[]): ReadonlyMap<number, ReadonlySet<number>> {
  const found = new Map<number, Set<number>>()
  const add = (i: number, j: number): void => {
    const positions = found.get(i) ?? new Set()
    found.set(i, positions.add(j))
  }
  const users = new Map<string, {readonly j: number; readonly isWritten: boolean}[]>()
  for (const [j, {model}] of theirs.entries())
    for (const [key, {isWritten}] of model.touched) {
      const list = users.get(key) ?? []
      users.set(key, list)
      list.push({j, isWritten})
    }
  const opaque = theirs.flatMap((one, j) => (isOpaque(one) ? [j] : []))
  for (const [i, one] of ours.entries()) {
    for (const [key, {isWritten}] of one.model.touched)
      for (const other of users.get(key) ?? []) if (isWritten || other.isWritten) add(i, other.j)
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
  readonly #ours: readonly Applied[]
  readonly #theirs: readonly Applied[]
  readonly #colliding = {ours: new Map<number, Set<number>>(), theirs: new Map<number, Set<number>>()}
  #row = -1
  #models: SchemaModel[] = []

  constructor(base: SchemaModel, ours: readonly Applied[], theirs: readonly Applied[]) {
    this.#base = base
    this.#ours = ours
    this.#theirs = theirs
  }

  /** Leaves each revision of a pair out of what comes before pairs with the other. */
  exclude(i: number, j: number): void {
    this.#colliding.ours.set(i, (this.#colliding.ours.get(i) ?? new Set()).add(j))
    this.#colliding.theirs.set(j, (this.#colliding.theirs.get(j) ?? new Set()).add(i))
  }

  /** @param i the position of ours, which never decreases from call to call */
  at(i: number, j: number): SchemaModel {
    const ours = this.#colliding.theirs.get(j)
    const theirs = this.#colliding.ours.get(i)
    if (ours !== undefined || theirs !== undefined) {
      const before = [
        ...this.#ours.slice(0, i).filter((_, k) => ours?.has(k) !== true),
        ...this.#theirs.slice(0, j).filter((_, k) => theirs?.has(k) !== true),
      ]
      return before.reduce(continued, this.#base)
    }
    if (i !== this.#row) {
      this.#row = i
      this.#models = [this.#ours[i - 1]?.model ?? this.#base]
    }
    for (let next = this.#models.length; next <= j; next++) {
      const [last, revision] = [this.#models.at(-1), this.#theirs[next - 1]]
      if (last !== undefined && revision !== undefined) this.#models.push(continued(last, revision))
    }
    return this.#models[j] ?? this.#base
  }
}
