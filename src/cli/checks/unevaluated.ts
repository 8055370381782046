import type {Check} from '../../api/checks/check-options.ts'
import {failureOf} from '../failure.ts'
import type {CheckFormat} from './formats.ts'

/**
 * Returns the error that ended a command as the result of its checks.
 *
 * @param names the checks that were requested
 */
export function unevaluatedCheck(names: readonly string[], error: unknown, format: CheckFormat): Check {
  const {code, message, hint} = failureOf(error, 'check')
  const finding = {code, level: 'error', message, ...(hint !== undefined && {hint})} as const
  return {
    name: names.length === 0 ? 'check' : names.join(', '),
    ok: false,
    isEvaluated: false,
    // Next to text, the command itself prints the error.
    findings: format === 'text' ? [] : [finding],
  }
}
