import {readString} from './literal.ts'
import {skipTrivia, wordAt} from './scanner.ts'

/** The values of names that an expression may use: the parameters of the functions around it. */
type Scope = ReadonlyMap<string, unknown>

/** An expression that can be evaluated without running the code of the file. */
interface Expression {
  readonly evaluate: (scope: Scope) => unknown
  readonly end: number
}

const constants: Readonly<Record<string, unknown>> = {true: true, false: false, null: null, undefined}
const number = /-?(?:0x[\da-f_]+|\d[\d_]*(?:\.\d[\d_]*)?(?:e[+-]?\d+)?)(?<big>n)?/iy
const arrow = /(?:\(\s*(?<name>[\w$]+)?\s*(?::[^)=]*)?,?\s*\)|(?<bare>[\w$]+))\s*=>/y
const escapes: Readonly<Record<string, string>> = {n: '\n', t: '\t', r: '\r', '0': '\0', b: '\b', f: '\f', v: '\v'}
const assertion = /\s*(?:as|satisfies)\s+const\b/y

/**
 * Returns the value of an expression at a position without running it: literals, concatenated texts, and functions whose
 * body only calls methods of their parameter. Returns undefined for anything else.
 */
export function readValueAt(text: string, at: number): {readonly value: unknown; readonly end: number} | undefined {
  try {
    const read = readExpression(text, at)
    return read && {value: read.evaluate(new Map()), end: read.end}
  } catch (error) {
    if (error instanceof NotStatic) return undefined
    throw error
  }
}

/** An expression that needs code to be run. */
class NotStatic extends Error {}

function readExpression(text: string, start: number): Expression | undefined {
  let read = readOperand(text, start)
  while (read !== undefined) {
    const at = skipTrivia(text, read.end)
    if (text[at] !== '+' || text[at + 1] === '+' || text[at + 1] === '=') break
    const other = readOperand(text, skipTrivia(text, at + 1))
    if (other === undefined) return undefined
    const left: Expression = read
    read = {evaluate: (scope) => joined(left.evaluate(scope), other.evaluate(scope)), end: other.end}
  }
  if (read === undefined) return undefined
  assertion.lastIndex = read.end
  return {...read, end: read.end + (assertion.exec(text)?.[0].length ?? 0)}
}

function joined(left: unknown, right: unknown): string {
  if (typeof left !== 'string' || typeof right !== 'string') throw new NotStatic()
  return left + right
}

function readOperand(text: string, start: number): Expression | undefined {
  const at = skipTrivia(text, start)
  const char = text[at] ?? ''
  const found = readFunction(text, at) ?? readLiteral(text, at, char)
  return found === undefined ? undefined : readMethods(text, found)
}

function readLiteral(text: string, at: number, char: string): Expression | undefined {
  if (char === '"' || char === "'" || char === '`') return readText(text, at)
  if (char === '[') return readList(text, at)
  if (char === '{') return readObject(text, at)
  if (char === '(') {
    const inner = readExpression(text, at + 1)
    const end = inner === undefined ? at : skipTrivia(text, inner.end)
    return inner !== undefined && text[end] === ')' ? {...inner, end: end + 1} : undefined
  }
  const word = wordAt(text, at)
  if (word !== undefined) {
    const end = at + word.length
    if (Object.hasOwn(constants, word)) return {evaluate: () => constants[word], end}
    return {evaluate: (scope) => named(word, scope), end}
  }
  number.lastIndex = at
  const digits = number.exec(text)
  if (digits === null) return undefined
  const written = digits[0].replaceAll('_', '')
  const value = digits.groups?.['big'] === undefined ? Number(written) : BigInt(written.slice(0, -1))
  return {evaluate: () => value, end: at + digits[0].length}
}

function named(word: string, scope: Scope): unknown {
  if (!scope.has(word)) throw new NotStatic()
  return scope.get(word)
}

function readText(text: string, at: number): Expression | undefined {
  const plain = readString(text, at)
  if (plain !== undefined) return {evaluate: () => plain.value, end: plain.end}
  // With escapes that a formatter does not write.
  const quote = text[at]
  let value = ''
  for (let i = at + 1; i < text.length; i++) {
    const char = text[i] ?? ''
    if (char === quote) return {evaluate: () => value, end: i + 1}
    if (quote === '`' && char === '$' && text[i + 1] === '{') return undefined
    if (char === '\n' && quote !== '`') return undefined
    if (char !== '\\') {
      value += char
      continue
    }
    i++
    const escaped = text[i] ?? ''
    if (/[xu\r\d]/.test(escaped) && escaped !== '0') return undefined
    value += escaped === '\n' ? '' : (escapes[escaped] ?? escaped)
  }
  return undefined
}

