import {lexer} from 'marked'
import type {Token} from 'marked'

/** Control and invisible characters. */
export const unsafe =
  /[[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u{AD}\u{200B}\u{202A}-\u{202E}\u{2060}-\u{206F}\u{FEFF}\u{3164}]--[\n\t]]/v

/** The kinds of Markdown that cannot do anything. */
export const passive: ReadonlySet<string> = new Set([
  ...['codespan', 'code', 'heading', 'list', 'list_item', 'paragraph', 'space', 'strong', 'table', 'text'],
])

/** Characters and words in which code hosts see mentions, references, links or HTML. */
export const activeText = /[@#<>&[\]`*_~|$]|www\.|:\/\//i

/** Returns the tokens of a Markdown document, also those within others. */
export function tokensIn(document: string): readonly Token[] {
  const inner = (token: Token): readonly Token[] => {
    const cells = token.type === 'table' ? [token.header, ...token.rows].flat() : []
    const below = [
      ...('tokens' in token ? (token.tokens ?? []) : []),
      ...(token.type === 'list' ? token.items : []),
      ...cells.flatMap(({tokens}) => tokens),
    ] as Token[]
    return [token, ...below.flatMap(inner)]
  }
  return lexer(document).flatMap(inner)
}
