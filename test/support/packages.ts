import {cpSync, mkdirSync, readdirSync, symlinkSync} from 'node:fs'
import {dirname, join} from 'node:path'

/** Which of the packages of this project another gets. */
export type Packages =
  | {readonly without: readonly string[]}
  /** One, which may have another name here. */
  | {readonly only: string; readonly from: string}

/** Links packages of this project into the node_modules of a folder. */
export function linkPackages(folder: string, packages: Packages): void {
  const from = join(process.cwd(), 'node_modules')
  const to = join(folder, 'node_modules')
  const link = (source: string, name: string): void => {
    mkdirSync(dirname(join(to, name)), {recursive: true})
    symlinkSync(join(from, source), join(to, name))
  }
  if ('only' in packages) return link(packages.from, packages.only)
  const names = readdirSync(from).flatMap((one) =>
    one.startsWith('@') ? readdirSync(join(from, one)).map((inner) => `${one}/${inner}`) : [one],
  )
  for (const name of names) if (!packages.without.includes(name) && !name.startsWith('.')) link(name, name)
}

/** Copies mig into a folder, with packages of its own, and returns the path of its program. */
export function copyMig(folder: string, packages: Packages): string {
  const copy = join(folder, 'mig')
  for (const part of ['bin', 'dist', 'package.json', 'oclif.manifest.json'])
    cpSync(part, join(copy, part), {recursive: true})
  linkPackages(copy, packages)
  return join(copy, 'bin/mig.js')
}
