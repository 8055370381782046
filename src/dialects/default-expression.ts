const plain = /^(?:[-+]?[\d.]+|[a-z]*'(?:[^']|'')*'|\(.*\)|null|true|false|current_\w+(?:\(\d*\))?|now\(\d*\))$/is

/** Writes a default for databases that only accept a literal or a few words without parentheses. */
export function defaultInParentheses(sql: string): string {
  return plain.test(sql) ? sql : `(${sql})`
}
