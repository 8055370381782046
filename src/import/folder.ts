import {readdirSync} from 'node:fs'
import {join} from 'node:path'
import {readProjectFile} from '../script/project-file.ts'
import {messageOf} from '../util/error-info.ts'
import {ImportRefusedError} from './errors.ts'
import type {HistoryFolder} from './history.ts'

/** Returns the names of the files or folders in a folder of a history, sorted by code units. */
export function namesIn({path, shown}: HistoryFolder, kind: 'file' | 'folder', below = ''): readonly string[] {
  try {
    return readdirSync(join(path, below), {withFileTypes: true})
      .filter((entry) => (kind === 'folder' ? entry.isDirectory() : entry.isFile() || entry.isSymbolicLink()))
      .map(({name}) => name)
      .toSorted()
  } catch (error) {
    throw new ImportRefusedError(
      below === '' ? shown : `${shown}/${below}`,
      messageOf(error),
      'Pass the folder of the migrations.',
      error,
    )
  }
}

/**
 * Returns the text of a file of a history.
 *
 * @throws MigError FILE_UNREADABLE
 */
export function textOf({path, shown}: HistoryFolder, name: string): string {
  return readProjectFile(join(path, name), `${shown}/${name}`)
}

/** Returns the words of a name without its leading number: `20260101_add_users` gives "add users". */
export function messageOfName(name: string): string {
  const words = name.replace(/^\D{0,12}\d+[_-]*/, '').replaceAll(/[_-]+/g, ' ')
  return words.trim() === '' ? name : words.trim()
}

/** Compares versions by their numbers: `1.10` comes after `1.9`. */
export function compareVersions(one: string, other: string): number {
  const [a, b] = [one, other].map((version) => version.split('.').map(BigInt))
  for (let i = 0; i < Math.max(a?.length ?? 0, b?.length ?? 0); i++) {
    const [x, y] = [a?.[i] ?? 0n, b?.[i] ?? 0n]
    if (x !== y) return x < y ? -1 : 1
  }
  return 0
}
