/**
 * Skips the opaque parts of a TypeScript text: comments, strings, templates, regular expressions.
 *
 * Every function takes a position and returns the same or a later one; an unterminated part ends with the text.
 */

const whiteSpace = /[\s\uFEFF]/y
const word = /[\p{ID_Start}$_][\p{ID_Continue}$\u200C\u200D]*/uy
const regularExpression = /\/(?![*/])(?:[^\\/[\r\n]|\\.|\[(?:[^\]\\\r\n]|\\.)*\])+\/[a-z]*/y

/** A slash after a value is a division; after anything else it starts a regular expression. */
export const endsValue =
  /(?<!^(?:return|typeof|case|in|of|delete|void|throw|new|do|else|await|yield))(?<=[\p{ID_Continue}$)\]'"`])$/u

/** Returns the position after white space and comments. */
export function skipTrivia(text: string, start: number): number {
  let at = start
  for (;;) {
    const before = at
    const char = text.charCodeAt(at)
    if (char === 32 || char === 10 || char === 13 || char === 9) at++
    else if (char === 47 && text[at + 1] === '/') at = after(text.indexOf('\n', at), 1, text)
    else if (char === 47 && text[at + 1] === '*') at = after(text.indexOf('*/', at + 2), 2, text)
    else if (char > 127 && matchAt(whiteSpace, text, at) !== undefined) at++
    if (at === before || at >= text.length) return at
  }
}

/** Returns the identifier or keyword at a position, or undefined. */
export function wordAt(text: string, start: number): string | undefined {
  // Nearly all words are ASCII; the regex for the rest is several times slower.
  let at = start
  while (isAsciiWord(text.charCodeAt(at))) at++
  if (text.charCodeAt(at) > 127) return matchAt(word, text, start)
  return at === start || isDigit(text.charCodeAt(start)) ? undefined : text.slice(start, at)
}

/** Returns the position after the string at a position; a line break ends it. */
export function skipString(text: string, start: number): number {
  const quote = text[start]
  for (let at = start + 1; at < text.length; at++) {
    const char = text[at]
    if (char === '\\') at++
    else if (char === quote || char === '\n') return at + 1
  }
  return text.length
}

/** Returns the position after the template at a position, including nested ones. */
export function skipTemplate(text: string, start: number): number {
  // One entry per open template: the number of open braces inside its `${…}`, or null outside of it.
  const open: (number | null)[] = [null]
  for (let at = start + 1; at < text.length;) {
    const braces = open.at(-1)
    const char = text[at]
    if (braces === null) {
      if (char === '`') open.pop()
      else if (char === '$' && text[at + 1] === '{') open[open.length - 1] = 0
      at += char === '\\' || (char === '$' && text[at + 1] === '{') ? 2 : 1
      if (open.length === 0) return at
    } else if (char === '`') {
      open.push(null)
      at++
    } else if (char === '}' && braces === 0) {
      open[open.length - 1] = null
      at++
    } else {
      if (char === '{') open[open.length - 1] = (braces ?? 0) + 1
      if (char === '}') open[open.length - 1] = (braces ?? 0) - 1
      at = char === '{' || char === '}' ? at + 1 : skipToken(text, at, true)
    }
  }
  return text.length
}

/**
 * Returns the position after one token, which is not white space.
 *
 * @param maybeRegularExpression whether a slash here starts a regular expression rather than a division
 */
export function skipToken(text: string, start: number, maybeRegularExpression: boolean): number {
  const at = skipTrivia(text, start)
  if (at > start) return at
  const char = text[at]
  if (char === '"' || char === "'") return skipString(text, at)
  if (char === '`') return skipTemplate(text, at)
  if (char === '/' && maybeRegularExpression) return skipRegularExpression(text, at)
  return at + (wordAt(text, at)?.length ?? 1)
}

/** The last slash after which no regular expression ends on its line, so that a line with many is not searched again. */
let unended = {text: '', from: 0, to: 0}

/** Returns the position after the regular expression at a slash, or after the slash if there is none. */
function skipRegularExpression(text: string, at: number): number {
  if (at > unended.from && at < unended.to && text === unended.text) return at + 1
  const length = matchAt(regularExpression, text, at)?.length
  if (length === undefined) unended = {text, from: at, to: after(text.indexOf('\n', at), 0, text)}
  return at + (length ?? 1)
}

/** Returns the 1-based line of a position. */
export function lineAt(text: string, at: number): number {
  let line = 1
  for (let i = text.indexOf('\n'); i !== -1 && i < at; i = text.indexOf('\n', i + 1)) line++
  return line
}

function isDigit(char: number): boolean {
  return char >= 48 && char <= 57
}

function isAsciiWord(char: number): boolean {
  return (char >= 97 && char <= 122) || (char >= 65 && char <= 90) || isDigit(char) || char === 95 || char === 36
}

function matchAt(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at
  return pattern.exec(text)?.[0]
}

function after(found: number, length: number, text: string): number {
  return found === -1 ? text.length : found + length
}
