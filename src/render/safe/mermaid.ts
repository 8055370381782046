import {escapeLine} from '../../util/controls.ts'
import {verbatim} from './text.ts'
import type {SafeText} from './text.ts'

/** Returns a text as the quoted label of a Mermaid node. */
export function mermaidLabel(value: string): SafeText<'markdown'> {
  const text = escapeLine(value).replaceAll(/[^\p{L}\p{N}\p{M} .,_/-]/gu, (char) => `#${char.codePointAt(0)};`)
  return verbatim('markdown', `"${text}"`)
}
