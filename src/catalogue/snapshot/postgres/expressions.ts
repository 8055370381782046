import type {CatalogueObject} from '../snapshot.ts'

const start = '(ARRAY['

/** Returns an object with its definition as the server has it once it has read the definition again. */
export function readAgain(object: CatalogueObject): CatalogueObject {
  // The body of a routine is the text of its author.
  if (object.kind === 'routine') return object
  const entries = Object.entries(object.definition)
  const definition = entries.map(([property, value]) => [property, value === null ? null : withCastElements(value)])
  return {...object, definition: Object.fromEntries(definition) as CatalogueObject['definition']}
}

/**
 * Returns a text of the server as it is once the server has read it again: a cast of an array is then one of each element,
 * as in `(ARRAY['a'::character varying])::text[]`, which it writes for `name in ('a')`.
 */
function withCastElements(sql: string): string {
  let result = ''
  let at = 0
  for (let found = sql.indexOf(start); found !== -1; found = sql.indexOf(start, at)) {
    const elements = elementsFrom(sql, found + start.length)
    const cast = elements && /^\]\)::(?<type>[\w ."]+(?:\([\d,]+\))?)\[\]/.exec(sql.slice(elements.end))
    const isCast = elements !== undefined && cast?.groups !== undefined && cast !== null
    const end = isCast ? elements.end + cast[0].length : found + start.length
    const text = isCast
      ? `ARRAY[${elements.texts.map((element) => `(${withCastElements(element)})::${cast.groups?.['type']}`).join(', ')}]`
      : start
    result += sql.slice(at, found) + text
    at = end
  }
  return result + sql.slice(at)
}

interface Elements {
  readonly texts: readonly string[]
  /** The index of the bracket that ends them. */
  readonly end: number
}

/** Returns the elements of an array from their first character; undefined if the text ends before them. */
function elementsFrom(sql: string, first: number): Elements | undefined {
  const texts: string[] = []
  const tokens = /'(?:[^']|'')*'|"(?:[^"]|"")*"|[[\](),]/g
  let depth = 0
  let from = first
  tokens.lastIndex = first
  for (let token = tokens.exec(sql); token !== null; token = tokens.exec(sql)) {
    const [sign] = token
    if (sign === '[' || sign === '(') depth++
    else if (sign === ',' && depth === 0) {
      texts.push(sql.slice(from, token.index).trim())
      from = token.index + 1
    } else if (sign === ']' || sign === ')') {
      if (depth === 0) return {texts: [...texts, sql.slice(from, token.index).trim()], end: token.index}
      depth--
    }
  }
  return undefined
}
