import {statSync} from 'node:fs'
import {dirname, join, resolve} from 'node:path'
import {projectOf} from './project.ts'

/** Returns the absolute path of the file that an import means where Node finds none, if there is one. */
export function fileOf(specifier: string, importer: string): string | undefined {
  return candidatesOf(specifier, importer).flatMap(spellingsOf).find(isFile)
}

function candidatesOf(specifier: string, importer: string): readonly string[] {
  if (/^\.{1,2}(?:\/|$)/.test(specifier)) return [resolve(dirname(importer), specifier)]
  return projectOf(importer).tsConfigOf(importer).pathsOf(specifier)
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
