import {readValueAt} from './expression.ts'
import {readArray, readString} from './literal.ts'
import {endsValue, skipToken, skipTrivia, wordAt} from './scanner.ts'

/** A literal value. Of objects, only string properties are read: SQL per dialect. */
export type WrittenValue = string | readonly string[] | {readonly texts: readonly string[]}

/** A call of a method of `op` in the source text. */
export interface OpCall {
  readonly method: string
  /** In order; undefined for an argument that is not a literal. */
  readonly args: readonly (WrittenValue | undefined)[]
  /** Each argument as a value, if it is static; see `readValueAt`. */
  readonly values: () => readonly ({readonly value: unknown} | undefined)[]
}

/** Effects of a revision function, read from its source text. */
export interface WrittenFunction {
  readonly calls: readonly OpCall[]
  /** Tables and types named within the calls: after `references:` and in `.type(…)`. */
  readonly tables: readonly string[]
  readonly types: readonly string[]
  /** Whether parts are unknown: `op` is passed on, or a name is not a literal. */
  readonly isPartial: boolean
  /** Whether the function only calls methods of `op`: it refers to nothing else and awaits nothing. */
  readonly isDeclarative: boolean
  /** Whether its calls depend on nothing but the database: it refers to `op` and its own names only, but may await. */
  readonly isClosed: boolean
}

const unread: WrittenFunction = {
  calls: [],
  tables: [],
  types: [],
  isPartial: true,
  isDeclarative: false,
  isClosed: false,
}
const declarations = {
  upgrade: /(?<=^|\n)export\s+(?:async\s+)?(?:function\s+upgrade\b|const\s+upgrade\s*=\s*)/,
  downgrade: /(?<=^|\n)export\s+(?:async\s+)?(?:function\s+downgrade\b|const\s+downgrade\s*=\s*)/,
}
const head =
  /^\s*(?:async\b\s*)?(?:function\b\s*\w*\s*)?(?:\((?:\s*(?<op>[\w$]+)\s*(?::[^,)]*)?,?\s*)?\)|(?<bare>[\w$]+)\s*=>)/
const returned = /^\s*:\s*(?:void|Promise<\s*void\s*>)/
/** Keywords without an effect of their own. */
const harmless = new Set(['true', 'false', 'null', 'undefined', 'if', 'else', 'return', 'async'])
/** Keywords of a function that declares names and awaits its calls of `op`. */
const closed = new Set([...harmless, 'const', 'let', 'for', 'of', 'await'])
/** Words by which code can come by `op`, or run any other code, without naming it. */
const opaque = new Set(['arguments', 'constructor', 'eval', 'Function', 'global', 'globalThis', 'Reflect'])
/** Properties of `op` that depend on the command, not on the database. */
const varying = new Set(['x', 'offline'])

/**
 * Returns the calls of `op` in a function of a TypeScript or JavaScript revision without running it, including calls in
 * conditions and loops. Returns undefined if the file has no such function.
 */
export function readOpCalls(text: string, direction: keyof typeof declarations): WrittenFunction | undefined {
  const begin = declarations[direction].exec(text)
  if (begin === null) return text.includes(direction) ? unread : undefined
  return readFunction(text, begin.index + begin[0].length)
}

/** Returns the calls of `op` in the source text of a function, without running it. */
export function readFunction(text: string, start = 0): WrittenFunction {
  const taken = head.exec(text.slice(start))
  if (taken === null) return unread
  const op = taken.groups?.['op'] ?? taken.groups?.['bare']
  const from = start + taken[0].length
  const type = returned.exec(text.slice(from, from + 100))?.[0] ?? ''
  return callsIn(text, from + type.length, op)
}

/**
 * Returns whether the body of an exported function is empty, without even a comment; undefined if the text does not declare
 * it in one of the usual forms.
 */
