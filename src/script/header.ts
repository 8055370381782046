import {parseDuration} from '../util/duration.ts'
import {InvalidRevisionFileError} from './errors.ts'
import {readArray, readString} from './literal.ts'
import {endsValue, lineAt, skipToken, skipTrivia, wordAt} from './scanner.ts'

/** Declarations of a revision file, read without running it. */
export interface Header {
  /** Text of the comment at the top, parsed by `readDocComment`. */
  readonly comment: string
  readonly revision: string
  readonly downRevisions: readonly string[]
  readonly branchLabels: readonly string[]
  readonly dependsOn: readonly string[]
  /** The revisions that it replaces, as a squash of them. */
  readonly replaces: readonly string[]
  /** Earlier squashes of revisions that it replaces. */
  readonly replacedSquashes: readonly string[]
  /** False when the revision must not run in a transaction. */
  readonly transactional: boolean
  /** Whether the revision is the schema of a database that existed before the history. */
  readonly baseline: boolean
  /** Why the revision cannot be downgraded. */
  readonly irreversible?: string
  /** Lock timeout of the statements, in milliseconds. */
  readonly lockTimeout?: number
}

interface Declaration {
  readonly name: Name
  readonly value: Literal
  readonly valueStart: number
  readonly valueEnd: number
  /** The end of the whole declaration. */
  readonly end: number
}

type Literal = string | readonly string[] | boolean | null
type Name = keyof typeof wanted

const wanted = {
  revision: 'a string',
  downRevision: 'a string, an array of strings or null',
  branchLabels: 'a string, an array of strings or null',
  dependsOn: 'a string, an array of strings or null',
  replaces: 'a string, an array of strings or null',
  replacedSquashes: 'a string, an array of strings or null',
  transactional: 'true or false',
  baseline: 'true or false',
  irreversible: 'a string',
  lockTimeout: "a string such as '30s'",
} as const

const declaration =
  /export\s+(?:const|let|var)\s+(?:revision|downRevision|branchLabels|dependsOn|replaces|replacedSquashes|transactional|baseline|irreversible|lockTimeout)\b/y

/**
 * Reads the header of a TypeScript or JavaScript revision without running it; returns undefined if there is none.
 *
 * Scans whole tokens up to the last declaration, so text in comments and strings is never mistaken for code. Accepts
 * anything a formatter may change (quotes, semicolons, line breaks, trailing commas, type annotations, `as const`), but
 * no expressions.
 *
 * @param file for messages
 * @throws MigError INVALID_REVISION_FILE
 */
export function readHeader(text: string, file: string): Header | undefined {
  const found = new Map<Name, Literal>()
  for (const {name, value, start} of declarationsIn(text, file)) {
    if (found.has(name)) throw invalid(text, start, file, `${name} is declared twice`)
    found.set(name, value)
  }
  return found.size === 0 ? undefined : headerOf(found, text, file)
}

/** Returns where the value of `downRevision` stands in a revision that has a header. */
export function placeOfDownRevision(text: string, file: string): {readonly start: number; readonly end: number} {
  for (const {name, valueStart, valueEnd} of declarationsIn(text, file))
    if (name === 'downRevision') return {start: valueStart, end: valueEnd}
  throw invalid(text, 0, file, missing('downRevision', "'…' (or null for a base)"))
}

/** Yields the declarations of a header in order. */
function* declarationsIn(text: string, file: string): Generator<Declaration & {readonly start: number}> {
  const end = lastDeclaration(text)
  let depth = 0
  let previous = ''
  for (let at = skipTrivia(text, 0); at < end; at = skipTrivia(text, at)) {
    const next = skipToken(text, at, !endsValue.test(previous))
    previous = text.slice(at, next)
    if (depth === 0 && previous === 'export') {
      const declared = readDeclaration(text, next, file)
      if (declared !== undefined) {
        yield {...declared, start: at}
        previous = ''
      }
      at = declared?.end ?? next
    } else {
      if ('{(['.includes(previous)) depth++
      else if ('})]'.includes(previous)) depth--
      at = next
    }
  }
}

/** `indexOf` is ten times faster here than a regex. */
function lastDeclaration(text: string): number {
  for (let at = text.lastIndexOf('export'); at !== -1; at = at === 0 ? -1 : text.lastIndexOf('export', at - 1)) {
    declaration.lastIndex = at
    if (declaration.test(text)) return declaration.lastIndex
  }
  return 0
}

function headerOf(found: ReadonlyMap<Name, Literal>, text: string, file: string): Header {
  const revision = found.get('revision')
  if (typeof revision !== 'string') throw invalid(text, 0, file, missing('revision', "'…'"))
  if (!found.has('downRevision')) throw invalid(text, 0, file, missing('downRevision', "'…' (or null for a base)"))
  const irreversible = found.get('irreversible')
  const lockTimeout = found.get('lockTimeout')
  return {
    comment: commentOf(text),
    revision,
    downRevisions: listOf(found.get('downRevision')),
    branchLabels: listOf(found.get('branchLabels')),
    dependsOn: listOf(found.get('dependsOn')),
    replaces: listOf(found.get('replaces')),
    replacedSquashes: listOf(found.get('replacedSquashes')),
    transactional: found.get('transactional') !== false,
    baseline: found.get('baseline') === true,
    ...(typeof irreversible === 'string' && {irreversible}),
    ...(typeof lockTimeout === 'string' && {lockTimeout: parseDuration(lockTimeout) ?? 0}),
  }
}

