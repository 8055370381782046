import {createHash} from 'node:crypto'
import type {Check, Finding} from '../../api/checks/check-options.ts'

const severities = {error: 'critical', warning: 'minor', note: 'info'} as const

interface Issue {
  readonly description: string
  readonly check_name: string
  readonly fingerprint: string
  readonly severity: (typeof severities)[keyof typeof severities]
  readonly location: {readonly path: string; readonly lines: {readonly begin: number}}
}

/**
 * Returns checks as a code quality report of GitLab.
 *
 * @see https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
 */
export function gitlabReport(checks: readonly Check[]): readonly Issue[] {
  const issues = checks.flatMap(({findings}) => findings.map(issueOf))
  // GitLab shows only the first issue with a fingerprint.
  return [...new Map(issues.map((issue) => [issue.fingerprint, issue])).values()]
}

function issueOf({level, code, message, hint, file, line}: Finding): Issue {
  return {
    description: hint === undefined ? message : `${message} ${hint}`,
    check_name: code,
    fingerprint: createHash('sha256')
      .update([code, file ?? '', message].join('\0'))
      .digest('hex'),
    severity: severities[level],
    // GitLab requires a location, also for a finding that is not about a file.
    location: {path: file ?? '.', lines: {begin: line ?? 1}},
  }
}
