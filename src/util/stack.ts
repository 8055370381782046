import {fileURLToPath, pathToFileURL} from 'node:url'

/** The folders of mig's own code, wherever it is installed, and whether it was compiled. */
const own = ownFolders()

function ownFolders(): readonly string[] {
  try {
    const manifest = import.meta.resolve('#package.json')
    return ['src', 'commands', 'dist'].map((folder) => fileURLToPath(new URL(`${folder}/`, manifest)))
  } catch {
    // In the bundle of an application, nothing tells mig's code from that of others.
    return []
  }
}

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

/** Whether code of mig is anywhere in the stack of an error. */
export function isOwn(error: unknown): boolean {
  const stack = error instanceof Error ? (error.stack ?? '') : ''
  return [...framesOf(stack)].some(({path}) => own.some((folder) => path.startsWith(folder)))
}

/**
 * Returns where code that is neither mig's, nor a package's, nor Node's threw an error; undefined when mig did, or when the
 * stack does not say.
 */
export function placeOutside(error: unknown): string | undefined {
  const stack = error instanceof Error ? (error.stack ?? '') : ''
  for (const {path, line} of framesOf(stack)) {
    if (own.some((folder) => path.startsWith(folder))) return undefined
    if (!path.includes('/node_modules/')) return `${path}:${line}`
  }
  return undefined
}

/** Returns the innermost place in a stack that is neither in mig, nor in a package, nor in Node. */
export function placeOfCaller({stack = ''}: Error): string | undefined {
  for (const {path, line} of framesOf(stack))
    if (!path.includes('/node_modules/') && !own.some((folder) => path.startsWith(folder))) return `${path}:${line}`
  return undefined
}

/** Returns the places of a stack that are in files, the innermost first. */
function* framesOf(stack: string): Generator<{readonly path: string; readonly line: string}> {
  for (const [frame] of stack.matchAll(/^ {4}at .*$/gm)) {
    const {file = '', line = ''} =
      /(?:at (?:async )?|\()(?<file>(?:file:\/)?\/.*?)(?:\?[^:?]*)?:(?<line>\d+):\d+\)?$/.exec(frame)?.groups ?? {}
    if (file !== '') yield {path: pathOf(file), line}
  }
}

/**
 * Returns the first place in a folder that an error's stack comes to, packages left out; `otherwise` when there is none.
 *
 * @param root the absolute path of the folder
 */
export function placeInProject(error: unknown, root: string, otherwise: string): string {
  const stack = error instanceof Error ? (error.stack ?? '') : ''
  // Lines that a source map has set right name files by their paths, all others by their URLs.
  for (const {groups} of stack.matchAll(/(?<file>(?:file:\/\/)?\/[^\n()?]*?)(?:\?[^\n():]*)?:(?<line>\d+)/g)) {
    const file = pathOf(groups?.['file'] ?? '')
    if (file.startsWith(`${root}/`) && !file.includes('/node_modules/')) return `${file}:${groups?.['line']}`
  }
  return otherwise
}

function pathOf(file: string): string {
  try {
    return file.startsWith('file:') ? fileURLToPath(file) : file
  } catch {
    return file
  }
}
