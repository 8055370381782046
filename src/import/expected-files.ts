import {readdirSync} from 'node:fs'
import type {Dirent} from 'node:fs'
import {dirname, join, relative, sep} from 'node:path'
import {shellCommand} from '../util/shell.ts'
import {ImportRefusedError} from './errors.ts'
import {namesIn} from './folder.ts'
import type {ForeignMigration, HistoryFolder, Tool} from './history.ts'
import {isCode} from './record-code.ts'

/**
 * Refuses a folder without migrations, and names one beside it that has some.
 *
 * @param name the tool as the command names it
 * @param cwd the absolute path to which the folder in the hint is relative
 */
export function noMigrations(
  name: string,
  {title, files}: Tool,
  folder: HistoryFolder,
  cwd: string,
): ImportRefusedError {
  const found = foldersNear(folder.path).find((near) => near !== folder.path && hasFiles(near, likely(files.pattern)))
  const shown = found === undefined ? undefined : relative(cwd, found).split(sep).join('/') || '.'
  return new ImportRefusedError(
    folder.shown,
    `it has no migration of ${title}: ${files.described}`,
    shown === undefined
      ? 'Pass the folder of the migrations.'
      : `Pass the folder of the migrations: \`${shellCommand`mig import ${name} ${shown}`}\`.`,
  )
}

/**
 * Returns the migrations of a folder, none if it has no such files, whatever a tool makes of it.
 *
 * @throws MigError IMPORT_REFUSED, and as `read`
 */
export async function migrationsIn(folder: HistoryFolder, {files, read}: Tool): Promise<readonly ForeignMigration[]> {
  // Reports a folder that cannot be read.
  namesIn(folder, 'file')
  return hasFiles(folder.path, (path) => files.pattern.test(path)) ? read(folder) : []
}

/** Code is in many folders; that of migrations has dates or numbers in its names. */
function likely(pattern: RegExp): (path: string) => boolean {
  return (path) => pattern.test(path) && (!isCode(path) || /\d/.test(path))
}

/** Whether a folder, or one in it, has a file with a wanted path, as seen from the folder. */
function hasFiles(folder: string, isWanted: (path: string) => boolean): boolean {
  return entriesOf(folder).some((entry) =>
    entry.isDirectory()
      ? entriesOf(join(folder, entry.name)).some(
          (file) => !file.isDirectory() && isWanted(`${entry.name}/${file.name}`),
        )
      : isWanted(entry.name),
  )
}

/** Returns the folders below, beside and above a folder. */
function foldersNear(path: string): readonly string[] {
  const below = foldersIn(path)
  return [...below, ...below.flatMap(foldersIn), ...foldersIn(dirname(path)), dirname(path)]
}

function foldersIn(path: string): readonly string[] {
  return entriesOf(path)
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.') && entry.name !== 'node_modules')
    .map(({name}) => join(path, name))
}

function entriesOf(path: string): readonly Dirent[] {
  try {
    return readdirSync(path, {withFileTypes: true}).toSorted((a, b) => (a.name < b.name ? -1 : 1))
  } catch {
    return []
  }
}
