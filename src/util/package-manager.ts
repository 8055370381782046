import {existsSync} from 'node:fs'
import {dirname, join} from 'node:path'
import {readRegularFile} from './regular-file.ts'

/** The commands of a package manager. */
export interface PackageManager {
  /** The command that runs mig. */
  readonly run: string
  /** The command that installs packages, without their names. */
  readonly install: string
  /** The same for packages that only development needs. */
  readonly installForDevelopment: string
}

// npx and bunx download what is not installed, so they get the name of the package.
const npm: PackageManager = {run: 'npx migdag', install: 'npm install', installForDevelopment: 'npm install --save-dev'}
const pnpm: PackageManager = {run: 'pnpm mig', install: 'pnpm add', installForDevelopment: 'pnpm add --save-dev'}
const yarn: PackageManager = {run: 'yarn mig', install: 'yarn add', installForDevelopment: 'yarn add --dev'}
const bun: PackageManager = {run: 'bunx migdag', install: 'bun add', installForDevelopment: 'bun add --dev'}

const managers: Readonly<Record<string, PackageManager>> = {npm, pnpm, yarn, bun}

const lockFiles: readonly (readonly [file: string, manager: PackageManager])[] = [
  ['pnpm-lock.yaml', pnpm],
  ['yarn.lock', yarn],
  ['bun.lock', bun],
  ['bun.lockb', bun],
  ['package-lock.json', npm],
]

/** Returns the package manager of a project: that of the nearest lock file or `packageManager`, upwards; else npm. */
export function packageManagerOf(folder: string): PackageManager {
  const found = lockFiles.find(([file]) => existsSync(join(folder, file)))?.[1] ?? named(join(folder, 'package.json'))
  if (found !== undefined) return found
  return folder === dirname(folder) ? npm : packageManagerOf(dirname(folder))
}

/** @see https://nodejs.org/api/packages.html#packagemanager */
function named(manifest: string): PackageManager | undefined {
  try {
    const {packageManager = ''} = JSON.parse(readRegularFile(manifest)) as {readonly packageManager?: string}
    return managers[/^[a-z]+/.exec(packageManager)?.[0] ?? '']
  } catch {
    return undefined
  }
}
