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
  const temporary = temporaryBeside(path)
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

/**
 * Replaces a file atomically by one that may have another name. There is one of the two at any time, and the old one is
 * kept if anything fails.
 *
 * @param old an absolute path
 * @param path an absolute path; missing folders are created
 * @param shown the name of the new file in messages
 * @throws MigError FILE_EXISTS, FILE_UNWRITABLE
 */
export function replaceFile(old: string, path: string, text: string, shown: string): void {
  const isMoved = old !== path
  if (isMoved && existsSync(path)) throw new FileExistsError(shown)
  const temporary = temporaryBeside(path)
  try {
    mkdirSync(dirname(path), {recursive: true})
    writeAll(temporary, text)
    if (isMoved) renameSync(old, path)
    try {
      renameSync(temporary, path)
    } catch (error) {
      if (isMoved) renameSync(path, old)
      throw error
    }
  } catch (error) {
    throw new FileAccessError('FILE_UNWRITABLE', shown, error)
  } finally {
    removeIfThere(temporary)
  }
}

/**
 * Replaces the contents of files, each atomically: of all, or of none if one cannot be written.
 *
 * @param files absolute paths, and the names of the files in messages
 * @throws MigError FILE_UNWRITABLE
 */
export function replaceAll(
  files: readonly {readonly path: string; readonly shown: string; readonly before: string; readonly after: string}[],
): void {
  const written: (typeof files)[number][] = []
  try {
    for (const file of files) {
      replaceFile(file.path, file.path, file.after, file.shown)
      written.push(file)
    }
  } catch (error) {
    for (const {path, before, shown} of written) replaceFile(path, path, before, shown)
    throw error
  }
}

function temporaryBeside(path: string): string {
  return join(dirname(path), `.${basename(path)}.${randomBytes(4).toString('hex')}.tmp`)
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
