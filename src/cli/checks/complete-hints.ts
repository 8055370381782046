import type {Check} from '../../api/checks/check-options.ts'

/** Returns checks whose hints name commands that work where they are read. */
export function completeHints(checks: readonly Check[], complete: (hint: string) => string): readonly Check[] {
  return checks.map((check) => ({
    ...check,
    findings: check.findings.map(({hint, ...finding}) => ({
      ...finding,
      ...(hint !== undefined && {hint: complete(hint)}),
    })),
  }))
}
