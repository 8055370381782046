import {mkdirSync} from 'node:fs'
import {join, resolve} from 'node:path'
import {expect} from 'chai'
import {run} from '../support/cli.ts'
import type {CliResult} from '../support/cli.ts'
import {Folder} from '../support/folder.ts'

let packed: Promise<string> | undefined

/** Returns the absolute path of the package as it would be published. */
export async function tarball(): Promise<string> {
  packed ??= pack()
  return packed
}

async function pack(): Promise<string> {
  const {path} = new Folder()
  const {stdout, stderr, status} = await run(
    'npm',
    ['pack', '--silent', '--ignore-scripts', '--pack-destination', path],
    {
      cwd: resolve('.'),
    },
  )
  expect(status, stderr).to.equal(0)
  return join(path, stdout.trim())
}

/** A project outside of the checkout, with a home of its own. */
export class FreshProject {
  readonly folder = new Folder()
  readonly path = join(this.folder.path, 'app')

  constructor(files: Readonly<Record<string, string>> = {}) {
    mkdirSync(this.path)
    this.write(files)
  }

  write(files: Readonly<Record<string, string>>): this {
    this.folder.write(Object.fromEntries(Object.entries(files).map(([name, text]) => [`app/${name}`, text])))
    return this
  }

  read(name: string): string {
    return this.folder.read(`app/${name}`)
  }

  /** Runs a program of this project, or any other. */
  async run(command: string, ...args: readonly string[]): Promise<CliResult> {
    const {PATH = ''} = process.env
    // Programs of the checkout must not be found; its Node must.
    const paths = [join(this.path, 'node_modules/.bin'), join(process.execPath, '..'), ...PATH.split(':')]
    const path = paths.filter((one) => one !== resolve('node_modules/.bin')).join(':')
    return run(command, args, {cwd: this.path, env: {PATH: path, npm_config_update_notifier: 'false'}})
  }

  /** Runs a program that must succeed, and returns what it prints. */
  async succeed(command: string, ...args: readonly string[]): Promise<string> {
    const {stdout, stderr, status} = await this.run(command, ...args)
    expect(status, `${command} ${args.join(' ')}\n${stdout}${stderr}`).to.equal(0)
    return stdout + stderr
  }
}
