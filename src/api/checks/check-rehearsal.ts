import type {Finding} from '../../script/finding.ts'
import type {RehearsalResult} from '../runs/rehearse.ts'
import type {Check, CheckOptions} from './check-options.ts'

/** Rehearses the revisions that the upstream branch does not have. */
export async function checkRehearsal(options: CheckOptions): Promise<Check> {
  const {rehearse} = await import('../runs/rehearse.ts')
  const {cwd, config, environment, x, orm, em, signal} = options
  return checkOf(await rehearse({cwd, config, environment, x, orm, em, signal}))
}

/** Returns a rehearsal as a check. */
export function checkOf({ok, databases}: RehearsalResult): Check {
  const findings = databases.flatMap(({database, revisions}) =>
    revisions.flatMap(({revision, file, findings: found}) =>
      found.map(({code, level, message, hint}): Finding => {
        const place = database === undefined ? '' : `Database ${database}: `
        return {code, level, message: `${place}${message}`, hint, file, revision}
      }),
    ),
  )
  return {name: 'rehearsal', ok, findings}
}
