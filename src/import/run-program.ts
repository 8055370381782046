import {spawn} from 'node:child_process'
import {codeOf} from '../util/error-info.ts'

/** The end of a program. */
export interface ProgramRun {
  /** The text on stdout. */
  readonly output: string
  /** The end of a sentence; undefined if it succeeded. */
  readonly failure: string | undefined
  /** Whether there is no such program. */
  readonly isMissing: boolean
}

/** Runs a program of another tool in a folder, without a terminal. */
export async function runProgram(command: string, args: readonly string[], cwd: string): Promise<ProgramRun> {
  const child = spawn(command, args, {cwd, stdio: ['ignore', 'pipe', 'pipe']})
  const [output, errors]: [Buffer[], Buffer[]] = [[], []]
  child.stdout.on('data', (chunk: Buffer) => output.push(chunk))
  child.stderr.on('data', (chunk: Buffer) => errors.push(chunk))
  return new Promise((done) => {
    child.on('error', (error) => done({output: '', failure: error.message, isMissing: codeOf(error) === 'ENOENT'}))
    child.on('close', (status) => {
      const last = Buffer.concat(errors).toString().trim().split('\n').at(-1) ?? ''
      const failure = status === 0 ? undefined : last.replace(/\.$/, '') || `it ended with ${status}`
      done({output: Buffer.concat(output).toString(), failure, isMissing: false})
    })
  })
}
