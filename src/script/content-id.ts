import {createHash} from 'node:crypto'

/** Returns the git blob id of a text with line ends normalized to LF: 40 hexadecimal digits. */
export function contentIdOf(text: string): string {
  const bytes = Buffer.from(text.replaceAll('\r\n', '\n'))
  return createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex')
}
