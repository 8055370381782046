const plain = /^(?:[-+]?[\d.]+|[a-z]*'(?:[^']|'')*'|\(.*\)|null|true|false|current_\w+(?:\(\d*\))?|now\(\d*\))$/is

/** Adds parentheses to a default expression where the database requires them. */
export function defaultInParentheses(sql: string): string {
  return plain.test(sql) ? sql : `(${sql})`
}
