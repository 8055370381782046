import {spawn} from 'node:child_process'
import type {ChildProcess} from 'node:child_process'
import {resolve} from 'node:path'
import {expectSchema} from './json-output.ts'

const program = resolve('bin/mig.js')

export interface CliOptions {
  readonly cwd: string
  readonly env?: Readonly<Record<string, string | undefined>>
  /** Whether the process is the first of a group of its own, as in a terminal. */
  readonly isGroup?: boolean
  /** Called when the process has started. */
  readonly onStart?: (child: ChildProcess) => void
}

export interface CliResult {
  readonly stdout: string
  readonly stderr: string
  /** The exit status, or the name of the signal that ended it. */
  readonly status: number | string
}

/**
 * Runs `mig` as a user does: as a process of its own, in a folder. Arguments are split at spaces, or given as a list. Any
 * JSON it prints must be as its schema says.
 */
export async function mig(args: string | readonly string[], options: CliOptions): Promise<CliResult> {
  const list = typeof args === 'string' ? args.split(' ').filter(Boolean) : args
  const result = await run(process.execPath, [program, ...list], options)
  const isCut = typeof result.status === 'string' || result.stdout === ''
  if (list.some((arg) => /^--json(?:-lines)?$/.test(arg)) && !isCut) expectSchema(list, result.stdout)
  return result
}

/** Runs any program and collects what it prints. */
export async function run(command: string, args: readonly string[], options: CliOptions): Promise<CliResult> {
  const {FORCE_COLOR, NO_COLOR, MIG_DATABASE_URL, MIG_CONFIG, MIG_ENVIRONMENT, ...inherited} = process.env
  void [FORCE_COLOR, NO_COLOR, MIG_DATABASE_URL, MIG_CONFIG, MIG_ENVIRONMENT]
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: {...inherited, LANG: 'C.UTF-8', ...options.env},
    detached: options.isGroup ?? false,
  })
  const stdout: Buffer[] = []
  const stderr: Buffer[] = []
  child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk))
  child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk))
  options.onStart?.(child)
  const status = await new Promise<number | string>((done, fail) => {
    child.on('error', fail)
    child.on('close', (code, signal) => done(code ?? signal ?? 'nothing'))
  })
  return {stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString(), status}
}
