import {endsValue, lineAt, skipToken, skipTrivia} from '../../script/scanner.ts'

/** Returns the line of the first decorator of a text: Node leaves them in, and then cannot read them. */
export function lineOfDecorator(source: string): number | undefined {
  if (!source.includes('@')) return undefined
  let previous = ''
  for (let at = skipTrivia(source, 0); at < source.length; at = skipTrivia(source, at)) {
    if (source[at] === '@') return lineAt(source, at)
    const next = skipToken(source, at, !endsValue.test(previous))
    previous = source.slice(at, next)
    at = next
  }
  return undefined
}
