import {ObjectUnreadableError} from './errors.ts'
import {runGit} from './run-git.ts'

/**
 * Reads the contents of many objects with a single git process.
 *
 * @throws MigError GIT_OBJECT_UNREADABLE, GIT_UNAVAILABLE, GIT_FAILED
 */
export async function readObjects(root: string, ids: readonly string[]): Promise<readonly Buffer[]> {
  if (ids.length === 0) return []
  const output = await runGit(root, ['cat-file', '--batch'], {input: `${ids.join('\n')}\n`})
  let at = 0
  return ids.map((id) => {
    const end = output.indexOf(10, at)
    const [, type, size] = output.toString('latin1', at, end).split(' ')
    if (size === undefined || type === 'missing') throw new ObjectUnreadableError(id, 'it is not in this clone')
    at = end + 1 + Number(size) + 1
    return output.subarray(end + 1, at - 1)
  })
}
