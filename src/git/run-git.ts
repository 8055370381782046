import {spawn} from 'node:child_process'
import {codeOf} from '../util/error-info.ts'
import {GitFailedError, GitUnavailableError} from './errors.ts'

export interface GitResult {
  readonly status: number
  readonly stdout: Buffer
  readonly stderr: string
}

/** What git sets for its hooks and what would send it to another repository than the folder says. */
const local = ['GIT_DIR', 'GIT_WORK_TREE', 'GIT_COMMON_DIR', 'GIT_OBJECT_DIRECTORY', 'GIT_NAMESPACE', 'GIT_PREFIX']

/**
 * Runs the program git, which never asks anything and never takes a lock.
 *
 * @throws MigError GIT_UNAVAILABLE when it is not installed
 */
export async function tryGit(folder: string, args: readonly string[], input = ''): Promise<GitResult> {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !local.includes(name)))
  return new Promise((resolve, reject) => {
    const child = spawn('git', args, {
      cwd: folder,
      env: {...env, LC_ALL: 'C', GIT_TERMINAL_PROMPT: '0', GIT_OPTIONAL_LOCKS: '0'},
    })
    const stdout: Buffer[] = []
    const stderr: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk))
    child.on('error', (error) => {
      const reason = codeOf(error) === 'ENOENT' ? 'the program git is not installed' : error.message
      reject(new GitUnavailableError(folder, reason, 'Install git, or run it where git is.'))
    })
    child.on('close', (status) =>
      resolve({status: status ?? 128, stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr).toString()}),
    )
    // git may end before it has read everything.
    child.stdin.on('error', () => {})
    child.stdin.end(input)
  })
}

/**
 * Runs the program git and returns what it prints.
 *
 * @throws MigError GIT_FAILED, GIT_UNAVAILABLE
 */
export async function runGit(folder: string, args: readonly string[], input?: string): Promise<Buffer> {
  const {status, stdout, stderr} = await tryGit(folder, args, input)
  if (status === 0) return stdout
  throw gitFailure(args, stderr, status)
}

/** Returns the error for a call that failed. */
export function gitFailure(args: readonly string[], stderr: string, status: number): GitFailedError {
  const reason = stderr
    .replace(/^(?:fatal|error): /, '')
    .split('\n')[0]
    ?.replace(/[.:]$/, '')
  return new GitFailedError(args.join(' '), reason || `it ended with status ${status}`)
}
