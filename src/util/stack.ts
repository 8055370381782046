import {pathToFileURL} from 'node:url'

/**
 * Returns a file, with the line of it that an error's stack comes to first.
 *
 * @param path the absolute path of the file
 * @param shown how the answer names the file
 */
export function placeInStack(error: unknown, path: string, shown: string): string {
  const stack = error instanceof Error ? (error.stack ?? '') : ''
  const [, afterPath] = stack.split(pathToFileURL(path).href)
  const line = /^[^\s:)]*:(?<line>\d+)/.exec(afterPath ?? '')?.groups?.['line']
  return line === undefined ? shown : `${shown}:${line}`
}
