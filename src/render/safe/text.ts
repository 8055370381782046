import {escapeControls, escapeLine} from '../../util/controls.ts'

/** Each format escapes in its own way; a document is complete, and its format has escaped its contents. */
export type Format = 'terminal' | 'markdown' | 'document'

class Safe<F extends Format> {
  readonly format: F
  readonly value: string

  constructor(format: F, value: string) {
    this.format = format
    this.value = value
  }
}

/**
 * Text that can be printed in a format, whatever revisions, git and databases have put into it. Tagged templates make it:
 * their values are escaped, unless they are safe already.
 */
export type SafeText<F extends Format = 'terminal'> = Safe<F>

type Tag<F extends Format> = (
  parts: TemplateStringsArray,
  ...values: readonly (SafeText<F> | string | number)[]
) => SafeText<F>

/** Returns the tag for templates of a format. */
export function tagOf<F extends Format>(format: F, escape: (value: string) => string): Tag<F> {
  return (parts, ...values) => {
    const escaped = values.map((value) => (value instanceof Safe ? value.value : escape(String(value))))
    return new Safe(format, parts.map((part, i) => part + (escaped[i] ?? '')).join(''))
  }
}

/** Tag for text on a terminal or in a log. A value stays on one line, and its control and invisible characters are shown. */
export const text = tagOf('terminal', escapeLine)

/** Returns a text as it is, for what a format or mig itself has escaped. A test lists the callers. */
export function verbatim<F extends Format>(format: F, value: string): SafeText<F> {
  return new Safe(format, value)
}

/** Returns safe texts as one. */
export function joined<F extends Format = 'terminal'>(
  texts: readonly SafeText<F>[],
  separator: '' | ' ' | ', ' | '  ' | ' and ' | ' | ' | '\n',
): SafeText<F> {
  const format = texts[0]?.format ?? ('terminal' as F)
  return new Safe(format, texts.map(({value}) => value).join(separator))
}

/** Returns the lines of a text that may have several, such as the source of a file. */
export function linesOf(value: string): SafeText[] {
  return escapeControls(value)
    .split('\n')
    .map((line) => new Safe('terminal', line))
}

/** Commands of CI services: `::` begins a line, `##[` and the like may be anywhere. */
// oxlint-disable-next-line no-control-regex
const command = /(?=::)(?<=^(?:[^\S\n]|\u{1B}\[[\d;]*m)*)|(?=\[)(?<=##\w*)/gmu

/** Returns the characters to write for a text. Lines for a terminal are no commands of a CI service. */
export function printed({format, value}: SafeText<Format>): string {
  return format === 'terminal' ? value.replaceAll(command, '\\') : value
}
