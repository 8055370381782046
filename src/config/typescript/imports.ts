import {statSync} from 'node:fs'
import {dirname, join, resolve} from 'node:path'
import {projectOf} from './project.ts'

/** Returns the absolute path of the TypeScript that an import means by `paths`, which come before packages. */
export function mappedFileOf(specifier: string, importer: string): string | undefined {
  const tsConfig = projectOf(importer).tsConfigOf(importer)
  if (isRelative(specifier) || !tsConfig.isMapped(specifier)) return undefined
  // Packages may be mapped, too.
  return filesOf(tsConfig.pathsOf(specifier)).find(
    (path) => /\.[cm]?ts$/.test(path) && !path.includes('/node_modules/'),
  )
}

/** Returns the absolute path of the file that an import means where Node finds none, if there is one. */
export function fileOf(specifier: string, importer: string): string | undefined {
  if (isRelative(specifier)) return filesOf([resolve(dirname(importer), specifier)])[0]
  return filesOf(projectOf(importer).tsConfigOf(importer).pathsOf(specifier))[0]
}

function isRelative(specifier: string): boolean {
  return /^\.{1,2}(?:\/|$)/.test(specifier)
}

function filesOf(paths: readonly string[]): readonly string[] {
  return paths.flatMap(spellingsOf).filter((path) => !/\.d\.[cm]?ts$/.test(path) && isFile(path))
}

/** The files that an import may mean: `./user` is `user.ts`, and so is `./user.js`. */
function spellingsOf(path: string): readonly string[] {
  const swapped = path.replace(/\.([cm]?)js$/, '.$1ts')
  const extensions = ['.ts', '.mts', '.cts', '.js', '.mjs', '.cjs']
  return [path, swapped, ...extensions.flatMap((one) => [path + one, join(path, `index${one}`)])]
}

function isFile(path: string): boolean {
  return statSync(path, {throwIfNoEntry: false})?.isFile() ?? false
}
