/** Returns a text on one line, without characters that a log could act on. */
export function plainText(text) {
  return text.replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim()
}