export function hasEmptyBody(text: string, name: string): boolean | undefined {
  const declaration = new RegExp(
    String.raw`(?<=^|\n)export\s+(?:async\s+)?(?:function\s+${name}(?=\s*\()|const\s+${name}\s*=\s*)`,
    'u',
  ).exec(text)
  if (declaration === null) return undefined
  const rest = text.slice(declaration.index + declaration[0].length)
  const parameters = head.exec(rest)?.[0]
  if (parameters === undefined) return undefined
  const after = rest.slice(parameters.length)
  const body = after.slice(returned.exec(after)?.[0].length ?? 0).replace(/^\s*(?:=>\s*)?/, '')
  return body.startsWith('{') ? /^\{\s*\}/.test(body) : undefined
}

function callsIn(text: string, start: number, op: string | undefined): WrittenFunction {
  const calls: OpCall[] = []
  const tables: string[] = []
  const types: string[] = []
  let isPartial = false
  let depth = 0
  let previous = ''
  const words = new Set<string>()
  const parameters = new Set<string>()
  const inTemplates = new Set<string>()
  const declared = new Set<string>()
  let isVarying = false
  const named = (into: string[], at: number): void => {
    const name = text[at] === '[' ? undefined : readString(text, at)
    if (name === undefined) isPartial = true
    else into.push(name.value)
  }
  for (let at = skipTrivia(text, start); at < text.length;) {
    const next = skipToken(text, at, !endsValue.test(previous))
    const token = text.slice(at, next)
    const after = skipTrivia(text, next)
    if (depth === 0 && (token === 'export' || token === 'function')) break
    const word = wordAt(text, at)
    // That of a function makes code of a text.
    isVarying ||= /\bconstructor\b/.test(token)
    isPartial ||= word !== undefined && opaque.has(word)
    if ('{(['.includes(token)) depth++
    else if ('})]'.includes(token)) depth--
    else if (token[0] === '`' && token.includes('${')) {
      const used = namesInTemplate(token)
      for (const name of used ?? ['${']) inTemplates.add(name)
      isPartial ||= op !== undefined && (used?.includes(op) ?? token.includes(op))
    } else if (token === 'references' && text[after] === ':') named(tables, skipTrivia(text, after + 1))
    else if (token === 'type' && previous === '.' && text[after] === '(') named(types, skipTrivia(text, after + 1))
    else if (token === op && previous !== '.' && text[after] !== ':') {
      const call = readMember(text, after)
      if (call === undefined) isPartial = true
      else if ('property' in call) isVarying ||= varying.has(call.property)
      else calls.push(call)
    } else if (word !== undefined && previous !== '.' && text[after] !== ':') {
      if (/^\)?\s*=>/.test(text.slice(after, after + 9))) parameters.add(word)
      else words.add(word)
      if (word === 'const' || word === 'let') for (const name of declaredNames(text, after)) declared.add(name)
    }
    previous = token
    at = after
  }
  const isDeclarative = !isPartial && inTemplates.size === 0 && words.isSubsetOf(harmless.union(parameters))
  const known = closed.union(parameters).union(declared)
  const isClosed = !isPartial && !isVarying && words.union(inTemplates).isSubsetOf(known)
  return {calls, tables, types, isPartial, isDeclarative, isClosed}
}

