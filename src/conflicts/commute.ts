import type {SchemaObject} from '../operations/definition.ts'
import {firstDifference} from '../sql/model/compare.ts'
import {SchemaModel} from '../sql/model/schema-model.ts'
import type {Item} from '../sql/model/items.ts'
import {applyStatement} from '../sql/model/statements.ts'
import {extensionConflict} from './extension-conflict.ts'
import {appliedTo, continued, unknownClause} from './applied-revision.ts'
import type {AppliedRevision} from './applied-revision.ts'
import {contestedObjects, withoutObjects} from './contested-objects.ts'
import {codeConflict, meaningConflict, rowConflict, worstConflict} from './row-conflicts.ts'
import type {Meanings, WorkingOrder} from './row-conflicts.ts'

/** The relations of two revisions of different branches, from the worst to the best. */
export const verdicts = ['collide', 'unknown', 'together', 'independent'] as const
export type PairVerdict = (typeof verdicts)[number]

/** The verdict on two revisions. */
export interface Judgement {
  readonly verdict: PairVerdict
  /** The objects that both name, at least one of them by changing it. */
  readonly objects: readonly SchemaObject[]
  readonly reason: string
  /** The orders in which both work, if they collide. */
  readonly works?: WorkingOrder
}

/**
 * Judges two revisions that both continue from one schema: each order is applied, and the results are compared.
 *
 * @param options.isPrefixed whether the schema has revisions of the other side, with which one of the two may fail
 */
export function judgePair(
  before: SchemaModel,
  ours: AppliedRevision,
  theirs: AppliedRevision,
  options: JudgeOptions = {},
): Judgement {
  const existing = judgeIn(before, ours, theirs, options)
  const contested = contestedObjects(before, ours, theirs)
  const [first] = contested
  if (first === undefined) return existing
  const without = withoutObjects(before, contested)
  const [one = ours, other = theirs] = [ours, theirs].flatMap((each) => appliedTo(without, [each]).revisions)
  const missing = judgeIn(without, one, other, options)
  if (!canRun(before, ours, theirs)) return missing
  if (!canRun(without, one, other)) return existing
  return eitherOf(existing, missing, before.describe(first))
}

/** Whether each of two revisions works by itself or after the other one. */
function canRun(before: SchemaModel, ours: AppliedRevision, theirs: AppliedRevision): boolean {
  return (
    (succeeds(before, ours) || succeedsAfter(before, theirs, ours)) &&
    (succeeds(before, theirs) || succeedsAfter(before, ours, theirs))
  )
}

/** Joins the judgements for a schema with some objects and for the schema without them. */
function eitherOf(existing: Judgement, missing: Judgement, what: string): Judgement {
  const [worse = existing, better = existing] = [existing, missing].toSorted(
    (a, b) => verdicts.indexOf(a.verdict) - verdicts.indexOf(b.verdict),
  )
  const {verdict, objects, reason} = worse
  if (verdict === 'unknown' || verdict === 'independent' || verdict === 'together') return worse
  if (better.verdict === 'collide') return worse.works === better.works ? worse : {verdict, objects, reason}
  const then = `${worse === missing ? 'Without' : 'With'} it, ${reason.replace(/^(?:The|It) /, (word) => word.toLowerCase())}`
  return {verdict: 'unknown', objects, reason: `It is not known whether ${what} exists. ${then}`}
}

interface JudgeOptions {
  readonly isPrefixed?: boolean
}

