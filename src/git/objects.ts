import type {Commit, CommitId} from './repository.ts'

/** An entry of a tree object. */
interface TreeEntry {
  readonly name: string
  readonly id: string
  readonly isFolder: boolean
  /** Whether it is a regular file or a symbolic link. */
  readonly isFile: boolean
  readonly isLink: boolean
}

/** The mode of a symbolic link, whose content is the path that it leads to. */
export const linkMode = '120000'

/** The id of a tree without entries, which git does not store. */
export const emptyTree = '4b825dc642cb6eb9a060e54bf8d69288fbee4904'

/** Whether a mode of git is that of a regular file or a symbolic link. */
export function isFileMode(mode: string): boolean {
  return mode.startsWith('100') || mode === linkMode
}

/** Reads the text of a commit object. */
export function parseCommit(id: CommitId, text: string): Commit {
  const [head = ''] = text.split('\n\n', 1)
  const lines = head.split('\n')
  const valuesOf = (key: string): string[] =>
    lines.filter((line) => line.startsWith(`${key} `)).map((line) => line.slice(key.length + 1))
  const author = signature(valuesOf('author')[0] ?? '')
  return {
    id,
    parents: valuesOf('parent'),
    author: author.name,
    authored: author.seconds,
    committed: signature(valuesOf('committer')[0] ?? '').seconds,
  }
}

/** Reads the content of a tree object: `mode name NUL id`, again and again. */
export function parseTree(bytes: Buffer, idLength = 20): TreeEntry[] {
  const entries: TreeEntry[] = []
  for (let at = 0; at < bytes.length;) {
    const space = bytes.indexOf(32, at)
    const end = bytes.indexOf(0, space)
    const mode = bytes.toString('latin1', at, space)
    entries.push({
      name: bytes.toString('utf8', space + 1, end),
      id: bytes.toString('hex', end + 1, end + 1 + idLength),
      isFolder: mode === '40000',
      isFile: isFileMode(mode),
      isLink: mode === linkMode,
    })
    at = end + 1 + idLength
  }
  return entries
}

function signature(text: string): {readonly name: string; readonly seconds: number} {
  const {name = '', seconds = '0'} = /^(?<name>.*?) ?<.*> (?<seconds>\d+)/s.exec(text)?.groups ?? {}
  return {name, seconds: Number(seconds)}
}
