import {randomBytes} from 'node:crypto'
import {existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {isStillRunning} from '../../util/process.ts'

/** The beginning of the name of an unfinished copy. */
const temporary = '.copy-'
/** The beginning of the name of a complete snapshot that does not have its name yet. */
const waiting = '.kept-'

/** Returns the folder with the snapshots of a file or folder. */
export function snapshotFolderOf(path: string): string {
  return `${path}.snapshots`
}

/** The beginning of the name of a snapshot that becomes the database. */
const next = '.next-'

/** Creates a folder for snapshots, which git ignores, and tidies it. */
export function makeSnapshotFolder(folder: string): void {
  mkdirSync(folder, {recursive: true})
  writeFileSync(join(folder, '.gitignore'), '*\n')
  tidySnapshotFolder(folder)
}

/** Removes the unfinished copies of killed processes, and gives their complete snapshots their names. */
export function tidySnapshotFolder(folder: string): void {
  if (!existsSync(folder)) return
  for (const name of readdirSync(folder)) {
    const pid = /^\.copy-(?<pid>\d+)-/.exec(name)?.groups?.['pid']
    if (name.startsWith(temporary) && !isInProgress(join(folder, name), Number(pid)))
      rmSync(join(folder, name), {recursive: true, force: true})
    const named = join(folder, name.replace(waitingName, ''))
    if (waitingName.test(name) && !existsSync(named)) renameSync(join(folder, name), named)
  }
}

function isInProgress(path: string, pid: number): boolean {
  return pid > 0 && isStillRunning(pid, statSync(path).mtime.toISOString())
}

const waitingName = /^\.(?:kept|next)-[0-9a-f]{8}-/

/** Returns a name for a copy that is not complete yet. */
export function temporaryFile(): string {
  return `${temporary}${process.pid}-${randomBytes(4).toString('hex')}`
}

/** Returns a name for a complete snapshot whose own name is not free yet. It counts as a snapshot of its place. */
export function waitingFileOf(place: string, ending: string): string {
  return `${waiting}${randomBytes(4).toString('hex')}-${fileNameOf(place, ending)}`
}

/** Returns a name for a snapshot that becomes the database, by which the next command finds a move that was cut off. */
export function nextFileOf(place: string, ending: string): string {
  return `${next}${randomBytes(4).toString('hex')}-${fileNameOf(place, ending)}`
}

/**
 * Finishes the exchange of a database folder by a process that was killed after it had moved the database away.
 *
 * @returns the place whose snapshot is the database now; undefined if there was nothing to finish
 */
export function finishExchange(database: string): string | undefined {
  const folder = snapshotFolderOf(database)
  if (existsSync(database) || !existsSync(folder)) return undefined
  const name = readdirSync(folder).find((each) => each.startsWith(next))
  if (name === undefined) return undefined
  renameSync(join(folder, name), database)
  return decoded(name.replace(waitingName, ''))
}

/** Returns the name of the snapshot of a place. */
export function fileNameOf(place: string, ending: string): string {
  return `${encodeURIComponent(place)}${ending}`
}

/** Returns the snapshots in a folder; other files are ignored. */
export function placesIn(folder: string, ending: string): readonly {readonly place: string; readonly name: string}[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder).flatMap((name) => {
    const named = name.replace(waitingName, '')
    if (named.startsWith('.') || !named.endsWith(ending)) return []
    const place = decoded(named.slice(0, named.length - ending.length))
    return place === undefined ? [] : [{place, name: join(folder, name)}]
  })
}

function decoded(name: string): string | undefined {
  try {
    return decodeURIComponent(name)
  } catch {
    return undefined
  }
}
