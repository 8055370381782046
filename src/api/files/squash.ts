import {planHistory} from '../../graph/history.ts'
import {meansCurrent} from '../../graph/resolve.ts'
import type {RevisionId} from '../../graph/revision.ts'
import {parseRange} from '../../graph/target.ts'
import {InvalidRangeError} from '../../graph/target-errors.ts'
import type {DatabaseOptions} from '../../engine/databases.ts'
import {openScripts} from '../../engine/project.ts'
import type {ScriptProject} from '../../engine/project.ts'
import {contextOf} from '../../engine/run-context.ts'
import type {SquashOptions as WrittenOptions, SquashResult} from '../../squash/squash.ts'

export type {SquashResult}

export interface SquashOptions extends WrittenOptions, Pick<DatabaseOptions, 'orm' | 'em' | 'onEvent' | 'signal'> {
  /** `FROM:TO`, both ends included; either may be omitted. */
  readonly range: string
}

/**
 * Writes a revision that replaces a range of others, after proving on temporary databases that it makes the same.
 *
 * @throws MigError INVALID_RANGE; as `writeSquash`
 */
export async function squash(options: SquashOptions): Promise<SquashResult> {
  const project = await openScripts(options)
  const range = await rangeOf(project, options.range)
  const [{writeSquash}, {isOwnOf}, {read}] = await Promise.all([
    import('../../squash/squash.ts'),
    import('../../baseline/baseline.ts'),
    import('../../baseline/trial.ts'),
  ])
  return writeSquash(
    contextOf(project, options),
    range,
    options,
    async (session) => (await read(session, {isOwn: isOwnOf(project, session)})).objects,
  )
}

async function rangeOf(project: ScriptProject, range: string): Promise<readonly RevisionId[]> {
  const {graph} = project.scripts
  const {resolveGitRange} = await import('../../engine/git-targets.ts')
  const parsed = await resolveGitRange(project, parseRange(range.trim()))
  if (meansCurrent(graph, parsed.lower) || meansCurrent(graph, parsed.upper))
    throw new InvalidRangeError(range, 'a squash does not read the database; use revision ids')
  return planHistory(graph, parsed)
}
