/** Returns the line of the first decorator of a text: Node leaves them in, and then cannot read them. */
export function lineOfDecorator(source: string): number | undefined {
  if (!source.includes('@')) return undefined
  // Comments first: in them, @ begins a tag. Their line ends stay, so that lines can be counted.
  const code = source.replaceAll(/\/\*[\s\S]*?\*\//g, (comment) => comment.replaceAll(/[^\n]/g, ' '))
  const found = /^[ \t]*(?:export (?:default )?)?@[\p{L}_$(]/mu.exec(code)
  return found === null ? undefined : code.slice(0, found.index).split('\n').length
}
