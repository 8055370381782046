/** A node of PostgreSQL's parse tree, as the JSON that libpg-query returns. */
export type Tree = Readonly<Record<string, unknown>>

/** Returns a child node, or an empty node. */
export function child(tree: Tree, key: string): Tree {
  const value = tree[key]
  return isTree(value) ? value : {}
}

/** Returns the nodes of a list, each unwrapped from its type name: `{ColumnDef: {…}}` as `{…}`. */
export function items(tree: Tree, key: string): readonly Tree[] {
  const value = tree[key]
  return Array.isArray(value) ? value.filter(isTree) : []
}

export function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Returns a string property of a node, or an empty string. */
export function textIn(tree: Tree, key: string): string {
  const value = tree[key]
  return typeof value === 'string' ? value : ''
}

/** Returns the name of a relation, qualified if its schema is written. */
export function relationName(range: Tree): string {
  const schema = textIn(range, 'schemaname')
  return schema === '' ? textIn(range, 'relname') : `${schema}.${textIn(range, 'relname')}`
}

/** Returns the parts of a name given as a list of strings, a node with such a list, or a single string. */
export function nameParts(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(nameParts)
  if (!isTree(value)) return []
  if (typeof value['sval'] === 'string') return [value['sval']]
  for (const key of ['String', 'List', 'items', 'TypeName', 'names', 'ObjectWithArgs', 'objname'])
    if (value[key] !== undefined) return nameParts(value[key])
  return []
}

/** Returns the nodes of a type in a tree. */
export function nodesIn(value: unknown, type: string): readonly Tree[] {
  const found: Tree[] = []
  walk(value, (one, node) => {
    if (one === type) found.push(node)
  })
  return found
}

/** Visits a node and all its descendants, parents first. */
export function walk(value: unknown, visit: (type: string, node: Tree) => void): void {
  const open: unknown[] = [value]
  while (open.length > 0) {
    const next = open.pop()
    // A list may have too many items for the arguments of one call.
    if (Array.isArray(next)) {
      for (const item of next.toReversed()) open.push(item)
    } else if (isTree(next))
      for (const [type, node] of Object.entries(next).toReversed()) {
        if (isTree(node)) visit(type, node)
        open.push(node)
      }
  }
}
