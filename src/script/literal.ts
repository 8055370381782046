import {endsValue, skipString, skipTemplate, skipToken, skipTrivia, wordAt} from './scanner.ts'

/** Returns the string literal at a position, if it needs no evaluation. */
export function readString(text: string, at: number): {readonly value: string; readonly end: number} | undefined {
  const quote = text[at]
  if (quote !== "'" && quote !== '"' && quote !== '`') return undefined
  const end = quote === '`' ? skipTemplate(text, at) : skipString(text, at)
  const inner = text.slice(at + 1, end - 1)
  if (end - at < 2 || text[end - 1] !== quote || (quote === '`' && inner.includes('${'))) return undefined
  const value = unescape(inner)
  return value === undefined ? undefined : {value, end}
}

/** Unescapes what a formatter escapes; returns undefined for any other escape. */
function unescape(inner: string): string | undefined {
  if (!inner.includes('\\')) return inner
  const plain = inner.replaceAll(/\\(['"`\\])/g, '$1')
  return /\\/.test(inner.replaceAll(/\\['"`\\]/g, '')) ? undefined : plain
}

/** Returns the array of string literals at a position. */
export function readArray(
  text: string,
  start: number,
): {readonly value: readonly string[]; readonly end: number} | undefined {
  const items: string[] = []
  let at = skipTrivia(text, start + 1)
  while (text[at] !== ']') {
    const item = readString(text, at)
    if (item === undefined) return undefined
    items.push(item.value)
    at = skipTrivia(text, item.end)
    if (text[at] === ',') at = skipTrivia(text, at + 1)
    else if (text[at] !== ']') return undefined
  }
  return {value: items, end: at + 1}
}

/** A value that was read without evaluating anything, and the position after it. */
interface Literal {
  readonly value: unknown
  readonly end: number
}

const words: Readonly<Record<string, unknown>> = {true: true, false: false, null: null, undefined}
const number = /[-+]?(?:\d[\d_]*)(?:\.\d+)?(?:e[-+]?\d+)?(?![\w$.])/iy

/** Returns the literal at a position: a string, number, boolean, null, undefined, array or object of literals. */
function readLiteral(text: string, at: number): Literal | undefined {
  if (text[at] === '{') return readObject(text, at)
  if (text[at] === '[') return readList(text, at)
  const word = wordAt(text, at)
  if (word !== undefined) return Object.hasOwn(words, word) ? {value: words[word], end: at + word.length} : undefined
  number.lastIndex = at
  const digits = number.exec(text)?.[0]
  if (digits !== undefined) return {value: Number(digits.replaceAll('_', '')), end: at + digits.length}
  return readString(text, at)
}

/**
 * Returns the object literal at a position.
 *
 * @param mayBeCode whether the value of a key may be something other than a literal; the key is then left out
 */
export function readObject(
  text: string,
  start: number,
  mayBeCode: (key: string) => boolean = () => false,
): {readonly value: Readonly<Record<string, unknown>>; readonly end: number} | undefined {
  const entries: (readonly [string, unknown])[] = []
  let at = skipTrivia(text, start + 1)
  while (text[at] !== '}') {
    const key = readKey(text, at)
    if (key === undefined) return undefined
    const colon = skipTrivia(text, key.end)
    const isPair = text[colon] === ':'
    // A shorthand or a method; `get` and `async` are followed by the name.
    if (!isPair && !/[,}(]/.test(text[colon] ?? '')) return undefined
    const from = isPair ? skipTrivia(text, colon + 1) : colon
    const literal = isPair ? readLiteral(text, from) : undefined
    const end = literal === undefined ? from : skipTrivia(text, literal.end)
    if (literal !== undefined && (text[end] === ',' || text[end] === '}')) {
      entries.push([key.value, literal.value])
      at = end
    } else if (mayBeCode(key.value)) at = skipExpression(text, from)
    else return undefined
    if (text[at] === ',') at = skipTrivia(text, at + 1)
    else if (text[at] !== '}') return undefined
  }
  return {value: Object.fromEntries(entries), end: at + 1}
}

/** A key that sets the prototype is none. */
function readKey(text: string, at: number): {readonly value: string; readonly end: number} | undefined {
  const word = wordAt(text, at)
  const key = word === undefined ? readString(text, at) : {value: word, end: at + word.length}
  return key?.value === '__proto__' || text[at] === '`' ? undefined : key
}

function readList(text: string, start: number): Literal | undefined {
  const items: unknown[] = []
  let at = skipTrivia(text, start + 1)
  while (text[at] !== ']') {
    const item = readLiteral(text, at)
    if (item === undefined) return undefined
    items.push(item.value)
    at = skipTrivia(text, item.end)
    if (text[at] === ',') at = skipTrivia(text, at + 1)
    else if (text[at] !== ']') return undefined
  }
  return {value: items, end: at + 1}
}

/** Returns the position of the comma or the bracket that ends an argument or the value of a key. */
export function skipExpression(text: string, start: number): number {
  let depth = 0
  let previous = ''
  for (let at = start; at < text.length;) {
    const char = text[at] ?? ''
    if (depth === 0 && ',)}]'.includes(char)) return at
    const next = skipToken(text, at, !endsValue.test(previous))
    previous = text.slice(at, next)
    if ('{(['.includes(previous)) depth++
    else if ('})]'.includes(previous)) depth--
    at = skipTrivia(text, next)
  }
  return text.length
}
