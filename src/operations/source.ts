/** TypeScript source that is laid out once its width is known: a text, or items between two brackets. */
export type Source = string | {readonly open: string; readonly items: readonly Source[]; readonly close: string}

const width = 120

/** Returns a source with a prefix. */
export function prefixed(prefix: string, source: Source): Source {
  return typeof source === 'string' ? prefix + source : {...source, open: prefix + source.open}
}

/** Renders an object; a key that is not an identifier is quoted. */
export function objectSource(entries: readonly (readonly [key: string, value: Source])[]): Source {
  return {open: '{', items: entries.map(([key, value]) => prefixed(`${keySource(key)}: `, value)), close: '}'}
}

/** Renders a data value. */
export function valueSource(value: unknown): Source {
  if (typeof value === 'string') return textSource(value)
  if (typeof value === 'bigint') return `${value}n`
  if (value instanceof Date) return `new Date('${value.toISOString()}')`
  if (value instanceof Uint8Array) return `Buffer.from('${Buffer.from(value).toString('hex')}', 'hex')`
  if (Array.isArray(value)) return {open: '[', items: value.map(valueSource), close: ']'}
  if (typeof value === 'object' && value !== null)
    return objectSource(Object.entries(value).map(([key, item]) => [key, valueSource(item)]))
  return String(value)
}

/** Renders a string in quotes, or in backticks if it has several lines or both kinds of quotes. */
export function textSource(text: string): string {
  const hasBothQuotes = text.includes("'") && text.includes('"')
  if ((text.includes('\n') || hasBothQuotes) && !text.includes('\r'))
    return `\`${text.replaceAll(/[\\`]|\$(?=\{)/g, (char) => `\\${char}`)}\``
  const quoted = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"')
  return text.includes("'") && !hasBothQuotes ? `"${quoted}"` : `'${quoted.replaceAll("'", "\\'")}'`
}

/**
 * Lays a source out: on one line if it fits, otherwise one item per line.
 *
 * @param taken the columns already used on its first line
 */
export function layOut(source: Source, indent = 0, taken = 0): string {
  const line = flatSource(source)
  if (typeof source === 'string' || source.items.length === 0 || fits(line, indent + taken)) return line
  const {open, items, close} = source
  const last = items.at(-1)
  // A call whose only multi-line argument is the last keeps the others on its first line, as in Prettier.
  if (open.endsWith('(') && last !== undefined && typeof last !== 'string') {
    const first = items.slice(0, -1).map((item) => `${flatSource(item)}, `)
    const head = open + first.join('')
    const isSimple = items.slice(0, -1).every((item) => typeof item === 'string')
    if (isSimple && fits(head + last.open, indent + taken))
      return head + layOut(last, indent, taken + head.length + close.length) + close
  }
  const pad = ' '.repeat(indent + 2)
  return `${open}\n${items.map((item) => `${pad}${layOut(item, indent + 2, 1)},\n`).join('')}${' '.repeat(indent)}${close}`
}

const fits = (line: string, indent: number): boolean => indent + line.length <= width && !line.includes('\n')

/** Renders a source on one line. */
export function flatSource(source: Source): string {
  return typeof source === 'string' ? source : source.open + source.items.map(flatSource).join(', ') + source.close
}

function keySource(key: string): string {
  // As a plain key, `__proto__` would set the prototype.
  if (key === '__proto__') return "['__proto__']"
  return /^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(key) ? key : textSource(key)
}
