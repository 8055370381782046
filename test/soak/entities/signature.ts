import type {ChangeFault} from '../../support/changes/fault.ts'

/** Returns what faults of one kind have in common: the step, and its first message without names and numbers. */
export function signatureOf({stage, details}: ChangeFault): string {
  const [first = ''] = details.map((line) =>
    line
      .replace(/^[+-] /, '')
      .replaceAll(/\b[0-9a-f]{12}\b\S*/g, '')
      .replaceAll(/(["'`])(?:(?!\1).)*\1/g, 'x')
      .replaceAll(/\b\w*_?\w*\d+\w*\b/g, 'x')
      .replaceAll(/\b[a-i](?:_r)?(?:_id)?\b/g, 'x')
      .slice(0, 160),
  )
  return `${stage.replace('before: ', '')}: ${first}`
}
