import {skipString, skipTemplate, skipTrivia} from './scanner.ts'

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
