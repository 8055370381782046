/** Returns the name of the table that takes the place of another one during a rebuild. */
export function copyName(table: string): string {
  return `${table}__mig`
}

/** Returns an error message with the name of the table instead of that of its copy: `t__mig.n` is `t.n`. */
export function withoutCopyNames(message: string): string {
  return message.replaceAll(/(constraint failed: .*)/g, (part) => part.replaceAll(/__mig(?=\.)/g, ''))
}
