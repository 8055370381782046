import type {Comparator, ComparatorInput} from './comparator.ts'
import {enumValues} from './enum-values.ts'
import {expressions} from './expressions.ts'
import {extensions} from './extensions.ts'
import {indexExpressions} from './index-expressions.ts'
import {sequences} from './sequences.ts'
import {timestamps} from './timestamps.ts'
import {uniqueForm} from './unique-form.ts'

/** Every comparator by its name: a new one is a line here. */
const comparators = {expressions, timestamps, uniqueForm, indexExpressions, enumValues, sequences, extensions} as const

export type ComparatorName = keyof typeof comparators

export const comparatorNames = Object.keys(comparators) as readonly ComparatorName[]

/** Asks every comparator that is not switched off. */
export async function runComparators(input: ComparatorInput, isOn: (name: ComparatorName) => boolean): Promise<void> {
  for (const [name, comparator] of Object.entries<Comparator>(comparators))
    if (comparator.dialects.includes(input.context.dialect) && isOn(name as ComparatorName))
      await comparator.compare(input)
}
