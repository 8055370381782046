import type {Finding} from '../../api/checks/check-options.ts'
import type {Check} from '../../api/checks/check-options.ts'
import {escapeLine} from '../../util/controls.ts'
import {migVersion} from '../../util/version.ts'

/**
 * Returns checks as a SARIF 2.1.0 log, which code hosts and editors read.
 *
 * @see https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
 */
export function sarifLog(checks: readonly Check[]): object {
  const findings = checks.flatMap((check) => check.findings)
  const rules = [...new Set(findings.map(({code}) => code))].map((id) => ({id}))
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {name: 'mig', version: migVersion(), informationUri: 'https://www.npmjs.com/package/migdag', rules},
        },
        results: findings.map(resultOf),
      },
    ],
  }
}

function resultOf({code, level, message, hint, file, line}: Finding): object {
  return {
    ruleId: code,
    level,
    message: {text: plainMessage(hint === undefined ? message : `${message} ${hint}`)},
    ...(file !== undefined && {
      locations: [
        {
          physicalLocation: {
            artifactLocation: {uri: file.split('/').map(encodeURIComponent).join('/')},
            region: {startLine: line ?? 1},
          },
        },
      ],
    }),
  }
}

/** Viewers show `[text](target)` in a message as a link. */
function plainMessage(message: string): string {
  return escapeLine(message).replaceAll('](', '] (')
}
