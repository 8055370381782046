import {checkFiles} from './check-files.ts'
import {checkHeads} from './check-heads.ts'
import type {HeadsCheck} from './check-heads.ts'
import {checkModels} from './check-models.ts'
import type {Check, CheckOptions} from './check-options.ts'
import {UnknownCheckError} from '../errors.ts'

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
