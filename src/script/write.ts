import {randomBytes} from 'node:crypto'
import {closeSync, existsSync, fsyncSync, linkSync, mkdirSync, openSync, renameSync, rmSync, writeSync} from 'node:fs'
import {basename, dirname, join} from 'node:path'
import {FileAccessError, FileExistsError} from './errors.ts'
import {codeOf} from '../util/error-info.ts'

/**
 * Writes a new file atomically, without overwriting an existing one.
 *
 * The text goes to a hidden file in the same folder, which is then hard-linked to the path: that is atomic and fails if
 * the path is taken.
 *
 * @param path an absolute path; missing folders are created
 * @param shown the name of the file in messages
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
  // `force` does not help if a part of the path is not a folder.
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
    // Some file systems do not support hard links.
    const noLinks = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'].includes(codeOf(error))
    if (!noLinks || existsSync(path)) throw error
    renameSync(temporary, path)
  }
}
