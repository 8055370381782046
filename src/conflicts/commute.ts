import type {SchemaObject} from '../operations/definition.ts'
import {firstDifference} from '../sql/model/compare.ts'
import {SchemaModel} from '../sql/model/schema-model.ts'
import {applyStatement} from '../sql/model/statements.ts'
import type {RevisionStatements} from './revision-statements.ts'

/** How two revisions of different branches relate, from the worst to the best. */
export const verdicts = ['collide', 'unknown', 'together', 'independent'] as const
export type PairVerdict = (typeof verdicts)[number]

/** The verdict on two revisions. */
export interface Judgement {
  readonly verdict: PairVerdict
  /** The objects that both name, at least one of them by changing it. */
  readonly objects: readonly SchemaObject[]
  readonly reason: string
}

/** A revision, applied by itself to the schema before both. */
export interface Applied {
  readonly name: string
  readonly content: RevisionStatements
  readonly model: SchemaModel
  /** Why it fails by itself, or what it does that is not known. */
  readonly unclear: readonly string[]
  /** Why it fails by itself, if it does. */
  readonly refused: string | undefined
}

/** Applies a revision to a schema, which receives what the revision assumes. */
export function applied(name: string, content: RevisionStatements, before: SchemaModel): Applied {
  const model = new SchemaModel(before, name)
  const unclear = [...content.unclear]
  let refused: string | undefined
  for (const statement of content.statements) {
    const outcome = applyStatement(model, statement)
    if (outcome === undefined) continue
    if ('unclear' in outcome) unclear.push(outcome.unclear)
    else refused ??= outcome.refused
  }
  return {name, content, model, unclear, refused}
}

/** Judges two revisions that both continue from one schema: each order is applied, and the results are compared. */
export function judgePair(before: SchemaModel, ours: Applied, theirs: Applied): Judgement {
  const objects = sharedObjects(ours, theirs)
  const unknown = unknownReason(ours, theirs)
  if (objects.length === 0 && unknown === undefined)
    return {verdict: 'independent', objects, reason: 'They have no object in common.'}
  const [first, second] = [order(before, ours, theirs), order(before, theirs, ours)]
  const failure = first.failure ?? second.failure
  if (failure !== undefined) return {verdict: 'collide', objects, reason: failure}
  const unclear = unknown ?? first.unclear ?? second.unclear ?? rowConflict(before, ours, theirs)
  const difference = firstDifference(first.model, second.model)
  if (difference !== undefined && unclear === undefined) {
    const what = difference.in.describe(difference.item)
    return {verdict: 'collide', objects, reason: `The order of ${ours.name} and ${theirs.name} decides the definition of ${what}.`}
  }
  if (unclear !== undefined) return {verdict: 'unknown', objects, reason: unclear}
  return {verdict: 'together', objects, reason: 'Either may go first.'}
}

interface Order {
  readonly model: SchemaModel
  /** Why the second revision fails, or the first one only in this order. */
  readonly failure: string | undefined
  readonly unclear: string | undefined
}

function order(before: SchemaModel, first: Applied, second: Applied): Order {
  const start = new SchemaModel(before, first.name, true)
  const opening = apply(start, first.content)
  const model = new SchemaModel(start, second.name, true)
  const {refused, unclear} = apply(model, second.content)
  // A revision that fails by itself and works after the other one depends on it.
  const isBefore = first.refused !== undefined && succeedsAfter(before, second, first)
  const failure =
    refused !== undefined && second.refused === undefined
      ? `${second.name} fails after ${first.name}: ${refused}.`
      : isBefore
        ? `${first.name} fails before ${second.name}: ${first.refused}.`
        : undefined
  const alone = [first, second].find((one) => one.refused !== undefined)
  const unknown = alone === undefined ? undefined : `${alone.name} fails by itself: ${alone.refused}.`
  return {model, failure, unclear: unknown ?? sentence(opening.unclear ?? unclear)}
}

const sentence = (unclear: string | undefined): string | undefined =>
  unclear === undefined ? undefined : `It is not known ${unclear}.`

function succeedsAfter(before: SchemaModel, first: Applied, second: Applied): boolean {
  const start = new SchemaModel(before, first.name, true)
  apply(start, first.content)
  return apply(new SchemaModel(start, second.name, true), second.content).refused === undefined
}

function apply(model: SchemaModel, {statements}: RevisionStatements): {readonly refused?: string; readonly unclear?: string} {
  let unclear: string | undefined
  for (const statement of statements) {
    const outcome = applyStatement(model, statement)
    if (outcome === undefined) continue
    if ('refused' in outcome) return {refused: outcome.refused, ...(unclear !== undefined && {unclear})}
    unclear ??= outcome.unclear
  }
  return unclear === undefined ? {} : {unclear}
}

function sharedObjects(ours: Applied, theirs: Applied): readonly SchemaObject[] {
  const found: SchemaObject[] = []
  for (const [key, {object, isWritten}] of ours.model.touched) {
    const other = theirs.model.touched.get(key)
    if (other !== undefined && (isWritten || other.isWritten)) found.push(isWritten ? object : other.object)
  }
  return found
}

function unknownReason(ours: Applied, theirs: Applied): string | undefined {
  const parts = [ours, theirs].filter(({unclear}) => unclear.length > 0)
  if (parts.length === 0) return undefined
  const others = [ours, theirs].filter(({content}) => content.statements.length > 0 || content.unclear.length > 0)
  if (others.length < 2) return undefined
  return `${parts.map(({name, unclear}) => `${name} has ${unclear[0]}`).join(', and ')}.`
}

/** Whether both change the same rows, so that the order may decide their values. */
function rowConflict(before: SchemaModel, ours: Applied, theirs: Applied): string | undefined {
  if (JSON.stringify(ours.content.statements) === JSON.stringify(theirs.content.statements)) return undefined
  for (const mine of ours.model.rowChanges)
    for (const other of theirs.model.rowChanges) {
      if (mine.table !== other.table || (mine.change === 'inserts' && other.change === 'inserts')) continue
      const isApart = mine.change === 'updates' && other.change === 'updates' && !mine.columns.some((name) => other.columns.includes(name))
      if (isApart) continue
      const table = before.get(mine.table)?.name ?? ''
      return `Both change rows of table ${table}; whether the order matters depends on the rows.`
    }
  return undefined
}