/** Returns the names that a template refers to; undefined if its expressions contain braces or templates. */
function namesInTemplate(template: string): readonly string[] | undefined {
  const expressions = [...template.matchAll(/\$\{([^{}`]*)\}/g)].map(([, expression = '']) => expression)
  if (expressions.length !== template.split('${').length - 1) return undefined
  return expressions.flatMap(
    (expression) => expression.match(/(?<![\p{ID_Continue}$.])[\p{ID_Start}$_][\p{ID_Continue}$]*/gu) ?? [],
  )
}

/** Returns the names that a declaration begins with: one, or those of a flat pattern. */
function declaredNames(text: string, at: number): readonly string[] {
  const pattern = /^[[{][\p{ID_Continue}$\s,]*[\]}]/u.exec(text.slice(at, at + 200))?.[0] ?? wordAt(text, at) ?? ''
  return pattern.match(/[\p{ID_Continue}$]+/gu) ?? []
}

/** Parses `.method(…)` after `op`; returns undefined if `op` is used in another way. */
function readMember(text: string, at: number): OpCall | {readonly property: string} | undefined {
  if (text[at] !== '.') return undefined
  const atName = skipTrivia(text, at + 1)
  const method = wordAt(text, atName)
  if (method === undefined) return undefined
  const open = skipTypeArguments(text, skipTrivia(text, atName + method.length))
  if (text[open] !== '(') return {property: method}
  return {method, args: readArguments(text, open), values: () => readStaticArguments(text, open)}
}

function readStaticArguments(text: string, open: number): readonly ({readonly value: unknown} | undefined)[] {
  const values: ({readonly value: unknown} | undefined)[] = []
  let at = skipTrivia(text, open + 1)
  while (at < text.length && text[at] !== ')') {
    const read = readValueAt(text, at)
    const end = read === undefined ? at : skipTrivia(text, read.end)
    const isWhole = read !== undefined && (text[end] === ',' || text[end] === ')')
    values.push(isWhole ? {value: read.value} : undefined)
    at = isWhole ? end : skipExpression(text, at)
    if (text[at] === ',') at = skipTrivia(text, at + 1)
  }
  return values
}

function skipTypeArguments(text: string, start: number): number {
  if (text[start] !== '<') return start
  let depth = 0
  for (let at = start; at < text.length; at = skipTrivia(text, skipToken(text, at, false))) {
    if (text[at] === '<') depth++
    else if (text[at] === '>' && --depth === 0) return skipTrivia(text, at + 1)
  }
  return text.length
}

function readArguments(text: string, open: number): readonly (WrittenValue | undefined)[] {
  const args: (WrittenValue | undefined)[] = []
  let at = skipTrivia(text, open + 1)
  while (at < text.length && text[at] !== ')') {
    const value = readValue(text, at)
    const end = value === undefined ? at : skipTrivia(text, value.end)
    const isWhole = value !== undefined && (text[end] === ',' || text[end] === ')')
    args.push(isWhole ? value.value : undefined)
    at = isWhole ? end : skipExpression(text, at)
    if (text[at] === ',') at = skipTrivia(text, at + 1)
  }
  return args
}

function readValue(text: string, at: number): {readonly value: WrittenValue; readonly end: number} | undefined {
  if (text[at] === '[') return readArray(text, at)
  return text[at] === '{' ? readTexts(text, at) : readString(text, at)
}

/** Parses an object that has only string values. */
function readTexts(text: string, start: number): {readonly value: WrittenValue; readonly end: number} | undefined {
  const texts: string[] = []
  let at = skipTrivia(text, start + 1)
  while (text[at] !== '}') {
    const key = wordAt(text, at)
    const colon = key === undefined ? at : skipTrivia(text, at + key.length)
    const value = text[colon] === ':' ? readString(text, skipTrivia(text, colon + 1)) : undefined
    if (value === undefined) return undefined
    texts.push(value.value)
    at = skipTrivia(text, value.end)
    if (text[at] === ',') at = skipTrivia(text, at + 1)
    else if (text[at] !== '}') return undefined
  }
  return {value: {texts}, end: at + 1}
}

/** Returns the position of the comma or the parenthesis that ends an argument. */
function skipExpression(text: string, start: number): number {
  let depth = 0
  let previous = ''
  for (let at = start; at < text.length;) {
    const char = text[at] ?? ''
    if (depth === 0 && (char === ',' || char === ')')) return at
    const next = skipToken(text, at, !endsValue.test(previous))
    previous = text.slice(at, next)
    if ('{(['.includes(previous)) depth++
    else if ('})]'.includes(previous)) depth--
    at = skipTrivia(text, next)
  }
  return text.length
}
