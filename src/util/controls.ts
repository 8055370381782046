// Control characters, and those that reorder or hide text: https://trojansource.codes
const unsafe =
  // oxlint-disable-next-line no-control-regex
  /[\u{0}-\u{8}\u{B}-\u{1F}\u{7F}-\u{9F}\u{61C}\u{200B}\u{200E}\u{200F}\u{2028}-\u{202E}\u{2060}-\u{2069}\u{FEFF}]/gu

/** Returns a text with its control characters written out, such as `\x1b`. Tabs and line ends stay. */
export function escapeControls(text: string): string {
  return text.replaceAll('\r\n', '\n').replaceAll(unsafe, escaped)
}

function escaped(character: string): string {
  const code = character.codePointAt(0) ?? 0
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`
}
