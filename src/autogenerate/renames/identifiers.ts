const tokens = /'(?:[^']|'')*'|"(?:[^"]|"")*"|`[^`]*`|[\p{L}_][\p{L}\p{N}_$]*(?!\s*\()/gu

/** Returns an expression written by a database with a column renamed. */
export function renameInExpression(expression: string, from: string, to: string): string {
  return expression.replaceAll(tokens, (token) => {
    const quote = token.charAt(0)
    if (quote === "'") return token
    if (quote === '"' || quote === '`') return token.slice(1, -1) === from ? quote + to + quote : token
    return token === from ? to : token
  })
}
