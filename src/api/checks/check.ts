import type {Finding} from '../../script/finding.ts'
import {checkFiles} from './check-files.ts'
import {checkHeads} from './check-heads.ts'
import type {HeadsCheck} from './check-heads.ts'
import {checkModels} from './check-models.ts'
import type {DatabaseOptions} from '../databases.ts'
import {UnknownCheckError} from '../errors.ts'

export type {Finding}

export interface CheckOptions extends DatabaseOptions {
  /** Which checks; all when left out. */
  readonly names?: readonly string[] | undefined
  /** The commit that the heads are checked against: those after a merge into it count. */
  readonly onto?: string | undefined
  /** What would be merged; HEAD when left out. */
  readonly headRef?: string | undefined
  /** Whether the entities are compared with a database made for it, on which the history is replayed. */
  readonly scratch?: boolean | undefined
  /** Every ref that fits this pattern would be merged, each by itself. */
  readonly refs?: string | undefined
}

/** What one check came to. */
export interface Check {
  readonly name: string
  /** Whether nothing that it found is an error. */
  readonly ok: boolean
  readonly findings: readonly Finding[]
}

export interface CheckResult {
  readonly checks: readonly (Check | HeadsCheck)[]
}

/** Every check by its name: a new one is a line here. One that a project has no use for gives nothing. */
const checks: Readonly<Record<string, (options: CheckOptions) => Promise<Check | undefined>>> = {
  files: checkFiles,
  heads: checkHeads,
  models: checkModels,
}

/**
 * Checks the project and changes nothing.
 *
 * @throws MigError as `checkModels`; UNKNOWN_CHECK, NOT_EVALUATED, UNKNOWN_REF, GIT_UNAVAILABLE
 */
export async function check(options: CheckOptions): Promise<CheckResult> {
  const known = Object.keys(checks)
  const names = options.names === undefined || options.names.length === 0 ? known : options.names
  const unknown = names.find((name) => !known.includes(name))
  if (unknown !== undefined) throw new UnknownCheckError(unknown, known)
  const done: Check[] = []
  for (const name of known.filter((one) => names.includes(one))) {
    const run = checks[name]
    const result = await run?.(options)
    if (result !== undefined) done.push(result)
  }
  return {checks: done}
}
