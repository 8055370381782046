import {spawn} from 'node:child_process'
import {MigError} from '../errors.ts'

/** The editor could not be started, or failed. */
class EditorError extends MigError {
  constructor(editor: string, reason: string) {
    super('EDITOR_FAILED', `The editor ${editor} failed: ${reason}.`, {
      hint: 'Set VISUAL or EDITOR to the command of your editor.',
      data: {editor},
    })
  }
}

/**
 * Opens files in the user's editor and waits until it ends.
 *
 * @throws MigError EDITOR_FAILED
 */
export async function openEditor(
  files: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): Promise<void> {
  const editor = environment['VISUAL'] || environment['EDITOR']
  if (!editor) throw new EditorError('(none)', 'neither VISUAL nor EDITOR is set')
  // An editor may come with arguments of its own, as in `code --wait`.
  const [program = '', ...args] = editor.split(/\s+/).filter(Boolean)
  const failure = await new Promise<string | undefined>((resolve) => {
    const child = spawn(program, [...args, ...files], {stdio: 'inherit'})
    child.on('error', (error) => resolve(error.message))
    child.on('close', (code, signal) =>
      resolve(code === 0 ? undefined : `it exited with ${signal ?? `status ${code}`}`),
    )
  })
  if (failure !== undefined) throw new EditorError(editor, failure)
}
