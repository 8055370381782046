import {isDeepStrictEqual} from 'node:util'
import {without} from '../util/objects.ts'
import {visitStatements} from '../dialects/split/postgres.ts'

type Node = Readonly<Record<string, unknown>>

/**
 * Returns whether two statements have the same meaning to PostgreSQL, judged by their parse trees; false if unparsable.
 */
export async function isSameStatement(statement: string, other: string): Promise<boolean> {
  const [left, right] = await Promise.all([treeOf(statement), treeOf(other)])
  return left !== undefined && right !== undefined && isDeepStrictEqual(left, right)
}

/** Returns whether two expressions have the same meaning to PostgreSQL. */
export async function isSameExpression(expression: string, other: string): Promise<boolean> {
  return isSameStatement(`select (${expression})`, `select (${other})`)
}

async function treeOf(sql: string): Promise<unknown> {
  const statements: unknown[] = []
  const isParsed = await visitStatements(sql, (statement) => void statements.push(statement))
  return isParsed && statements.length === 1 ? plain(statements[0]) : undefined
}

/** Keys that do not affect the meaning of a statement: positions and defaults. */
const ignored: ReadonlySet<string> = new Set([
  'location',
  'rexpr_list_start',
  'rexpr_list_end',
  'list_start',
  'list_end',
])

/**
 * Normalises a tree to the form in which PostgreSQL stores expressions: without casts, with `in` and `between`
 * expanded.
 */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain)
  if (!isNode(value)) return value
  const [kind = ''] = Object.keys(value)
  const inner = value[kind]
  if (Object.keys(value).length === 1 && isNode(inner)) {
    const rewritten = rewrites[kind]?.(inner)
    if (rewritten !== undefined) return rewritten
  }
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !ignored.has(key))
      .map(([key, child]) => [key, plain(child)]),
  )
}

const rewrites: Readonly<Record<string, (node: Node) => unknown>> = {
  TypeCast: ({arg}) => numberIn(arg) ?? plain(arg),
  ColumnRef: ({fields}) => ({ColumnRef: Array.isArray(fields) ? plain(fields.at(-1)) : fields}),
  FuncCall: ({funcname, ...rest}) => ({
    FuncCall: {
      ...(plain(rest) as object),
      funcname: Array.isArray(funcname) ? plain(funcname.at(-1)) : funcname,
    },
  }),
  // B-tree is the default method, and `if not exists` does not change the definition.
  IndexStmt: ({accessMethod, relation, ...rest}) => ({
    IndexStmt: {
      ...(plain(without(rest, 'concurrent', 'if_not_exists')) as object),
      table: isNode(relation) ? relation['relname'] : undefined,
      method: accessMethod === 'btree' ? undefined : accessMethod,
    },
  }),
  IndexElem: ({ordering, ...rest}) => ({
    IndexElem: {...(plain(rest) as object), ordering: ordering === 'SORTBY_ASC' ? 'SORTBY_DEFAULT' : ordering},
  }),
  RangeVar: ({relname}) => ({RangeVar: relname}),
  BoolExpr: ({boolop, args}) => (boolop === 'NOT_EXPR' ? undefined : bool(boolop, listOf(args).map(plain))),
  A_Expr: ({kind, name, lexpr, rexpr}) => {
    const [operator = ''] = listOf(name).map((part) =>
      isNode(part) && isNode(part['String']) ? part['String']['sval'] : '',
    )
    const left = plain(lexpr)
    const pair = itemsOf(rexpr).map(plain)
    switch (kind) {
      case 'AEXPR_BETWEEN':
        return bool('AND_EXPR', [operation('>=', left, pair[0]), operation('<=', left, pair[1])])
      case 'AEXPR_NOT_BETWEEN':
        return bool('OR_EXPR', [operation('<', left, pair[0]), operation('>', left, pair[1])])
      case 'AEXPR_IN':
        // A single value is compared directly.
        if (pair.length === 1) return operation(String(operator), left, pair[0])
        return operation(operator === '=' ? '= any' : '<> all', left, pair)
      case 'AEXPR_OP_ANY':
      case 'AEXPR_OP_ALL':
        return operation(
          `${String(operator)} ${kind === 'AEXPR_OP_ANY' ? 'any' : 'all'}`,
          left,
          elementsOf(plain(rexpr)),
        )
      case 'AEXPR_LIKE':
      case 'AEXPR_ILIKE':
        return operation(String(operator), left, plain(rexpr))
      case 'AEXPR_OP': {
        const number = lexpr === undefined && operator === '-' ? numberIn(rexpr) : undefined
        return number === undefined ? operation(String(operator), left, plain(rexpr)) : {number: -number.number}
      }
      default:
        return undefined
    }
  },
  A_Const: (node) => numberIn({A_Const: node}),
}

function operation(operator: string, left: unknown, right: unknown): unknown {
  return {operator, left, right}
}

/** Flattens nested conditions of the same kind. */
function bool(boolop: unknown, args: readonly unknown[]): unknown {
  const flat = args.flatMap((arg) => (isNode(arg) && arg['boolop'] === boolop ? listOf(arg['args']) : [arg]))
  return {boolop, args: flat}
}

function numberIn(node: unknown): {readonly number: number} | undefined {
  const constant = isNode(node) && isNode(node['A_Const']) ? node['A_Const'] : {}
  const {ival, fval, sval} = constant as {readonly ival?: unknown; readonly fval?: unknown; readonly sval?: unknown}
  // The parser omits the value for zero.
  if (isNode(ival)) return {number: Number(ival['ival'] ?? 0)}
  const text = isNode(fval) ? fval['fval'] : isNode(sval) ? sval['sval'] : undefined
  return typeof text === 'string' && /^-?\d+(?:\.\d+)?$/.test(text) ? {number: Number(text)} : undefined
}

function itemsOf(node: unknown): readonly unknown[] {
  if (Array.isArray(node)) return node
  return isNode(node) && isNode(node['List']) ? listOf(node['List']['items']) : []
}

function elementsOf(node: unknown): unknown {
  return isNode(node) && isNode(node['A_ArrayExpr']) ? listOf(node['A_ArrayExpr']['elements']) : node
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? (value as readonly unknown[]) : [])
const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && !Array.isArray(value)
