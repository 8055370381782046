export type Operator = '<' | '<=' | '>' | '>=' | '='

/** A requirement of a value that generated values can meet. */
export type Test =
  | {readonly kind: 'one of'; readonly values: readonly string[]}
  | {readonly kind: 'none of'; readonly values: readonly string[]}
  | {readonly kind: 'bound'; readonly operator: Operator; readonly value: string}
  | {readonly kind: 'length'; readonly operator: Operator; readonly value: number}
  | {readonly kind: 'not null'}
  /** The value must be above that of another column. */
  | {readonly kind: 'above'; readonly column: string}

/** A test of a column, named as the check names it. */
export interface ColumnTest {
  readonly column: string
  readonly test: Test
}

/** Returns the tests that make a check true; parts that are not comparisons with constants are left out. */
export function testsOf(check: string): readonly ColumnTest[] {
  return disjunction(tokensOf(check)) ?? []
}

interface Token {
  readonly kind: 'word' | 'name' | 'text' | 'number' | 'symbol'
  readonly text: string
}

const token =
  /(?<space>\s+)|(?<introducer>(?:_\w+|e)(?='))|(?<word>[\p{L}_$][\p{L}\p{N}_$]*)|'(?<text>(?:[^'\\]|''|\\.)*)'|(?<name>"(?:[^"]|"")*"|`(?:[^`]|``)*`)|(?<number>-?\d+(?:\.\d+)?)|(?<symbol><=|>=|<>|!=|==|::|[\s\S])/uy

function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = []
  token.lastIndex = 0
  for (let match = token.exec(text); match !== null; match = token.exec(text)) {
    const {space, introducer, word, text: string, name, number, symbol = ''} = match.groups ?? {}
    if (space !== undefined || introducer !== undefined) continue
    if (word !== undefined) tokens.push({kind: 'word', text: word})
    else if (string !== undefined)
      tokens.push({
        kind: 'text',
        text: string.replaceAll(/''|\\(?<character>.)/gs, (_, character = "'") => String(character)),
      })
    else if (name !== undefined) tokens.push({kind: 'name', text: unquoted(name)})
    else if (number !== undefined) tokens.push({kind: 'number', text: number})
    else tokens.push({kind: 'symbol', text: symbol})
  }
  return withoutCasts(tokens)
}

function unquoted(name: string): string {
  const mark = name.charAt(0)
  return name.slice(1, -1).replaceAll(mark + mark, mark)
}

const typeWords: ReadonlySet<string> = new Set(['varying', 'precision', 'without', 'with', 'time', 'zone'])

/** Removes PostgreSQL's casts: `'a'::character varying(10)[]`. */
function withoutCasts(tokens: readonly Token[]): readonly Token[] {
  const kept: Token[] = []
  for (let i = 0; i < tokens.length; i++) {
    const current = tokens[i] as Token
    if (!isSymbol(current, '::')) {
      kept.push(current)
      continue
    }
    i++
    while (isSymbol(tokens[i + 1], '.')) i += 2
    while (typeWords.has(tokens[i + 1]?.text ?? '')) i++
    if (isSymbol(tokens[i + 1], '(')) i = closing(tokens, i + 1)
    while (typeWords.has(tokens[i + 1]?.text ?? '')) i++
    while (isSymbol(tokens[i + 1], '[')) i = closing(tokens, i + 1)
  }
  return kept
}

const isSymbol = (candidate: Token | undefined, text: string): boolean =>
  candidate?.kind === 'symbol' && candidate.text === text

const isWord = (candidate: Token | undefined, ...words: readonly string[]): boolean =>
  candidate?.kind === 'word' && words.includes(candidate.text.toLowerCase())

/** Returns the index of the closing bracket. */
function closing(tokens: readonly Token[], open: number): number {
  let depth = 0
  for (let i = open; i < tokens.length; i++) {
    if (isSymbol(tokens[i], '(') || isSymbol(tokens[i], '[')) depth++
    if ((isSymbol(tokens[i], ')') || isSymbol(tokens[i], ']')) && --depth === 0) return i
  }
  return tokens.length
}

function split(tokens: readonly Token[], isSeparator: (token: Token) => boolean): readonly (readonly Token[])[] {
  const parts: Token[][] = [[]]
  let isBetween = false
  for (let i = 0; i < tokens.length; i++) {
    const current = tokens[i] as Token
    const isInside = isSymbol(current, '(') || isSymbol(current, '[')
    const end = isInside ? closing(tokens, i) : i
    const ends = isSeparator(current) && !(isBetween && isWord(current, 'and'))
    if (isWord(current, 'between')) isBetween = true
    else if (isWord(current, 'and')) isBetween = false
    if (ends) parts.push([])
    else parts.at(-1)?.push(...tokens.slice(i, end + 1))
    i = end
  }
  return parts
}

/** Removes parentheses around the whole expression. */
function bare(tokens: readonly Token[]): readonly Token[] {
  let inner = tokens
  while (isSymbol(inner[0], '(') && closing(inner, 0) === inner.length - 1) inner = inner.slice(1, -1)
  return inner
}

/** One true alternative is enough. */
function disjunction(tokens: readonly Token[]): readonly ColumnTest[] | undefined {
  const alternatives = split(bare(tokens), (item) => isWord(item, 'or'))
  for (const alternative of alternatives) {
    const tests = conjunction(alternative)
    if (tests !== undefined) return tests
  }
  return undefined
}

function conjunction(tokens: readonly Token[]): readonly ColumnTest[] | undefined {
  const parts = split(bare(tokens), (item) => isWord(item, 'and'))
  if (parts.length === 1) {
    const inner = bare(tokens)
    return split(inner, (item) => isWord(item, 'or')).length > 1 ? disjunction(inner) : comparison(inner)
  }
  const tests = parts.map(disjunction)
  return tests.every((found) => found === undefined) ? undefined : tests.flatMap((found) => found ?? [])
}

const operators: Readonly<Record<string, Operator | '<>'>> = {
  '<': '<',
  '<=': '<=',
  '>': '>',
  '>=': '>=',
  '=': '=',
  '==': '=',
  '<>': '<>',
  '!=': '<>',
}

const flipped: Readonly<Record<Operator | '<>', Operator | '<>'>> = {
  '<': '>',
  '<=': '>=',
  '>': '<',
  '>=': '<=',
  '=': '=',
  '<>': '<>',
}

function comparison(tokens: readonly Token[]): readonly ColumnTest[] | undefined {
  const at = topLevel(tokens, (item) => item.kind === 'symbol' && item.text in operators)
  if (at > 0) {
    const operator = operators[tokens[at]?.text ?? ''] ?? '='
    return compared(operandOf(tokens.slice(0, at)), operator, tokens.slice(at + 1))
  }
  const word = topLevel(tokens, (item) => isWord(item, 'between', 'in', 'is'))
  const isNegated = isWord(tokens[word - 1], 'not')
  const left = operandOf(tokens.slice(0, isNegated ? word - 1 : word))
  if (word < 1 || left === undefined || left.kind === 'constant') return undefined
  const right = tokens.slice(word + 1)
  if (isWord(tokens[word], 'is'))
    return isWord(right[0], 'not') && isWord(right[1], 'null') && left.kind === 'column'
      ? [{column: left.name, test: {kind: 'not null'}}]
      : undefined
  if (isWord(tokens[word], 'in')) return listed(left, right, isNegated)
  if (isNegated) return undefined
  const [low = [], high = []] = split(right, (item) => isWord(item, 'and'))
  const tests = [compared(left, '>=', low), compared(left, '<=', high)]
  return tests.flatMap((found) => found ?? [])
}

/** Returns the index of the first matching token outside brackets, or -1. */
function topLevel(tokens: readonly Token[], isFound: (token: Token) => boolean): number {
  for (let i = 0; i < tokens.length; i++) {
    const current = tokens[i] as Token
    if (isSymbol(current, '(') || isSymbol(current, '[')) i = closing(tokens, i)
    else if (isFound(current)) return i
  }
  return -1
}

type Operand =
  | {readonly kind: 'column' | 'length'; readonly name: string}
  | {readonly kind: 'constant'; readonly value: string}

const lengthFunctions = ['length', 'char_length', 'character_length', 'octet_length']

function operandOf(tokens: readonly Token[]): Operand | undefined {
  const inner = bare(tokens)
  const [first, second] = inner
  if (first === undefined) return undefined
  if (inner.length === 1) {
    if (first.kind === 'text' || first.kind === 'number' || isWord(first, 'true', 'false'))
      return {kind: 'constant', value: first.text}
    return first.kind === 'symbol' || isWord(first, 'null') ? undefined : {kind: 'column', name: first.text}
  }
  if (isSymbol(first, '-')) {
    const positive = operandOf(inner.slice(1))
    return positive?.kind === 'constant' ? {kind: 'constant', value: `-${positive.value}`} : undefined
  }
  if (isWord(first, ...lengthFunctions) && isSymbol(second, '(') && closing(inner, 1) === inner.length - 1) {
    const measured = operandOf(inner.slice(2, -1))
    return measured?.kind === 'column' ? {kind: 'length', name: measured.name} : undefined
  }
  return undefined
}

function compared(
  left: Operand | undefined,
  operator: Operator | '<>',
  tokens: readonly Token[],
): readonly ColumnTest[] | undefined {
  if (left === undefined) return undefined
  if (isWord(tokens[0], 'any', 'all'))
    return left.kind === 'constant' ? undefined : listed(left, tokens.slice(1), operator === '<>')
  const right = operandOf(tokens)
  if (right === undefined) return undefined
  if (left.kind === 'constant') return right.kind === 'constant' ? undefined : simple(right, flipped[operator], left)
  return simple(left, operator, right)
}

function simple(
  left: Exclude<Operand, {readonly kind: 'constant'}>,
  operator: Operator | '<>',
  right: Operand,
): readonly ColumnTest[] | undefined {
  if (right.kind !== 'constant') {
    if (left.kind === 'length' || right.kind === 'length' || operator === '=') return undefined
    const [above, below] = operator.startsWith('<') && operator !== '<>' ? [right, left] : [left, right]
    return [{column: above.name, test: {kind: 'above', column: below.name}}]
  }
  const {value} = right
  if (left.kind === 'length')
    return operator === '<>' || !/^\d+$/.test(value)
      ? undefined
      : [{column: left.name, test: {kind: 'length', operator, value: Number(value)}}]
  if (operator === '=' || operator === '<>')
    return [{column: left.name, test: {kind: operator === '=' ? 'one of' : 'none of', values: [value]}}]
  return [{column: left.name, test: {kind: 'bound', operator, value}}]
}

/** Reads `(1, 2)` and `(array[1, 2])`. */
function listed(
  left: Exclude<Operand, {readonly kind: 'constant'}>,
  tokens: readonly Token[],
  isNegated: boolean,
): readonly ColumnTest[] | undefined {
  let inner = bare(tokens)
  if (isWord(inner[0], 'array') && isSymbol(inner[1], '[')) inner = inner.slice(2, -1)
  const values = split(inner, (item) => isSymbol(item, ',')).map(operandOf)
  const constants = values.flatMap((value) => (value?.kind === 'constant' ? [value.value] : []))
  if (left.kind === 'length' || constants.length < values.length) return undefined
  return [{column: left.name, test: {kind: isNegated ? 'none of' : 'one of', values: constants}}]
}
