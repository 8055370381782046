import {child, isTree, items, nameParts, textIn} from '../effects/tree.ts'
import type {Tree} from '../effects/tree.ts'
import {constantOf} from './row-sets.ts'

/** A constant as text; null for NULL, undefined if it is not known. */
type Value = string | null | undefined

/** Returns the value of an expression, as far as it is known from those of columns. */
export function computedValue(tree: unknown, valueOf: (column: string) => Value): Value {
  if (!isTree(tree)) return undefined
  const constant = constantOf(tree)
  if (constant !== undefined) return constant
  const [kind = ''] = Object.keys(tree)
  const node = child(tree, kind)
  const compute = (argument: unknown): Value => computedValue(argument, valueOf)
  switch (kind) {
    case 'ColumnRef': {
      const name = nameParts(node['fields']).at(-1)
      return name === undefined ? undefined : valueOf(name)
    }
    case 'A_Expr':
      return textIn(node, 'kind') === 'AEXPR_OP' ? ofOperator(node, compute) : undefined
    case 'CoalesceExpr':
      return items(node, 'args')
        .map(compute)
        .find((value) => value !== null)
    case 'FuncCall':
      return ofCall(node, compute)
    case 'NullTest': {
      const value = compute(node['arg'])
      return value === undefined ? undefined : String((value === null) === (node['nulltesttype'] === 'IS_NULL'))
    }
    case 'TypeCast':
      return ofCast(node, compute)
    default:
      return undefined
  }
}

const isWhole = (text: string): boolean => /^-?\d+$/.test(text)

const arithmetic: Readonly<Record<string, (a: bigint, b: bigint) => bigint | boolean | undefined>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '%': (a, b) => (b === 0n ? undefined : a % b),
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
  '=': (a, b) => a === b,
  '<>': (a, b) => a !== b,
}

function ofOperator(node: Tree, compute: (argument: unknown) => Value): Value {
  const [left, right] = [compute(node['lexpr']), compute(node['rexpr'])]
  if (node['lexpr'] === undefined || left === undefined || right === undefined) return undefined
  if (left === null || right === null) return null
  const name = nameParts(node['name']).at(-1) ?? ''
  if (isWhole(left) && isWhole(right)) return arithmetic[name]?.(BigInt(left), BigInt(right))?.toString()
  return name === '||' && isPlain(left) && isPlain(right) ? left + right : undefined
}

const isPlain = (text: string): boolean => /^[\x20-\x7e]*$/.test(text)

/** Functions of one argument, for ASCII. */
const functions: Readonly<Record<string, (text: string) => Value>> = {
  lower: (text) => text.toLowerCase(),
  upper: (text) => text.toUpperCase(),
  btrim: (text) => text.replaceAll(/^ +| +$/g, ''),
  abs: (text) => (isWhole(text) ? text.replace('-', '') : undefined),
}

function ofCall(node: Tree, compute: (argument: unknown) => Value): Value {
  const [argument, ...others] = items(node, 'args')
  const call = functions[nameParts(node['funcname']).at(-1) ?? '']
  if (call === undefined || argument === undefined || others.length > 0) return undefined
  const value = compute(argument)
  if (typeof value !== 'string') return value
  return isPlain(value) ? call(value) : undefined
}

const wholeTypes: ReadonlySet<string> = new Set(['int2', 'int4', 'int8'])

function ofCast(node: Tree, compute: (argument: unknown) => Value): Value {
  const value = compute(node['arg'])
  if (typeof value !== 'string') return value
  const type = nameParts(child(node, 'typeName')['names']).at(-1) ?? ''
  return type === 'text' || (wholeTypes.has(type) && isWhole(value)) ? value : undefined
}
