import {styleText} from 'node:util'
import {text, verbatim} from '../render/safe/text.ts'
import type {SafeText} from '../render/safe/text.ts'

/** Roles of output text. Colours are used only on a terminal, and never with NO_COLOR. */
const styles = {
  id: 'yellow',
  head: 'green',
  current: 'cyan',
  point: 'magenta',
  label: 'blue',
  dim: 'dim',
  strong: 'bold',
  bad: 'red',
  hint: 'cyan',
} as const

type Style = keyof typeof styles
export type Paint = (style: Style, value: SafeText | string) => SafeText

/** Returns a function that paints text for a stream. */
export function painter(stream: NodeJS.WriteStream): Paint {
  return (style, value) => verbatim('terminal', styleText(styles[style], text`${value}`.value, {stream}))
}

/** Returns whether the terminal can show box characters. */
export function hasUnicode(environment: Readonly<Record<string, string | undefined>>, platform: string): boolean {
  const locale = environment['LC_ALL'] || environment['LC_CTYPE'] || environment['LANG'] || ''
  return platform === 'win32' || platform === 'darwin' || /utf-?8/i.test(locale)
}
