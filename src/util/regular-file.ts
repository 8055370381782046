import {closeSync, constants, fstatSync, openSync, readFileSync} from 'node:fs'

/**
 * Returns the text of a regular file, or of one that a symbolic link leads to.
 *
 * @throws Error for anything else, such as a named pipe, whose reader could wait without end
 */
export function readRegularFile(path: string): string {
  return withRegularFile(path, (file) => readFileSync(file, 'utf8'))
}

/** @throws Error unless the path leads to a regular file */
export function checkRegularFile(path: string): void {
  withRegularFile(path, () => {})
}

function withRegularFile<Result>(path: string, use: (file: number) => Result): Result {
  const file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
  try {
    const stats = fstatSync(file)
    if (!stats.isFile() && !stats.isDirectory()) throw new Error('it is not a regular file')
    return use(file)
  } finally {
    closeSync(file)
  }
}
