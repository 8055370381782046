import {randomBytes} from 'node:crypto'
import {existsSync, mkdirSync, readdirSync, rmSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'

const temporary = '.copy-'

/** Returns the folder with the snapshots of a file or folder. */
export function snapshotFolderOf(path: string): string {
  return `${path}.snapshots`
}

/** Creates a folder for snapshots, which git ignores, and removes what a killed process has left in it. */
export function makeSnapshotFolder(folder: string): void {
  mkdirSync(folder, {recursive: true})
  writeFileSync(join(folder, '.gitignore'), '*\n')
  for (const name of readdirSync(folder))
    if (name.startsWith(temporary)) rmSync(join(folder, name), {recursive: true, force: true})
}

/** Returns a name that no snapshot has. */
export function temporaryFile(): string {
  return `${temporary}${randomBytes(4).toString('hex')}`
}

/** Returns the name of the snapshot of a place. */
export function fileNameOf(place: string, ending: string): string {
  return `${encodeURIComponent(place)}${ending}`
}

/** Returns the snapshots in a folder; other files are ignored. */
export function placesIn(folder: string, ending: string): readonly {readonly place: string; readonly name: string}[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder).flatMap((name) => {
    if (name.startsWith('.') || !name.endsWith(ending)) return []
    const place = decoded(name.slice(0, name.length - ending.length))
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
