import {existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync} from 'node:fs'
import {hash} from 'node:crypto'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {run} from '../../support/cli.ts'

/**
 * Gives a folder packages of exact versions from the registry, which are installed once on a machine. They are no
 * dependencies of mig: together they take more room than all of those.
 */
export async function installPackages(folder: string, packages: Readonly<Record<string, string>>): Promise<void> {
  const specifiers = Object.entries(packages).map(([name, version]) => `${name}@${version}`)
  const home = join(tmpdir(), `mig-test-packages-${hash('sha256', specifiers.join(' ')).slice(0, 12)}`)
  if (!existsSync(home)) await install(home, specifiers)
  mkdirSync(folder, {recursive: true})
  symlinkSync(join(home, 'node_modules'), join(folder, 'node_modules'))
}

async function install(home: string, specifiers: readonly string[]): Promise<void> {
  const own = mkdtempSync(`${home}-`)
  writeFileSync(join(own, 'package.json'), '{"private": true}')
  const flags = ['--no-audit', '--no-fund', '--ignore-scripts', '--legacy-peer-deps']
  const {status, stderr} = await run('npm', ['install', ...flags, ...specifiers], {cwd: own})
  if (status !== 0) throw new Error(`npm install ${specifiers.join(' ')} failed: ${stderr}`)
  try {
    renameSync(own, home)
  } catch (error) {
    rmSync(own, {recursive: true, force: true})
    if (!existsSync(home)) throw error
  }
}
