/** A line of a sparse checkout's patterns. */
interface Pattern {
  readonly isIncluded: boolean
  readonly onlyFolders: boolean
  readonly matches: RegExp
}

/**
 * Returns a function that tells whether a sparse checkout by patterns, not by folders, has a file. The last pattern that
 * matches the file decides, or else one that matches the nearest folder; `git ls-files --exclude-from` reads the same lines
 * as those of .gitignore, where what is below a folder cannot be taken back.
 *
 * @param text the contents of `info/sparse-checkout`
 * @see https://git-scm.com/docs/git-sparse-checkout
 */
export function sparsePatterns(text: string): (file: string) => boolean {
  const patterns = text.split(/\r?\n/).flatMap(patternOf)
  return (file) => {
    for (let path = file; path !== ''; path = path.slice(0, Math.max(0, path.lastIndexOf('/')))) {
      const isFolder = path !== file
      const found = patterns.findLast(({onlyFolders, matches}) => (isFolder || !onlyFolders) && matches.test(path))
      if (found !== undefined) return found.isIncluded
    }
    return false
  }
}

function patternOf(line: string): readonly Pattern[] {
  const written = line.replace(/(?<!\\)\s+$/, '')
  if (written === '' || written.startsWith('#')) return []
  const isIncluded = !written.startsWith('!')
  const glob = written.slice(isIncluded ? 0 : 1)
  const onlyFolders = glob.endsWith('/')
  const path = onlyFolders ? glob.slice(0, -1) : glob
  const isAnchored = path.includes('/')
  const body = path.replace(/^\//, '').replaceAll(part, (text) => partOf(text))
  return [{isIncluded, onlyFolders, matches: new RegExp(`^${isAnchored ? '' : '(?:.*/)?'}${body}$`, 's')}]
}

// Two stars before a slash, two stars at the end, other stars, `?`, a set of characters, an escaped character, any other one.
const part = /\*\*\/|\/\*\*$|\*+|\?|\[(?:\\.|[^\]\\])+\]|\\.|./gs

function partOf(text: string): string {
  if (text === '**/') return '(?:.*/)?'
  if (text === '/**') return '/.*'
  if (text.startsWith('*')) return '[^/]*'
  if (text === '?') return '[^/]'
  if (text.length > 1 && text.startsWith('[')) return text.replace(/^\[!/, '[^')
  return (text.startsWith('\\') ? text.slice(1) : text).replaceAll(/[$()*+.?[\\\]^{|}]/g, String.raw`\$&`)
}
