import {decimalType, integerType, numberType, sampleType, timeType, uuidOf} from './values.ts'
import type {ValueType} from './values.ts'

const limits = {from: 1900, to: 2900}
const hexOf = (text: string): string => `x'${Buffer.from(text).toString('hex')}'`

/**
 * Returns the type of values for a declared type: what its name means, or its affinity.
 *
 * @see https://www.sqlite.org/datatype3.html#determination_of_column_affinity
 */
export function sqliteType(declared: string): ValueType {
  const form = /^(?<name>[^(]*)(?:\(\s*(?<first>\d+)\s*(?:,\s*(?<second>\d+)\s*)?\))?/
  const {name = '', first, second} = form.exec(declared.toLowerCase())?.groups ?? {}
  const word = name.trim()
  const length = first === undefined ? Infinity : Number(first)
  if (word.startsWith('bool')) return {kind: 'choice', values: ['1', '0']}
  if (word.startsWith('json')) return sampleType((n) => `{"n": ${n + 1}}`)
  if (word === 'uuid') return sampleType(uuidOf)
  if (word === 'date') return timeType('date', limits)
  if (word.startsWith('datetime') || word.startsWith('timestamp')) return timeType('timestamp', limits)
  if (word.startsWith('time'))
    return sampleType((n) => new Date((n % 86_400) * 1000).toISOString().slice(11, 19), {size: 86_400})
  if (word.includes('int')) return integerType(8)
  if (/char|clob|text/.test(word)) return {kind: 'text', length}
  if (word.includes('blob')) return sampleType((n) => `value ${n + 1}`, {render: hexOf})
  if (/real|floa|doub/.test(word)) return numberType(-(10n ** 9n), 10n ** 9n, 3)
  if (word === '' || word === 'any') return {kind: 'text', length: Infinity}
  return first === undefined ? decimalType(15, 0) : decimalType(Number(first), Number(second ?? 0))
}
