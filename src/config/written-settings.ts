import {readArray, readString} from '../script/literal.ts'
import {endsValue, skipToken, skipTrivia, wordAt} from '../script/scanner.ts'

const importsDefineConfig = /import\s*\{[^}]*\bdefineConfig\b[^}]*\}\s*from\s*['"](?:migdag|@mikro-orm\/[\w-]+)['"]/

/** The positions of the values in an object literal by their keys; null for a value that its text does not show. */
type Properties = ReadonlyMap<string, number | null>

/**
 * Returns some keys of the configuration that a module exports, read from its text without running it. The values of other
 * keys may be any code. Returns undefined if the text does not show the value of one of the keys.
 *
 * @param environment the environment whose values take precedence
 */
export function writtenSettings(
  text: string,
  keys: readonly string[],
  environment: string | undefined,
): Readonly<Record<string, unknown>> | undefined {
  const common = exportedObject(text)
  if (common === undefined) return undefined
  const overriding = environment === undefined ? new Map() : environmentIn(text, common, environment)
  if (overriding === undefined) return undefined
  const values: Record<string, unknown> = {}
  for (const key of keys) {
    const at = overriding.has(key) || overriding.has('*') ? valueAt(overriding, key) : valueAt(common, key)
    if (at === undefined) continue
    const read = at === null ? undefined : readLiteral(text, at)
    if (read === undefined || !/[,}]/.test(text[skipTrivia(text, read.end)] ?? '')) return undefined
    values[key] = read.value
  }
  return values
}

function valueAt(properties: Properties, key: string): number | null | undefined {
  return properties.has(key) ? properties.get(key) : properties.has('*') ? null : undefined
}

function environmentIn(text: string, common: Properties, name: string): Properties | undefined {
  const environments = valueAt(common, 'environments')
  if (environments === undefined) return new Map()
  const all = environments === null ? undefined : propertiesAt(text, environments)
  const at = all === undefined ? null : valueAt(all, name)
  if (at === undefined) return new Map()
  return at === null ? undefined : propertiesAt(text, at)
}

function exportedObject(text: string): Properties | undefined {
  const start = afterTokens(text, ['export', 'default'])
  return start === undefined ? undefined : objectAt(text, start)
}

/** Reads an object literal, as it is or as the argument of `defineConfig`, the result of an arrow function or a constant. */
function objectAt(text: string, start: number): Properties | undefined {
  const at = skipTrivia(text, start)
  if (text[at] === '{') return isWhole(text, at) ? propertiesAt(text, at) : undefined
  const word = wordAt(text, at)
  const next = skipTrivia(text, at + (word?.length ?? 0))
  if (word === 'defineConfig' && text[next] === '(' && importsDefineConfig.test(text)) return objectAt(text, next + 1)
  if (word === 'async') return objectAt(text, next)
  const behind = text[at] === '(' ? skipTrivia(text, skipBalanced(text, at)) : next
  if (text.startsWith('=>', behind)) {
    const body = skipTrivia(text, behind + 2)
    return text[body] === '(' ? objectAt(text, body + 1) : undefined
  }
  // A constant that is mentioned elsewhere, too, may be changed there.
  if (word === undefined || text.match(/[\w$]+/g)?.filter((name) => name === word).length !== 2) return undefined
  const declared = afterTokens(text, ['const', word])
  const value = declared === undefined ? -1 : text.indexOf('=', declared)
  return value === -1 ? undefined : objectAt(text, value + 1)
}

/** Whether the object at a position is not a part of a larger expression. */
function isWhole(text: string, at: number): boolean {
  const next = skipTrivia(text, skipBalanced(text, at))
  return next >= text.length || /[\w;),]/.test(text[next] ?? '')
}

/** Returns the position after a sequence of tokens at the top level of a text. */
function afterTokens(text: string, tokens: readonly string[]): number | undefined {
  let matched = 0
  for (let at = skipTrivia(text, 0); at < text.length; at = skipTrivia(text, at)) {
    const isOpening = /[([{]/.test(text[at] ?? '')
    const end = isOpening ? skipBalanced(text, at) : skipToken(text, at, true)
    const token = text.slice(at, end)
    matched = token === tokens[matched] ? matched + 1 : token === tokens[0] ? 1 : 0
    if (matched === tokens.length) return end
    at = end
  }
  return undefined
}

/** Returns the position after the bracket that closes the one at a position. */
function skipBalanced(text: string, start: number): number {
  let depth = 0
  let previous = ''
  for (let at = start; at < text.length; at = skipTrivia(text, at)) {
    const end = skipToken(text, at, !endsValue.test(previous))
    previous = text.slice(at, end)
    if (/^[([{]$/.test(previous)) depth++
    if (/^[)\]}]$/.test(previous)) depth--
    at = end
    if (depth === 0) return at
  }
  return text.length
}

function propertiesAt(text: string, start: number): Properties | undefined {
  const properties = new Map<string, number | null>()
  if (text[start] !== '{') return undefined
  let at = skipTrivia(text, start + 1)
  while (text[at] !== '}') {
    if (text.startsWith('...', at) || text[at] === '[') {
      // It may set any key, and what came before no longer counts.
      properties.clear()
      properties.set('*', null)
    } else {
      const key = readString(text, at) ?? wordFrom(text, at)
      if (key === undefined) return undefined
      const next = skipTrivia(text, key.end)
      const [isValue, isShorthand, isMethod] = [text[next] === ':', /[,}]/.test(text[next] ?? ''), text[next] === '(']
      // An accessor or an async method: its name comes next.
      const name = isValue || isShorthand || isMethod ? key.value : (wordFrom(text, next)?.value ?? '*')
      properties.set(name, isValue ? skipTrivia(text, next + 1) : null)
    }
    at = endOfProperty(text, at)
    if (text[at] === ',') at = skipTrivia(text, at + 1)
    else if (text[at] !== '}') return undefined
  }
  return properties
}

/** Returns the position of the comma or brace after a property. */
function endOfProperty(text: string, start: number): number {
  let at = start
  let previous = ''
  while (at < text.length && text[at] !== ',' && text[at] !== '}') {
    const isOpening = /[([{]/.test(text[at] ?? '')
    const end = isOpening ? skipBalanced(text, at) : skipToken(text, at, !endsValue.test(previous))
    previous = isOpening ? ')' : text.slice(at, end)
    at = skipTrivia(text, end)
  }
  return at
}

function wordFrom(text: string, at: number): {readonly value: string; readonly end: number} | undefined {
  const value = wordAt(text, at)
  return value === undefined ? undefined : {value, end: at + value.length}
}

const constants: Readonly<Record<string, unknown>> = {true: true, false: false, undefined}

/** Reads a string, a list of strings, a truth value, or an object of these. */
function readLiteral(text: string, at: number): {readonly value: unknown; readonly end: number} | undefined {
  if (text[at] === '[') return readArray(text, at)
  if (text[at] !== '{') {
    const word = wordFrom(text, at)
    if (word === undefined) return readString(text, at)
    return Object.hasOwn(constants, word.value) ? {value: constants[word.value], end: word.end} : undefined
  }
  const properties = propertiesAt(text, at)
  if (properties === undefined) return undefined
  const value: Record<string, unknown> = {}
  for (const [key, place] of properties) {
    const read = place === null ? undefined : readLiteral(text, place)
    if (read === undefined || !/[,}]/.test(text[skipTrivia(text, read.end)] ?? '')) return undefined
    value[key] = read.value
  }
  return {value, end: skipBalanced(text, at)}
}
