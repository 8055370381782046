import {escapeControls, hasControls} from './controls.ts'

/** Returns a text as one word of a POSIX shell. Characters that cannot be seen are written out, for bash, zsh and ksh. */
export function shellWord(text: string): string {
  if (/^[\w.:/@%+,-][\w.:/@%+,=-]*$/.test(text)) return text
  return hasControls(text) ? `$'${text.replaceAll(/./gsu, ansiC)}'` : `'${text.replaceAll("'", String.raw`'\''`)}'`
}

/**
 * Returns a command to be pasted into a shell. Each value, or each item of a list, becomes a word or a part of one, and none
 * is read as an option: it is joined to a long option before it, or else preceded by `--`. Other options must come before.
 */
export function shellCommand(parts: TemplateStringsArray, ...values: readonly (string | readonly string[])[]): string {
  let command = parts[0] ?? ''
  let hasEnd = false
  for (const [i, value] of values.entries()) {
    const before = parts[i] ?? ''
    const words = [value].flat()
    hasEnd ||= before.endsWith(' -- ')
    if (!hasEnd && words.some((word) => word.startsWith('-'))) {
      if (/(?:^| )--[\w-]+ $/.test(before)) command = `${command.slice(0, -1)}=`
      else if (before.endsWith(' ') && !/ -\w $/.test(before)) {
        command += '-- '
        hasEnd = true
      }
    }
    command += `${words.map(shellWord).join(' ')}${parts[i + 1] ?? ''}`
  }
  return command
}

/** Returns a character as `$'…'` takes it: octal bytes, because the meaning of `\u` depends on the locale. */
function ansiC(character: string): string {
  if (character === "'" || character === '\\') return `\\${character}`
  const isSafe = character !== '\t' && character !== '\n' && escapeControls(character) === character
  if (isSafe) return character
  return [...new TextEncoder().encode(character)].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('')
}
