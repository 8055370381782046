import {spawn} from 'node:child_process'
import {PostWriteHookError} from './errors.ts'

/** A program run on each newly written file. */
export interface Hook {
  /** The program and its arguments; `{file}` stands for the file. */
  readonly command: readonly string[]
  /** An absolute path. */
  readonly cwd: string
}

/**
 * Runs a hook and waits for it. Its output goes to standard error.
 *
 * @param file the absolute path of the new file
 * @param shown the name of the file in messages
 * @throws MigError POST_WRITE_HOOK_FAILED
 */
export async function runPostWriteHook({command, cwd}: Hook, file: string, shown: string): Promise<void> {
  const [program = '', ...args] = command.map((part) => part.replaceAll('{file}', file))
  const failure = await new Promise<string | undefined>((resolve) => {
    const child = spawn(program, args, {cwd, stdio: ['ignore', 2, 2]})
    child.on('error', (error) => resolve(error.message))
    child.on('close', (code, signal) =>
      resolve(code === 0 ? undefined : `it exited with ${signal ?? `status ${code}`}`),
    )
  })
  if (failure !== undefined) throw new PostWriteHookError(program, shown, failure)
}
