import {skipString, skipTemplate, skipTrivia} from './scanner.ts'

/** Returns the string that begins here, written without anything that would have to be evaluated. */
export function readString(text: string, at: number): {readonly value: string; readonly end: number} | undefined {
  const quote = text[at]
  if (quote !== "'" && quote !== '"' && quote !== '`') return undefined
  const end = quote === '`' ? skipTemplate(text, at) : skipString(text, at)
  const inner = text.slice(at + 1, end - 1)
  if (end - at < 2 || text[end - 1] !== quote || (quote === '`' && inner.includes('${'))) return undefined
  const value = unescape(inner)
  return value === undefined ? undefined : {value, end}
}

/** Undoes the escapes that a formatter writes; a value with any other escape is not read. */
function unescape(inner: string): string | undefined {
  if (!inner.includes('\\')) return inner
  const plain = inner.replaceAll(/\\(['"`\\])/g, '$1')
  return /\\/.test(inner.replaceAll(/\\['"`\\]/g, '')) ? undefined : plain
}

/** Returns the array of such strings that begins here. */
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
