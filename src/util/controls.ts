/** Arabic and the scripts of India, which need joiners within words. */
const joined = String.raw`\u0600-\u06FF\u0750-\u077F\u0900-\u0DFF`

/**
 * Characters that control a terminal, reorder text or cannot be seen (https://trojansource.codes). Emoji keep their joiners
 * and variation selectors, and words of some scripts their joiners.
 */
const unsafe = (): RegExp =>
  new RegExp(
    [
      String.raw`[[\p{Cc}\p{Zl}\p{Zp}\p{Cs}]--[\t\n]]`,
      String.raw`[[\p{Cf}\p{Default_Ignorable_Code_Point}]--\p{Variation_Selector}--[\u200C\u200D]]`,
      String.raw`(?<!\p{Extended_Pictographic})\p{Variation_Selector}(?!\u20E3)`,
      String.raw`(?<![${joined}])\u200C|\u200C(?![${joined}])`,
      String.raw`(?<![\p{Extended_Pictographic}\p{Emoji_Modifier}\uFE0F${joined}])\u200D|\u200D(?![\p{Extended_Pictographic}${joined}])`,
    ].join('|'),
    'gv',
  )

let compiled: RegExp | undefined

/** Most texts. The expression above takes ten milliseconds to compile. */
const plain = /^[\t\n\x20-\x7E]*$/

/** Returns a text with its control and invisible characters replaced. Tabs and line ends stay. */
export function replaceControls(text: string, replacement: (characters: string) => string): string {
  return plain.test(text) ? text : text.replaceAll((compiled ??= unsafe()), replacement)
}

/** Returns a text with its control and invisible characters written out, such as `\x1b`. Tabs and line ends stay. */
export function escapeControls(text: string): string {
  return plain.test(text) ? text : replaceControls(text.replaceAll('\r\n', '\n'), written)
}

/** As `escapeControls`, for a text that belongs on one line. */
export function escapeLine(text: string): string {
  return escapeControls(text).replaceAll('\n', String.raw`\n`)
}

/** Returns whether a text has characters that `escapeLine` writes out, or tabs. */
export function hasControls(text: string): boolean {
  return text.includes('\t') || escapeLine(text) !== text
}

function written(character: string): string {
  const code = character.codePointAt(0) ?? 0
  if (code < 0x100) return `\\x${code.toString(16).padStart(2, '0')}`
  return code < 0x10000 ? `\\u${code.toString(16).padStart(4, '0')}` : `\\u{${code.toString(16)}}`
}