const missing = (name: Name, value: string): string => `\`export const ${name} = ${value}\` is missing`

function listOf(value: Literal | undefined): readonly string[] {
  if (value === null || value === undefined || typeof value === 'boolean') return []
  return typeof value === 'string' ? [value] : value
}

function commentOf(text: string): string {
  const {start, end} = placeOfComment(text)
  return text.slice(start, end)
}

/** Returns where the text of the first block comment of a file stands, if only comments precede it; otherwise, an empty place. */
export function placeOfComment(text: string): {readonly start: number; readonly end: number} {
  const start = text.indexOf('/**')
  if (start === -1 || skipTrivia(text, 0) < start) return {start: 0, end: 0}
  const end = text.indexOf('*/', start)
  return {start: start + 3, end}
}

/** Parses `const name: Type = literal` after `export`; returns undefined for other names. */
function readDeclaration(text: string, start: number, file: string): Declaration | undefined {
  const atKeyword = skipTrivia(text, start)
  const keyword = wordAt(text, atKeyword)
  if (keyword !== 'const' && keyword !== 'let' && keyword !== 'var') return undefined
  const atName = skipTrivia(text, atKeyword + keyword.length)
  const name = wordAt(text, atName)
  if (name === undefined || !isName(name)) return undefined
  if (keyword !== 'const') throw invalid(text, atKeyword, file, `${name} must be declared with const`)
  const assigned = skipType(text, skipTrivia(text, atName + name.length))
  if (text[assigned] !== '=') throw invalid(text, atName, file, `${name} has no value`)
  const atValue = skipTrivia(text, assigned + 1)
  const literal = readLiteral(text, atValue)
  const end = literal && endOfDeclaration(text, literal.end)
  if (literal === undefined || end === undefined || !isWanted(name, literal.value)) {
    const line = text
      .slice(atValue, atValue + 60)
      .split('\n')[0]
      ?.trim()
    throw invalid(text, atValue, file, `${name} must be ${wanted[name]}, written as a literal, not \`${line}\``)
  }
  return {name, value: literal.value, valueStart: atValue, valueEnd: literal.end, end}
}

function isName(name: string): name is Name {
  return Object.hasOwn(wanted, name)
}

function isWanted(name: Name, value: Literal): boolean {
  if (name === 'transactional' || name === 'baseline') return typeof value === 'boolean'
  if (name === 'lockTimeout') return typeof value === 'string' && parseDuration(value) !== undefined
  if (name === 'revision' || name === 'irreversible') return typeof value === 'string'
  return typeof value !== 'boolean'
}

/** Skips a type annotation, up to the `=` after it. */
function skipType(text: string, start: number): number {
  if (text[start] !== ':') return start
  let depth = 0
  for (let at = start; at < text.length; at = skipToken(text, at, false)) {
    const char = text[at] ?? ''
    if ('{([<'.includes(char)) depth++
    else if ('})]>'.includes(char)) depth--
    else if (char === '=' && text[at + 1] === '>') at++
    else if (char === '=' && depth === 0) return at
    else if (char === ';' && depth === 0) return at
  }
  return text.length
}

function readLiteral(text: string, at: number): {readonly value: Literal; readonly end: number} | undefined {
  const word = wordAt(text, at)
  if (word === 'null' || word === 'undefined') return {value: null, end: at + word.length}
  if (word === 'true' || word === 'false') return {value: word === 'true', end: at + word.length}
  return text[at] === '[' ? readArray(text, at) : readString(text, at)
}

/** Returns the end of a declaration, including `as const`; undefined if the value continues as an expression. */
function endOfDeclaration(text: string, start: number): number | undefined {
  let at = skipTrivia(text, start)
  for (let word = wordAt(text, at); word === 'as' || word === 'satisfies'; word = wordAt(text, at))
    at = skipTrivia(text, skipTypeName(text, at + word.length))
  if (text[at] === ';') return at + 1
  if (at >= text.length) return at
  const nextLine = text.slice(start, at).includes('\n') ? wordAt(text, at) : undefined
  return nextLine === undefined || nextLine === 'in' || nextLine === 'instanceof' ? undefined : at
}

/** Skips the type after `as` or `satisfies`, which ends at a line end outside of brackets. */
function skipTypeName(text: string, start: number): number {
  let depth = 0
  let at = start
  for (; at < text.length; at = text[at] === ' ' ? at + 1 : skipToken(text, at, false)) {
    const char = text[at] ?? ''
    if (depth === 0 && (/[;\r\n]/.test(char) || text.startsWith('//', at))) return at
    if ('{([<'.includes(char)) depth++
    else if ('})]>'.includes(char)) depth--
  }
  return at
}

function invalid(text: string, at: number, file: string, reason: string): InvalidRevisionFileError {
  return new InvalidRevisionFileError(file, lineAt(text, at), reason)
}
