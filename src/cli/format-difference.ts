import type {Difference} from '../engine/edited-text.ts'
import type {Paint} from './style.ts'

/** Returns the difference between a file and the applied text: a diff, or a sentence. */
export function formatDifferences(differences: readonly Difference[], paint: Paint): string[] {
  return differences.flatMap(({state, diff, reason, database}) => {
    const where = database === undefined ? '' : ` on ${database}`
    if (state === 'not applied') return ['', `Not applied${where}.`]
    if (state === 'as applied') return ['', `The file matches what was applied${where}.`]
    const title =
      state === 'reformatted'
        ? `The file was reformatted after it was applied${where}, and its operations are the same`
        : `The file was edited after it was applied${where}`
    if (diff === undefined) return ['', `${title}. The applied text is not available: ${reason}.`]
    return [
      '',
      `${title}:`,
      ...diff
        .trimEnd()
        .split('\n')
        .map((line) => painted(line, paint)),
    ]
  })
}

function painted(line: string, paint: Paint): string {
  if (/^(?:---|\+\+\+) /.test(line)) return paint('strong', line)
  if (line.startsWith('@@')) return paint('hint', line)
  return line.startsWith('+') ? paint('head', line) : line.startsWith('-') ? paint('bad', line) : line
}
