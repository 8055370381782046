import {allOddNames} from './names.ts'
import type {ChangeFault} from '../../support/changes/fault.ts'

/** Returns what faults of one kind have in common: the step, and its first message without names and numbers. */
export function signatureOf({stage, details: [first = '']}: ChangeFault): string {
  return `${stage.replace('before: ', '')}: ${withoutNames(first).slice(0, 160)}`
}

function withoutNames(line: string): string {
  const named = allOddNames.reduce((text, name) => text.replaceAll(name, name.length === 1 ? name : 'x'), line)
  return named
    .replace(/^[+-] /, '')
    .replace(/^(unstable|unsettled): .*/, '$1')
    .replaceAll(/\b[0-9a-f]{12}\b\S*/g, '')
    .replaceAll(/(["'`])(?:(?!\1).)*\1/g, 'x')
    .replaceAll(/\b\w*\d\w*\b/g, 'x')
    .replaceAll(/\b[a-i](?:_[a-z]\w*)?\b/g, 'x')
}
