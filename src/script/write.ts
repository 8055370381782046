import {randomBytes} from 'node:crypto'
import {closeSync, existsSync, fsyncSync, linkSync, mkdirSync, openSync, renameSync, rmSync, writeSync} from 'node:fs'
import {basename, dirname, join} from 'node:path'
import {FileAccessError, FileExistsError} from './errors.ts'
import {codeOf} from '../util/error-info.ts'

/**
 * Writes a new file, whole or not at all, and never over one that exists.
 *
 * The text goes to a hidden file in the same folder, which then gets the name by a hard link: that is one step, and it
 * fails when the name is taken.
 *
 * @param path an absolute path; folders on the way are made
 * @param shown how messages name the file
 * @throws MigError FILE_EXISTS, FILE_UNWRITABLE
 */
export function writeNewFile(path: string, text: string, shown: string): void {
  if (existsSync(path)) throw new FileExistsError(shown)
  const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(4).toString('hex')}.tmp`)
  try {
    mkdirSync(dirname(path), {recursive: true})
    writeAll(temporary, text)
    giveName(temporary, path)
  } catch (error) {
    if (codeOf(error) === 'EEXIST' && existsSync(path)) throw new FileExistsError(shown)
    throw new FileAccessError('FILE_UNWRITABLE', shown, error)
  } finally {
    removeIfThere(temporary)
  }
}

function removeIfThere(path: string): void {
  // Where a part of the path is no folder, `force` does not help.
  if (existsSync(path)) rmSync(path)
}

function writeAll(path: string, text: string): void {
  const file = openSync(path, 'wx')
  try {
    const bytes = Buffer.from(text)
    for (let written = 0; written < bytes.length;) written += writeSync(file, bytes, written)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

function giveName(temporary: string, path: string): void {
  try {
    linkSync(temporary, path)
  } catch (error) {
    // Some file systems have no hard links.
    const noLinks = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'].includes(codeOf(error))
    if (!noLinks || existsSync(path)) throw error
    renameSync(temporary, path)
  }
}
