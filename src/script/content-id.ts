import {createHash} from 'node:crypto'

/** Returns the id that git gives a file with this text, line ends as LF: 40 hexadecimal digits. */
export function contentIdOf(text: string): string {
  const bytes = Buffer.from(text.replaceAll('\r\n', '\n'))
  return createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex')
}
