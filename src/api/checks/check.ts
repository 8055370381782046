import {checkCommute} from './check-commute.ts'
import type {CommuteCheck} from './check-commute.ts'
import {checkFiles} from './check-files.ts'
import {checkHeads} from './check-heads.ts'
import type {HeadsCheck} from './check-heads.ts'
import {checkModels} from './check-models.ts'
import {checkRehearsal} from './check-rehearsal.ts'
import type {Check, CheckOptions} from './check-options.ts'
import {MigError} from '../../errors.ts'
import {findingOf} from '../../script/finding.ts'
import {UnknownCheckError} from '../errors.ts'
import {openProject} from '../../engine/project.ts'

export interface CheckResult {
  readonly checks: readonly (Check | HeadsCheck | CommuteCheck)[]
}

/** All checks by name. A check that does not apply to a project returns undefined. */
const checks: Readonly<Record<string, (options: CheckOptions) => Promise<Check | undefined>>> = {
  files: checkFiles,
  heads: checkHeads,
  models: checkModels,
  rehearsal: checkRehearsal,
  commute: checkCommute,
}

/** Checks that run only when they are named: they run the code of revisions. */
const onlyNamed: ReadonlySet<string> = new Set(['rehearsal', 'commute'])

/**
 * Checks the project without changing anything.
 *
 * A check that cannot run fails: with the error itself if it is the only check, otherwise with a finding, so the results
 * of other checks stay visible.
 *
 * @throws MigError UNKNOWN_CHECK; as `openProject`; the error of a single check that cannot run
 */
export async function check(options: CheckOptions): Promise<CheckResult> {
  const known = Object.keys(checks)
  const isNamed = options.names !== undefined && options.names.length > 0
  const names = isNamed ? options.names : known.filter((name) => !onlyNamed.has(name))
  const unknown = names.find((name) => !known.includes(name))
  if (unknown !== undefined) throw new UnknownCheckError(unknown, known)
  const wanted = known.filter((name) => names.includes(name))
  // An invalid configuration is an error of the command, not of each check.
  if (wanted.length > 1) await openProject(options)
  const done: Check[] = []
  for (const name of wanted) {
    const others = wanted.filter((other) => other !== name)
    const result = await checks[name]?.(options).catch((error: unknown) => {
      if (options.signal?.aborted) throw error
      return notEvaluated(name, others, error)
    })
    if (result !== undefined) done.push(result)
  }
  return {checks: done}
}

function notEvaluated(name: string, others: readonly string[], error: unknown): Check {
  if (others.length === 0 || !(error instanceof MigError)) throw error
  const {message, hint, ...finding} = findingOf(error)
  return {
    name,
    ok: false,
    isEvaluated: false,
    findings: [
      {
        ...finding,
        message: `The ${name} check could not run: ${message}`,
        hint: [...(hint === undefined ? [] : [hint]), `\`mig check ${others.join(' ')}\` skips this check.`].join(' '),
      },
    ],
  }
}
