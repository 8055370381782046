import {spawn} from 'node:child_process'
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

export interface GitOptions {
  readonly input?: string
  /** Absolute path of an index to use instead of that of the work tree. */
  readonly index?: string
  /** Whether signals of the terminal do not reach git, which would stop halfway. */
  readonly isUninterrupted?: boolean
}

/**
 * Runs git without prompts and without optional locks.
 *
 * @throws MigError GIT_UNAVAILABLE if git is not installed
 */
export async function tryGit(
  folder: string,
  args: readonly string[],
  {input = '', index, isUninterrupted = false}: GitOptions = {},
): Promise<GitResult> {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !local.includes(name)))
  return new Promise((resolve, reject) => {
    const child = spawn('git', args, {
      cwd: folder,
      env: {
        ...env,
        ...(index !== undefined && {GIT_INDEX_FILE: index}),
        LC_ALL: 'C',
        GIT_TERMINAL_PROMPT: '0',
        GIT_OPTIONAL_LOCKS: '0',
      },
      detached: isUninterrupted,
    })
    const stdout: Buffer[] = []
    const stderr: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk))
    child.on('error', (error) => {
      const reason = codeOf(error) === 'ENOENT' ? 'git is not installed' : error.message
      reject(new GitUnavailableError(folder, reason, 'Install git, or add it to PATH.'))
    })
    child.on('close', (status) =>
      resolve({status: status ?? 128, stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr).toString()}),
    )
    // git may exit before it has read all input.
    child.stdin.on('error', () => {})
    child.stdin.end(input)
  })
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
