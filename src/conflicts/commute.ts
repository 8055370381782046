import type {SchemaObject} from '../operations/definition.ts'
import {firstDifference} from '../sql/model/compare.ts'
import {SchemaModel} from '../sql/model/schema-model.ts'
import type {Item} from '../sql/model/schema-model.ts'
import {applyStatement} from '../sql/model/statements.ts'
import type {RevisionStatements} from './revision-statements.ts'

/** The relations of two revisions of different branches, from the worst to the best. */
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
  /** The parts that are not known, as noun phrases. */
  readonly unclear: readonly string[]
  /** Those of which at least all objects are known. */
  readonly vague: readonly string[]
  /** Why it fails by itself, if it does. */
  readonly refused: string | undefined
  /** The indexes and constraints that it names and of which only the name is known. */
  readonly placeless: readonly Item[]
}

/** Applies a revision to a schema, which receives what the revision assumes. */
export function applied(name: string, content: RevisionStatements, before: SchemaModel): Applied {
  const model = new SchemaModel(before, name)
  const unclear = [...content.unclear]
  const vague = [...content.vague]
  let refused: string | undefined
  for (const statement of content.statements) {
    const outcome = applyStatement(model, statement)
    if (outcome === undefined) continue
    if ('unclear' in outcome) (outcome.isAnywhere ? unclear : vague).push(outcome.unclear)
    else refused ??= outcome.refused
  }
  return {name, content, model, unclear, vague, refused, placeless: namedOnly(before, model)}
}

/** Applies a revision to a schema in which it may fail; a statement that does has no effect. */
export function continued(before: SchemaModel, {name, content}: Applied): SchemaModel {
  const model = new SchemaModel(before, name, true)
  for (const statement of content.statements) applyStatement(model, statement)
  return model
}

/** Returns the indexes and constraints that a revision names and of which the model knows only the name. */
function namedOnly(before: SchemaModel, model: SchemaModel): readonly Item[] {
  const named = new Set([...model.touched.values()].map(({object: {kind, name}}) => `${kind} ${name}`))
  return before.items.filter(
    (item) => item.isOpen && (item.kind === 'index' || item.kind === 'constraint') && named.has(before.describe(item)),
  )
}

/** Judges two revisions that both continue from one schema: each order is applied, and the results are compared. */
export function judgePair(before: SchemaModel, ours: Applied, theirs: Applied): Judgement {
  const objects = withoutOwners(sharedObjects(ours, theirs))
  const unknown =
    unknownReason(ours, theirs, ({unclear}) => unclear) ??
    (objects.length === 0 ? undefined : unknownReason(ours, theirs, ({vague}) => vague))
  const unplaced = unplacedReason(before, ours, theirs) ?? unplacedReason(before, theirs, ours)
  if (objects.length === 0 && unknown === undefined && unplaced === undefined)
    return {verdict: 'independent', objects, reason: 'They have no object in common.'}
  const depends = [ours, theirs].find((one) => one.refused === undefined && !succeeds(before, one))
  if (depends !== undefined) {
    const reason = `${depends.name} depends on a revision that collides with the other side.`
    return {verdict: 'unknown', objects, reason}
  }
  const [first, second] = [order(before, ours, theirs), order(before, theirs, ours)]
  const failure = first.failure ?? second.failure
  if (failure !== undefined) return {verdict: 'collide', objects, reason: failure}
  const unclear = unknown ?? unplaced ?? first.unclear ?? second.unclear ?? rowConflict(before, ours, theirs)
  const difference = firstDifference(first.model, second.model)
  if (difference !== undefined && unclear === undefined) {
    const what = difference.in.describe(difference.item)
    return {
      verdict: 'collide',
      objects,
      reason: `The order of ${ours.name} and ${theirs.name} decides the definition of ${what}.`,
    }
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

function sentence(unclear: string | undefined): string | undefined {
  if (unclear === undefined) return undefined
  return unclear.startsWith('whether') ? `It is not known ${unclear}.` : `The effect of ${unclear} is not known.`
}

function succeeds(before: SchemaModel, {name, content}: Applied): boolean {
  return apply(new SchemaModel(before, name, true), content).refused === undefined
}

function succeedsAfter(before: SchemaModel, first: Applied, second: Applied): boolean {
  return succeeds(continued(before, first), second)
}

function apply(
  model: SchemaModel,
  {statements}: RevisionStatements,
): {readonly refused?: string; readonly unclear?: string} {
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

/** Returns objects without tables of which a part is among them. */
function withoutOwners(objects: readonly SchemaObject[]): readonly SchemaObject[] {
  const owners = new Set(
    objects.flatMap(({kind, name}) => (inTables.has(kind) ? name.slice(0, name.lastIndexOf('.')) : [])),
  )
  return objects.filter(({kind, name}) => (kind !== 'table' && kind !== 'view') || !owners.has(name))
}

const inTables: ReadonlySet<string> = new Set(['column', 'constraint', 'trigger', 'policy'])

const sentenceOf = (text: string): string => text.replace(/^it is/, 'It is')

/** Returns what is not known of a pair of which neither does nothing. */
function unknownReason(
  ours: Applied,
  theirs: Applied,
  partsOf: (one: Applied) => readonly string[],
): string | undefined {
  const isIdle = ({content}: Applied): boolean => content.statements.length === 0 && content.unclear.length === 0
  if (isIdle(ours) || isIdle(theirs)) return undefined
  const parts = [ours, theirs].flatMap((one) =>
    partsOf(one)
      .slice(0, 1)
      .map((part) =>
        part.startsWith('whether') ? `it is not known of ${one.name} ${part}` : `${one.name} has ${part}`,
      ),
  )
  return parts.length === 0 ? undefined : sentenceOf(`${parts.join(', and ')}.`)
}

/** An index on an unknown column is dropped with the column. */
function unplacedReason(before: SchemaModel, one: Applied, other: Applied): string | undefined {
  for (const item of one.placeless) {
    const isWithin = ({parent}: Item): boolean => item.kind === 'index' || parent === item.parent
    const gone = before.items.find(
      (column) =>
        (column.kind === 'column' || column.kind === 'table') &&
        other.model.get(column.id) === undefined &&
        other.model.isGone(column.kind, column.parent, column.name) &&
        isWithin(column),
    )
    if (gone !== undefined)
      return `It is not known whether ${before.describe(item)} uses ${before.describe(gone)}, which ${other.name} drops.`
  }
  return undefined
}

/** Whether both change the same rows, so that the order may decide their values. */
function rowConflict(before: SchemaModel, ours: Applied, theirs: Applied): string | undefined {
  if (JSON.stringify(ours.content.statements) === JSON.stringify(theirs.content.statements)) return undefined
  for (const mine of ours.model.rowChanges)
    for (const other of theirs.model.rowChanges) {
      if (mine.table !== other.table || (mine.change === 'inserts' && other.change === 'inserts')) continue
      const isApart =
        mine.change === 'updates' &&
        other.change === 'updates' &&
        !mine.columns.some((name) => other.columns.includes(name))
      if (isApart) continue
      const table = before.get(mine.table)?.name ?? ''
      return `Both change rows of table ${table}; whether the order matters depends on the rows.`
    }
  return undefined
}
