import {hash} from 'node:crypto'
import {chmodSync, mkdirSync, renameSync, rmSync, statSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import type {RepositoryPlace} from './locate.ts'
import {readRegularFile} from '../util/regular-file.ts'

/** Files that ran together, and the ids of their contents when they did. */
export interface TrustedSet {
  /** Paths in the work tree, or absolute outside of it; sorted. */
  readonly files: readonly string[]
  /** The latest first. */
  readonly ids: readonly string[]
}

/** Numbers that keep the file small. */
const maximum = {sets: 50, ids: 30}

/** Returns the id of the contents of some files, which must be in the same order each time. */
export function idOfContents(contents: readonly (readonly [file: string, contentId: string])[]): string {
  return hash('sha256', JSON.stringify(contents))
}

/** Returns what the user has run, by the record that all work trees of a repository share; nothing if it is unreadable. */
export function readTrusted(place: RepositoryPlace): readonly TrustedSet[] {
  const file = fileIn(place)
  try {
    // What another user has run says nothing.
    if (process.getuid !== undefined && statSync(file).uid !== process.getuid()) return []
    const {sets} = JSON.parse(readRegularFile(file)) as {readonly sets: readonly TrustedSet[]}
    return sets.filter(({files, ids}) => Array.isArray(files) && Array.isArray(ids))
  } catch {
    return []
  }
}

/** Records that files with these contents have run. A repository that cannot be written records nothing. */
export function addTrusted(place: RepositoryPlace, files: readonly string[], id: string): void {
  const isSame = (set: TrustedSet): boolean => JSON.stringify(set.files) === JSON.stringify(files)
  const sets = readTrusted(place)
  const known = sets.find(isSame)?.ids ?? []
  const ids = [id, ...known.filter((other) => other !== id)].slice(0, maximum.ids)
  const all = [{files, ids}, ...sets.filter((set) => !isSame(set))].slice(0, maximum.sets)
  const file = fileIn(place)
  const temporary = `${file}.${process.pid}.tmp`
  try {
    mkdirSync(join(file, '..'), {recursive: true})
    writeFileSync(temporary, `${JSON.stringify({sets: all}, undefined, 1)}\n`, {mode: 0o600})
    chmodSync(temporary, 0o600)
    renameSync(temporary, file)
  } catch {
    rmSync(temporary, {force: true})
  }
}

function fileIn({commonFolder}: RepositoryPlace): string {
  return join(commonFolder, 'mig/trusted.json')
}
