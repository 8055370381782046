/** PostgreSQL's limit, one less than MySQL's. */
const longest = 63

/** A quoted part, which may contain dots and doubled quotes, as in SQL: `"a.b"`, `"a""b"`. */
const quotedPart = '"(?:[^"]|"")+"'
const twoParts = new RegExp(`^(?<schema>${quotedPart}|[^".][^.]*)\\.(?<name>${quotedPart}|[^"].*)$`, 's')
const quoted = new RegExp(`^${quotedPart}$`, 's')

/** Splits a qualified name, `app.users`, into schema and name. A part that contains a dot is quoted: `app."a.b"`. */
export function splitName(text: string): {readonly schema: string | undefined; readonly name: string} {
  if (quoted.test(text)) return {schema: undefined, name: unquoted(text)}
  const {schema, name} = twoParts.exec(text)?.groups ?? {}
  if (schema === undefined || name === undefined) return {schema: undefined, name: text}
  return {schema: unquoted(schema), name: unquoted(name)}
}

/** Joins a schema and a name; the opposite of `splitName`. */
export function joinName(schema: string | undefined, name: string): string {
  return schema === undefined ? partOf(name) : `${partOf(schema)}.${partOf(name)}`
}

/** Returns a name qualified with the schema of another: an index is in the schema of its table. */
export function nextTo(sibling: string, name: string): string {
  return joinName(splitName(sibling).schema, name)
}

function unquoted(part: string): string {
  return quoted.test(part) ? part.slice(1, -1).replaceAll('""', '"') : part
}

function partOf(name: string): string {
  return name.includes('.') || name.startsWith('"') ? `"${name.replaceAll('"', '""')}"` : name
}

/**
 * Returns the default name of a constraint or index, following MikroORM's naming strategy.
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

/** Returns a five-digit hash of a text: 64-bit FNV-1a, as in MikroORM's names. */
function hashOf(text: string): string {
  let hash = 0xcbf29ce484222325n
  for (let i = 0; i < text.length; i++) hash = ((hash ^ BigInt(text.charCodeAt(i))) * 0x100000001b3n) & (2n ** 64n - 1n)
  return hash.toString(16).padStart(16, '0').slice(0, 5)
}
