import {replaceControls} from '../../util/controls.ts'
import {verbatim} from './text.ts'
import type {SafeText} from './text.ts'

/** Returns a value as JSON. Characters that a terminal or a CI service could act on are escaped, as JSON allows. */
export function json(value: unknown, indent?: number): SafeText<'document'> {
  const text = replaceControls(JSON.stringify(value, null, indent), unicodeEscape)
  return verbatim('document', text.replaceAll(/(?<=##\w*)\[/g, String.raw`\u005b`))
}

function unicodeEscape(characters: string): string {
  return Array.from(
    {length: characters.length},
    (_, i) => `\\u${characters.charCodeAt(i).toString(16).padStart(4, '0')}`,
  ).join('')
}
