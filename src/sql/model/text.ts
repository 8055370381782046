/** Properties of a syntax tree that say where something is written, not what. */
const positions: ReadonlySet<string> = new Set(['location', 'stmt_location', 'stmt_len'])

/** Returns a syntax tree as text, which is equal for equal SQL however it is laid out. */
export function textOfTree(tree: unknown): string {
  return JSON.stringify(tree, (key, value: unknown) => (positions.has(key) ? undefined : value)) ?? ''
}