/** Judges two revisions in a schema that has all objects that nothing creates. */
function judgeIn(
  before: SchemaModel,
  ours: AppliedRevision,
  theirs: AppliedRevision,
  {isPrefixed = false}: JudgeOptions,
): Judgement {
  const objects = withoutOwners(sharedObjects(ours, theirs))
  const unknown =
    unknownReason(ours, theirs, ({unclear}) => unclear) ??
    (objects.length === 0 ? undefined : unknownReason(ours, theirs, ({vague}) => vague))
  const unplaced = unplacedReason(before, ours, theirs) ?? unplacedReason(before, theirs, ours)
  const schema = userSchemaReason(ours, theirs) ?? userSchemaReason(theirs, ours)
  const provided = extensionVerdict(before, ours, theirs)
  if (provided?.verdict === 'collide') return {...provided, objects}
  const isSame = JSON.stringify(ours.content.statements) === JSON.stringify(theirs.content.statements)
  const code = isSame ? undefined : (codeConflict(before, ours, theirs) ?? codeConflict(before, theirs, ours))
  if (objects.length === 0 && [unknown, unplaced, provided, code, schema].every((one) => one === undefined))
    return {verdict: 'independent', objects, reason: 'They have no object in common.'}
  const depends = isPrefixed
    ? [ours, theirs].find((one) => one.refused === undefined && !succeeds(before, one))
    : undefined
  if (depends !== undefined) {
    const reason = `${depends.name} depends on a revision that collides with the other side.`
    return {verdict: 'unknown', objects, reason}
  }
  const [first, second] = [order(before, ours, theirs), order(before, theirs, ours)]
  const failure = first.failure ?? second.failure
  if (failure !== undefined)
    return {verdict: 'collide', objects, reason: failure, works: workingOrder(first.failure, second.failure)}
  const rows = worstConflict([
    rowConflict(before, ours, theirs, isSame),
    isSame ? undefined : meaningConflict(ours, theirs, first.meanings[0], second.meanings[1]),
    isSame ? undefined : meaningConflict(theirs, ours, first.meanings[1], second.meanings[0]),
    code,
  ])
  if (rows?.isCertain === true) return {verdict: 'collide', objects, reason: rows.reason, works: rows.works ?? 'either'}
  const unclear =
    unknown ??
    unplaced ??
    schema ??
    provided?.reason ??
    first.unclear ??
    second.unclear ??
    overloadConflict(ours, theirs) ??
    rows?.reason
  const difference = firstDifference(first.model, second.model)
  if (difference !== undefined && unclear === undefined) {
    const what = difference.in.describe(difference.item)
    return {
      verdict: 'collide',
      objects,
      reason: `The order of ${ours.name} and ${theirs.name} decides the definition of ${what}.`,
      works: 'either',
    }
  }
  if (unclear !== undefined) return {verdict: 'unknown', objects, reason: unclear}
  return {verdict: 'together', objects, reason: 'Either may go first.'}
}

function workingOrder(oursFirst: string | undefined, theirsFirst: string | undefined): WorkingOrder {
  if (oursFirst !== undefined) return theirsFirst === undefined ? 'theirs first' : 'neither'
  return theirsFirst === undefined ? 'either' : 'ours first'
}

/** Judges two revisions of which one changes an extension that may provide what the other uses. */
function extensionVerdict(
  before: SchemaModel,
  ours: AppliedRevision,
  theirs: AppliedRevision,
): Omit<Judgement, 'objects'> | undefined {
  const found = [
    {conflict: extensionConflict(before, ours, theirs), orders: {user: 'ours first', provider: 'theirs first'}},
    {conflict: extensionConflict(before, theirs, ours), orders: {user: 'theirs first', provider: 'ours first'}},
  ] as const
  const certain = found.find(({conflict}) => conflict?.isCertain) ?? found.find(({conflict}) => conflict !== undefined)
  if (certain?.conflict === undefined) return undefined
  const {isCertain, last, reason} = certain.conflict
  if (!isCertain) return {verdict: 'unknown', reason}
  return {verdict: 'collide', reason, works: last === undefined ? 'neither' : certain.orders[last]}
}

interface Order {
  readonly model: SchemaModel
  /** Why the second revision fails, or the first one only in this order. */
  readonly failure: string | undefined
  readonly unclear: string | undefined
  /** The meanings of the statements of the first and of the second revision. */
  readonly meanings: readonly [Meanings, Meanings]
}

function order(before: SchemaModel, first: AppliedRevision, second: AppliedRevision): Order {
  const model = new SchemaModel(before, true)
  const opening = apply(model, first)
  const firstMeanings = model.notes.meanings
  const {refused, unclear} = apply(model, second)
  const meanings = [
    {meanings: firstMeanings, end: model},
    {meanings: model.notes.meanings, end: model},
  ] as const
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
  return {model, failure, unclear: unknown ?? sentence(opening.unclear ?? unclear), meanings}
}

