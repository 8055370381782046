import {child, isTree, items} from '../effects/tree.ts'
import type {Tree} from '../effects/tree.ts'
import {childrenOf} from './inheritance.ts'
import {constantOf, differ} from './row-sets.ts'
import {Refusal, Unclear} from './items.ts'
import type {Item} from './items.ts'
import type {SchemaModel} from './schema-model.ts'
import {textOfTree} from './text.ts'

/** @throws Refusal if the bounds of a partition overlap those of another; Unclear if they cannot be compared */
export function refuseOverlap(model: SchemaModel, parent: Item, partition: Item): void {
  const bound = boundOf(partition)
  for (const other of childrenOf(model, parent)) {
    if (other.id === partition.id || other.properties['bound'] === undefined) continue
    const overlaps = overlap(bound, boundOf(other))
    if (overlaps === undefined) throw new Unclear(`whether partitions ${partition.name} and ${other.name} overlap`)
    if (overlaps) throw new Refusal(`partition ${partition.name} overlaps partition ${other.name}`)
  }
}

export const boundOf = ({properties}: Item): Tree => JSON.parse(properties['bound'] ?? '{}') as Tree

/**
 * Whether a bound other than the default accepts a key, of which the constants are known.
 *
 * @returns undefined if that cannot be told
 */
export function accepts(bound: Tree, key: readonly (string | null | undefined)[] | undefined): boolean | undefined {
  if (bound['is_default'] === true) return false
  const values = key?.map((value): Value =>
    value !== null && value !== undefined && isNumber(value) ? Number(value) : (value ?? undefined),
  )
  if (Array.isArray(bound['listdatums'])) {
    const [value] = key ?? []
    if (value === undefined) return undefined
    const constants = items(bound, 'listdatums').map(constantOf)
    if (constants.includes(value)) return true
    return constants.every((one) => one !== undefined && differ(one, value)) ? false : undefined
  }
  const [low, high] = ['lowerdatums', 'upperdatums'].map((edge) => items(bound, edge).map(valueOf))
  if (values === undefined || values.includes(undefined) || low === undefined || high === undefined) return undefined
  if (bound['modulus'] !== undefined || low.length === 0) return undefined
  const [fromLow, fromHigh] = [compare(values, low), compare(values, high)]
  return fromLow === undefined || fromHigh === undefined ? undefined : fromLow >= 0 && fromHigh < 0
}

const isNumber = (text: string): boolean => /^-?\d+(?:\.\d+)?$/.test(text)

function overlap(bound: Tree, other: Tree): boolean | undefined {
  if (bound['is_default'] === true || other['is_default'] === true)
    return bound['is_default'] === true && other['is_default'] === true
  if (bound['modulus'] !== undefined)
    return bound['modulus'] === other['modulus'] ? (bound['remainder'] ?? 0) === (other['remainder'] ?? 0) : undefined
  if (Array.isArray(bound['listdatums'])) {
    const values = new Set(items(bound, 'listdatums').map(textOfTree))
    return items(other, 'listdatums').some((value) => values.has(textOfTree(value)))
  }
  const edges = [bound, other].map((one) => ['lowerdatums', 'upperdatums'].map((key) => items(one, key).map(valueOf)))
  const [[low, high] = [], [otherLow, otherHigh] = []] = edges
  if (low === undefined || high === undefined || otherLow === undefined || otherHigh === undefined) return undefined
  const [first, second] = [compare(low, otherHigh), compare(otherLow, high)]
  return first === undefined || second === undefined ? undefined : first < 0 && second < 0
}

type Value = number | string | undefined

function valueOf(item: Tree): Value {
  const name = child(item, 'ColumnRef')['fields']
  if (name !== undefined) {
    const text = textOfTree(name).toLowerCase()
    return text.includes('minvalue') ? -Infinity : text.includes('maxvalue') ? Infinity : undefined
  }
  const constant = child(item, 'A_Const')
  if (isTree(constant['ival'])) return Number(constant['ival']['ival'] ?? 0)
  if (isTree(constant['fval'])) return Number(constant['fval']['fval'])
  const text = child(constant, 'sval')['sval']
  return typeof text === 'string' ? text : undefined
}

/** Texts are compared if they are dates or of one length, where their order is that of the values. */
function compare(one: readonly Value[], other: readonly Value[]): number | undefined {
  for (const [i, value] of one.entries()) {
    const against = other[i]
    if (value === undefined || against === undefined) return undefined
    if (value === against) continue
    if (Math.abs(Number(value)) === Infinity || Math.abs(Number(against)) === Infinity)
      return value === -Infinity || against === Infinity ? -1 : 1
    if (typeof value !== typeof against) return undefined
    if (typeof value === 'string' && value.length !== String(against).length) return undefined
    return value < against ? -1 : 1
  }
  return 0
}
