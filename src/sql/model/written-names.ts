import {child, isTree, nameParts} from '../effects/tree.ts'
import type {Tree} from '../effects/tree.ts'

/** Returns a string constant, cast or not. */
export function constantIn(tree: unknown): string | undefined {
  if (!isTree(tree)) return undefined
  if (isTree(tree['TypeCast'])) return constantIn(tree['TypeCast']['arg'])
  const value = child(child(tree, 'A_Const'), 'sval')['sval']
  return typeof value === 'string' ? value : undefined
}

/** Splits a name as PostgreSQL reads it in a string: unquoted parts are in lower case. */
export function splitRegclass(text: string): readonly string[] {
  const parts = text.match(/"(?:[^"]|"")+"|[^".]+/g) ?? [text]
  return parts.map((part) => (part.startsWith('"') ? part.slice(1, -1).replaceAll('""', '"') : part.toLowerCase()))
}

/** The name of an output column for which PostgreSQL has none. */
export const unnamed = '?column?'

/** Returns the name of an output column without an alias. */
export function outputName(value: Tree): string {
  const [kind = ''] = Object.keys(value)
  const node = child(value, kind)
  if (kind === 'ColumnRef') return nameParts(node['fields']).at(-1) ?? unnamed
  if (kind === 'FuncCall') return nameParts(node['funcname']).at(-1) ?? unnamed
  if (kind === 'TypeCast') {
    const inner = outputName(child(node, 'arg'))
    return inner === unnamed ? (nameParts(child(node, 'typeName')['names']).at(-1) ?? inner) : inner
  }
  if (kind === 'CoalesceExpr') return 'coalesce'
  return kind === 'CaseExpr' ? 'case' : unnamed
}
