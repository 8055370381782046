import type {Difference} from '../engine/edited-text.ts'
import {linesOf, text} from '../render/safe/text.ts'
import type {SafeText} from '../render/safe/text.ts'
import type {Paint} from './style.ts'

/** Returns the difference between a file and the applied text: a diff, or a sentence. */
export function formatDifferences(differences: readonly Difference[], paint: Paint): SafeText[] {
  return differences.flatMap(({state, wasEmpty, diff, reason, database}) => {
    const where = database === undefined ? '' : ` on ${database}`
    if (state === 'not applied') return [text``, text`Not applied${where}.`]
    if (state === 'as applied') return [text``, text`The file matches what was applied${where}.`]
    const title =
      state === 'reformatted'
        ? `The file was reformatted after it was applied${where}, and its operations are the same`
        : `The file was edited after it was applied${where}${wasEmpty === true ? ' without operations' : ''}`
    if (diff === undefined) return [text``, text`${title}. The applied text is not available: ${reason ?? ''}.`]
    return [text``, text`${title}:`, ...linesOf(diff.trimEnd()).map((line) => painted(line, paint))]
  })
}

function painted(line: SafeText, paint: Paint): SafeText {
  const {value} = line
  if (/^(?:---|\+\+\+) /.test(value)) return paint('strong', line)
  if (value.startsWith('@@')) return paint('hint', line)
  return value.startsWith('+') ? paint('head', line) : value.startsWith('-') ? paint('bad', line) : line
}
