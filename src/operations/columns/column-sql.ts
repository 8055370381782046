import type {Identity} from './column.ts'

/** Writes the options of the sequence behind an identity column. */
export function identityOptions({start, increment}: Identity): string {
  const options = [
    ...(start === undefined ? [] : [`start with ${start}`]),
    ...(increment === undefined ? [] : [`increment by ${increment}`]),
  ]
  return options.length === 0 ? '' : ` (${options.join(' ')})`
}
