/** Returns an expression without its outermost parentheses. */
export function unwrapped(expression: string): string {
  const text = expression.trim()
  return text.startsWith('(') && closes(text) === text.length - 1 ? unwrapped(text.slice(1, -1)) : text
}

/** Returns the position where the leading parenthesis is closed, respecting quotes. */
function closes(text: string): number {
  let depth = 0
  let quote = ''
  for (let i = 0; i < text.length; i++) {
    const char = text.charAt(i)
    if (quote !== '') {
      if (char === quote) quote = ''
    } else if (char === "'" || char === '"' || char === '`') quote = char
    else if (char === '(') depth++
    else if (char === ')' && --depth === 0) return i
  }
  return -1
}
