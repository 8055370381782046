import {existsSync} from 'node:fs'
import {delimiter, join} from 'node:path'
import {packageManagerOf} from '../util/package-manager.ts'

/** The start of a process. */
export interface Start {
  /** The path of the program. */
  readonly program: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
}

const installed = /\/node_modules\/(?:\.bin\/mig(?:dag)?|migdag\/bin\/mig\.js)$/

/** Returns the command that starts mig again: `mig` where a shell finds it, or else that of the package manager. */
export function invocationOf({program, env, cwd}: Start): string {
  const path = program.replaceAll('\\', '/')
  if (!installed.test(path) || isOnPath(env)) return 'mig'
  // The project need not have what npx has downloaded.
  return path.includes('/_npx/') ? 'npx migdag' : packageManagerOf(cwd).run
}

/** Returns a command of mig as this process was started. */
export function asStarted(command: string): string {
  if (!command.startsWith('mig ')) return command
  const {argv, env} = process
  started ??= invocationOf({program: argv[1] ?? '', env, cwd: process.cwd()})
  return `${started}${command.slice('mig'.length)}`
}

let started: string | undefined

/** Whether the user's shell finds mig. Package managers put folders of their own before its path. */
function isOnPath(env: Start['env']): boolean {
  const folders = (env['PATH'] ?? env['Path'] ?? '').split(delimiter)
  const isManaged = env['npm_config_user_agent'] !== undefined
  const own = isManaged ? folders.filter((folder) => !/[/\\]node_modules[/\\]\.bin[/\\]?$/.test(folder)) : folders
  return own.some((folder) => folder !== '' && ['mig', 'mig.cmd'].some((name) => existsSync(join(folder, name))))
}