function sentence(unclear: string | undefined): string | undefined {
  if (unclear === undefined) return undefined
  return unclear.startsWith('whether') ? `It is not known ${unclear}.` : `The effect of ${unclear} is not known.`
}

function succeeds(before: SchemaModel, revision: AppliedRevision): boolean {
  return apply(new SchemaModel(before, true), revision).refused === undefined
}

function succeedsAfter(before: SchemaModel, first: AppliedRevision, second: AppliedRevision): boolean {
  return succeeds(continued(before, [first]), second)
}

function apply(
  model: SchemaModel,
  {name, content}: AppliedRevision,
): {readonly refused?: string; readonly unclear?: string} {
  model.begin(name)
  let unclear: string | undefined
  for (const statement of content.statements) {
    const outcome = applyStatement(model, statement)
    if (outcome === undefined) continue
    if ('refused' in outcome) return {refused: outcome.refused, ...(unclear !== undefined && {unclear})}
    unclear ??= outcome.unclear
  }
  return unclear === undefined ? {} : {unclear}
}

function sharedObjects(ours: AppliedRevision, theirs: AppliedRevision): readonly SchemaObject[] {
  const found: SchemaObject[] = []
  for (const [key, {object, isWritten}] of ours.touched) {
    const other = theirs.touched.get(key)
    if (other !== undefined && (isWritten || other.isWritten)) found.push(isWritten ? object : other.object)
  }
  return found
}

/** Returns objects without tables and types of which a part is among them. */
function withoutOwners(objects: readonly SchemaObject[]): readonly SchemaObject[] {
  const owners = new Set(
    objects.flatMap(({kind, name}) => (inTables.has(kind) ? name.slice(0, name.lastIndexOf('.')) : [])),
  )
  return objects.filter(({kind, name}) => !withParts.has(kind) || !owners.has(name))
}

const withParts: ReadonlySet<string> = new Set(['table', 'view', 'type'])
const inTables: ReadonlySet<string> = new Set(['column', 'constraint', 'trigger', 'policy'])

const sentenceOf = (text: string): string => text.replace(/^it is/, 'It is')

const isIdle = ({content}: AppliedRevision): boolean => content.statements.length === 0 && content.unclear.length === 0

/** Returns what is not known of a pair of which neither does nothing. */
function unknownReason(
  ours: AppliedRevision,
  theirs: AppliedRevision,
  partsOf: (one: AppliedRevision) => readonly string[],
): string | undefined {
  if (isIdle(ours) || isIdle(theirs)) return undefined
  const parts = [ours, theirs].flatMap((one) =>
    partsOf(one)
      .slice(0, 1)
      .map((part) => unknownClause(one.name, part)),
  )
  return parts.length === 0 ? undefined : sentenceOf(`${parts.join(', and ')}.`)
}

/** With a schema of the connecting role, names without a schema mean other objects. */
function userSchemaReason(one: AppliedRevision, other: AppliedRevision): string | undefined {
  const [schema] = one.userSchemas
  if (schema === undefined || !other.usesPath) return undefined
  return `${one.name} changes schema ${schema}, in which the role ${schema} looks first for the names without a schema in ${other.name}.`
}

/** An index on an unknown column is dropped with the column. */
function unplacedReason(before: SchemaModel, one: AppliedRevision, other: AppliedRevision): string | undefined {
  for (const item of one.placeless) {
    const isWithin = ({parent}: Item): boolean => item.kind === 'index' || parent === item.parent
    const gone = other.removed.find((part) => (part.kind === 'column' || part.kind === 'table') && isWithin(part))
    if (gone !== undefined)
      return `It is not known whether ${before.describe(item)} uses ${before.describe(gone)}, which ${other.name} drops.`
  }
  return undefined
}

/** Whether one adds an overload of a function that the other calls. */
function overloadConflict(ours: AppliedRevision, theirs: AppliedRevision): string | undefined {
  for (const [caller, other] of [
    [ours, theirs],
    [theirs, ours],
  ] as const)
    for (const [key, {object, isWritten}] of caller.touched)
      if (object.kind === 'function' && !isWritten && !object.name.includes('(') && other.touched.get(key)?.isWritten)
        return `It is not known which function ${object.name} is called in ${caller.name} after ${other.name}.`
  return undefined
}
