import {spawn} from 'node:child_process'
import type {ChildProcessWithoutNullStreams} from 'node:child_process'
import {delimiter, isAbsolute, parse} from 'node:path'
import {codeOf} from '../util/error-info.ts'
import {shellWord} from '../util/shell.ts'
import {GitFailedError, GitUnavailableError} from './errors.ts'

export interface GitResult {
  readonly status: number
  readonly stdout: Buffer
  readonly stderr: string
}

/** Variables that git sets for hooks and that would redirect it to another repository. */
const local = ['GIT_DIR', 'GIT_WORK_TREE', 'GIT_COMMON_DIR', 'GIT_OBJECT_DIRECTORY', 'GIT_NAMESPACE', 'GIT_PREFIX']

/** Settings that would make a reading command run a program, which a repository from elsewhere may have. */
const withoutPrograms = ['-c', 'core.fsmonitor=false', '-c', 'protocol.ext.allow=never']

export interface GitOptions {
  readonly input?: string
  /** Absolute path of an index to use instead of that of the work tree. */
  readonly index?: string
  /** Whether signals of the terminal do not reach git, which would stop halfway. */
  readonly isUninterrupted?: boolean
}

/**
 * Runs git without prompts, optional locks and programs that only the configuration of the repository names.
 *
 * @throws MigError GIT_UNAVAILABLE if git is not installed
 */
export async function tryGit(folder: string, args: readonly string[], options: GitOptions = {}): Promise<GitResult> {
  return start(folder, [...withoutPrograms, ...args], isOutside, options)
}

/**
 * Returns a setting of the user or the machine, whatever a repository or a variable of a hook says; undefined if it has
 * no value.
 *
 * @throws MigError GIT_UNAVAILABLE
 */
export async function userSetting(key: string): Promise<string | undefined> {
  const values = ['--global', '--system'].map(async (scope) => {
    const args = ['config', scope, '--get', key]
    const {status, stdout} = await start(parse(process.cwd()).root, args, (name) => !isOfGit(name), {})
    return status === 0 ? stdout.toString().trim() : undefined
  })
  const [ofUser, ofMachine] = await Promise.all(values)
  return ofUser ?? ofMachine
}

/** Whether a variable does not redirect git to another repository. */
function isOutside(name: string): boolean {
  return !local.includes(name)
}

function isOfGit(name: string): boolean {
  return local.includes(name) || name.startsWith('GIT_CONFIG')
}

async function start(
  folder: string,
  args: readonly string[],
  isKept: (name: string) => boolean,
  options: GitOptions,
): Promise<GitResult> {
  return new Promise((resolve, reject) => {
    const child = spawnGit(folder, args, isKept, options)
    const stdout: Buffer[] = []
    const stderr: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk))
    child.on('error', (error) => reject(startFailure(folder, error)))
    child.on('close', (status) =>
      resolve({status: status ?? 128, stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr).toString()}),
    )
  })
}

/**
 * Runs git and returns the parts of its output between NUL characters as they come. Ends git when no more are read.
 *
 * @throws MigError GIT_FAILED, GIT_UNAVAILABLE
 */
export async function* gitParts(folder: string, args: readonly string[], input: string): AsyncIterable<string> {
  const child = spawnGit(folder, [...withoutPrograms, ...args], isOutside, {input})
  const failure = new Promise<Error | undefined>((resolve) => {
    let stderr = ''
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
    child.on('error', (error) => resolve(startFailure(folder, error)))
    child.on('close', (status) => resolve(status === 0 ? undefined : gitFailure(args, stderr, status ?? 128)))
  })
  try {
    let rest = ''
    for await (const chunk of child.stdout.setEncoding('utf8')) {
      const parts = `${rest}${String(chunk)}`.split('\0')
      rest = parts.pop() ?? ''
      yield* parts
    }
    if (rest !== '') yield rest
    const error = await failure
    if (error !== undefined) throw error
  } finally {
    child.kill()
  }
}

function spawnGit(
  folder: string,
  args: readonly string[],
  isKept: (name: string) => boolean,
  {input = '', index, isUninterrupted = false}: GitOptions,
): ChildProcessWithoutNullStreams {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => isKept(name)))
  // Hook managers put `node_modules/.bin` of the checkout in front.
  const path = env['PATH']?.split(delimiter).filter(isAbsolute).join(delimiter)
  const child = spawn('git', args, {
    cwd: folder,
    env: {
      ...env,
      ...(path !== undefined && {PATH: path}),
      ...(index !== undefined && {GIT_INDEX_FILE: index}),
      LC_ALL: 'C',
      GIT_TERMINAL_PROMPT: '0',
      GIT_OPTIONAL_LOCKS: '0',
    },
    detached: isUninterrupted,
  })
  // git may exit before it has read all input.
  child.stdin.on('error', () => {})
  child.stdin.end(input)
  return child
}

function startFailure(folder: string, error: Error): GitUnavailableError {
  const reason = codeOf(error) === 'ENOENT' ? 'git is not installed' : error.message
  return new GitUnavailableError(folder, reason, 'Install git, or add it to PATH.')
}

/**
 * Runs git and returns its output.
 *
 * @throws MigError GIT_FAILED, GIT_UNAVAILABLE
 */
export async function runGit(folder: string, args: readonly string[], options?: GitOptions): Promise<Buffer> {
  const {status, stdout, stderr} = await tryGit(folder, args, options)
  if (status === 0) return stdout
  throw gitFailure(args, stderr, status)
}

/** Returns the error for a failed call. */
export function gitFailure(args: readonly string[], stderr: string, status: number): GitFailedError {
  const reason = stderr
    .replace(/^(?:fatal|error): /, '')
    .split('\n')[0]
    ?.replace(/[.:]$/, '')
  return new GitFailedError(args.map(shellWord).join(' '), reason || `it exited with status ${status}`)
}

/** Returns the entries of output that NUL characters end. */
export function entriesOf(output: Buffer): readonly string[] {
  return output.toString().split('\0').filter(Boolean)
}
