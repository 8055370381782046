import type {Check} from '../../api/checks/check-options.ts'
import type {Failure} from '../failure.ts'

/**
 * Returns the error that ended a command as the result of its checks.
 *
 * @param names the checks that were requested
 */
export function unevaluatedCheck(names: readonly string[], {code, message, hint}: Failure): Check {
  const name = names.length === 0 ? 'check' : names.join(', ')
  const finding = {code, level: 'error', message, ...(hint !== undefined && {hint})} as const
  return {name, ok: false, isEvaluated: false, findings: [finding]}
}