function readList(text: string, start: number): Expression | undefined {
  const list = readItems(text, start, ']')
  return list && {evaluate: (scope) => list.items.map((item) => item.evaluate(scope)), end: list.end}
}

/** Reads expressions up to a closing bracket. */
function readItems(
  text: string,
  start: number,
  close: string,
): {readonly items: readonly Expression[]; readonly end: number} | undefined {
  const items: Expression[] = []
  let at = skipTrivia(text, start + 1)
  while (text[at] !== close) {
    const item = readExpression(text, at)
    if (item === undefined) return undefined
    items.push(item)
    at = skipTrivia(text, item.end)
    if (text[at] === ',') at = skipTrivia(text, at + 1)
    else if (text[at] !== close) return undefined
  }
  return {items, end: at + 1}
}

function readObject(text: string, start: number): Expression | undefined {
  const entries: (readonly [string, Expression])[] = []
  let at = skipTrivia(text, start + 1)
  while (text[at] !== '}') {
    const quoted = readString(text, at)
    const word = quoted === undefined ? wordAt(text, at) : undefined
    const key = quoted?.value ?? word
    if (key === undefined) return undefined
    const colon = skipTrivia(text, quoted?.end ?? at + key.length)
    if (text[colon] !== ':') return undefined
    const value = readExpression(text, skipTrivia(text, colon + 1))
    if (value === undefined) return undefined
    entries.push([key, value])
    at = skipTrivia(text, value.end)
    if (text[at] === ',') at = skipTrivia(text, at + 1)
    else if (text[at] !== '}') return undefined
  }
  const evaluate = (scope: Scope): unknown =>
    Object.fromEntries(entries.map(([key, value]) => [key, value.evaluate(scope)] as const))
  return {evaluate, end: at + 1}
}

/** Reads an arrow function with at most one parameter. */
function readFunction(text: string, start: number): Expression | undefined {
  arrow.lastIndex = start
  const found = arrow.exec(text)
  if (found === null) return undefined
  const name = found.groups?.['name'] ?? found.groups?.['bare'] ?? ''
  const at = skipTrivia(text, start + found[0].length)
  const body = text[at] === '{' ? readBlock(text, at) : readExpression(text, at)
  if (body === undefined) return undefined
  const evaluate =
    (scope: Scope): unknown =>
    (argument: unknown) =>
      body.evaluate(new Map([...scope, [name, argument]]))
  return {evaluate, end: body.end}
}

/** Reads a block of expression statements. */
function readBlock(text: string, start: number): Expression | undefined {
  const statements: Expression[] = []
  let at = skipTrivia(text, start + 1)
  while (text[at] !== '}') {
    const isReturned = wordAt(text, at) === 'return'
    const statement = readExpression(text, isReturned ? at + 'return'.length : at)
    if (statement === undefined) return undefined
    statements.push(statement)
    at = skipTrivia(text, statement.end)
    while (text[at] === ';') at = skipTrivia(text, at + 1)
    if (at >= text.length) return undefined
  }
  const evaluate = (scope: Scope): unknown => statements.map((statement) => statement.evaluate(scope)).at(-1)
  return {evaluate, end: at + 1}
}

function readMethods(text: string, start: Expression): Expression | undefined {
  let read = start
  for (;;) {
    const at = skipTrivia(text, read.end)
    if (text[at] !== '.') return read
    const atName = skipTrivia(text, at + 1)
    const name = wordAt(text, atName)
    const open = name === undefined ? atName : skipTrivia(text, atName + name.length)
    const list = name === undefined || text[open] !== '(' ? undefined : readItems(text, open, ')')
    if (name === undefined || list === undefined) return undefined
    const target = read
    const evaluate = (scope: Scope): unknown =>
      call(target.evaluate(scope), name, () => list.items.map((item) => item.evaluate(scope)))
    read = {evaluate, end: list.end}
  }
}

/** Calls a method that mig itself defines: of a column builder, or of the parameter of a batch. */
function call(target: unknown, name: string, argumentsOf: () => readonly unknown[]): unknown {
  if (typeof target !== 'object' || target === null || Array.isArray(target)) throw new NotStatic()
  const prototype = Object.getPrototypeOf(target) as object | null
  const owner = Object.hasOwn(target, name) ? target : prototype
  const isOwn = owner !== null && owner !== Object.prototype && Object.hasOwn(owner, name) && name !== 'constructor'
  const method = isOwn ? (target as Readonly<Record<string, unknown>>)[name] : undefined
  if (typeof method !== 'function') throw new NotStatic()
  return Reflect.apply(method, target, argumentsOf()) as unknown
}
