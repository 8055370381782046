import {lstatSync, readlinkSync, realpathSync} from 'node:fs'
import {dirname, join, resolve} from 'node:path'
import {fileURLToPath} from 'node:url'

/** Returns the absolute path of the folder of this package. */
export function packageFolder(): string {
  return dirname(fileURLToPath(import.meta.resolve('#package.json')))
}

/**
 * Returns the absolute path of mig's program as it was started, which stays the same when a package manager installs
 * another version; if another program uses mig, its path in the package.
 */
export function ownProgram(): string {
  const inPackage = join(packageFolder(), 'bin/mig.js')
  const started = process.argv[1]
  return started !== undefined && isSameFile(started, inPackage) ? targetOf(started) : inPackage
}

function isSameFile(path: string, other: string): boolean {
  try {
    return realpathSync(path) === realpathSync(other)
  } catch {
    return false
  }
}

/** Follows a symbolic link of a file, but none of a folder. */
function targetOf(path: string): string {
  return lstatSync(path).isSymbolicLink() ? targetOf(resolve(dirname(path), readlinkSync(path))) : path
}
