import type {Token} from './tokens.ts'

/** A statement that cannot be translated; the message says what it is, as a noun phrase. */
export class Untranslated extends Error {}

/** Reads the tokens of a statement one after the other. */
export class Cursor {
  readonly #tokens: readonly Token[]
  #at = 0

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#tokens.length
  }

  /** The tokens that were not read yet. */
  get rest(): readonly Token[] {
    return this.#tokens.slice(this.#at)
  }

  peek(offset = 0): Token | undefined {
    return this.#tokens[this.#at + offset]
  }

  /** Whether the next tokens are these words or symbols. */
  sees(...texts: readonly string[]): boolean {
    return texts.every((text, i) => {
      const token = this.peek(i)
      return token !== undefined && (token.kind === 'word' || token.kind === 'symbol') && token.text === text
    })
  }

  /** Reads these words or symbols if they are the next ones. */
  take(...texts: readonly string[]): boolean {
    if (!this.sees(...texts)) return false
    this.#at += texts.length
    return true
  }

  /** Reads any of these words, as often as they come. */
  skip(...words: readonly string[]): void {
    while (words.some((word) => this.take(word)));
  }

  /** @throws Untranslated if other tokens follow */
  expect(...texts: readonly string[]): void {
    if (!this.take(...texts)) throw new Untranslated(`SQL that is not understood near ${this.#here()}`)
  }

  next(): Token {
    const token = this.#tokens[this.#at++]
    if (token === undefined) throw new Untranslated('SQL that ends too early')
    return token
  }

  /** Reads a name, with quotes or without. */
  name(): string {
    const token = this.next()
    // A text in quotes may be a name on SQLite.
    if (token.kind !== 'word' && token.kind !== 'name' && token.kind !== 'string')
      throw new Untranslated(`SQL that is not understood near ${token.text}`)
    return token.text.toLowerCase()
  }

  /** Reads a name that a database may precede, which is left out. */
  qualifiedName(): string {
    const first = this.name()
    return this.take('.') ? this.name() : first
  }

  /** Reads a list in parentheses, and returns the tokens of each item. */
  list(): readonly (readonly Token[])[] {
    return splitAt(this.group(), ',')
  }

  /** Reads parentheses, and returns the tokens within. */
  group(): readonly Token[] {
    this.expect('(')
    const start = this.#at
    for (let depth = 1; depth > 0;) {
      const token = this.next()
      if (token.kind !== 'symbol') continue
      if (token.text === '(') depth++
      else if (token.text === ')') depth--
    }
    return this.#tokens.slice(start, this.#at - 1)
  }

  /** Reads an operand: a literal, a name, a call, or parentheses. */
  operand(): readonly Token[] {
    const start = this.#at
    if (!this.take('-')) this.take('+')
    if (this.sees('(')) this.group()
    else {
      this.next()
      if (this.sees('(')) this.group()
    }
    return this.#tokens.slice(start, this.#at)
  }

  /** @throws Untranslated if there are tokens left */
  end(): void {
    if (!this.isAtEnd) throw new Untranslated(`SQL that is not understood near ${this.#here()}`)
  }

  #here(): string {
    return this.peek()?.text ?? 'its end'
  }
}

/** Splits tokens at a symbol that is not within parentheses. */
export function splitAt(tokens: readonly Token[], symbol: string): readonly (readonly Token[])[] {
  const parts: Token[][] = [[]]
  let depth = 0
  for (const token of tokens) {
    if (token.kind === 'symbol') {
      if (token.text === '(') depth++
      else if (token.text === ')') depth--
    }
    if (depth === 0 && token.kind === 'symbol' && token.text === symbol) parts.push([])
    else parts.at(-1)?.push(token)
  }
  return parts
}
