/** PostgreSQL's limit, and one below that of MySQL. */
const longest = 63

/** Divides a name with its schema, `app.users`, into the two. */
export function splitName(name: string): {readonly schema: string | undefined; readonly name: string} {
  const dot = name.indexOf('.')
  return dot === -1 ? {schema: undefined, name} : {schema: name.slice(0, dot), name: name.slice(dot + 1)}
}

/** Returns a name in the same schema as another: that of an index, next to its table. */
export function nextTo(sibling: string, name: string): string {
  const {schema} = splitName(sibling)
  return schema === undefined ? name : `${schema}.${name}`
}

/**
 * Returns the name of a constraint or index that was given none, as MikroORM's own naming strategy does.
 *
 * @see AbstractNamingStrategy.indexName and Platform.getIndexName of `@mikro-orm/core`
 */
export function conventionalName(
  table: string,
  columns: readonly string[],
  type: 'index' | 'unique' | 'foreign' | 'check' | 'exclude',
): string {
  const parts = [splitName(table).name, ...columns.map((column) => column.replaceAll('.', '_')), type]
  const name = parts.join('_')
  if (name.length <= longest) return name
  return `${name.slice(0, longest - 8 - type.length)}_${hashOf(name)}_${type}`
}

/** Returns five digits that stand for a text: the 64-bit FNV-1a hash, as in MikroORM's names. */
function hashOf(text: string): string {
  let hash = 0xcbf29ce484222325n
  for (let i = 0; i < text.length; i++) hash = ((hash ^ BigInt(text.charCodeAt(i))) * 0x100000001b3n) & (2n ** 64n - 1n)
  return hash.toString(16).padStart(16, '0').slice(0, 5)
}
