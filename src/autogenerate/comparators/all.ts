import type {Dialect} from '../../dialects/dialect.ts'
import type {Comparator, ComparatorInput} from './comparator.ts'
import {enumValues} from './enum-values.ts'
import {expressions} from './expressions.ts'
import {extensions} from './extensions.ts'
import {indexExpressions} from './index-expressions.ts'
import {sequences} from './sequences.ts'
import {timestamps} from './timestamps.ts'
import {uniqueForm} from './unique-form.ts'

/** All comparators by name; a new comparator is added here. */
const comparators = {expressions, timestamps, uniqueForm, indexExpressions, enumValues, sequences, extensions} as const

/** The comparators that each dialect needs. */
const needed: Readonly<Record<Dialect, readonly (keyof typeof comparators)[]>> = {
  postgresql: ['expressions', 'timestamps', 'uniqueForm', 'indexExpressions', 'enumValues', 'sequences', 'extensions'],
  sqlite: [],
  mysql: [],
  mariadb: [],
}

export type ComparatorName = keyof typeof comparators

export const comparatorNames = Object.keys(comparators) as readonly ComparatorName[]

/** The comparators that correct how MikroORM compares; they are not needed if catalogues are compared. */
const approximate: readonly ComparatorName[] = ['expressions', 'timestamps', 'uniqueForm', 'indexExpressions']

/**
 * Runs every comparator that the dialect needs and the configuration does not disable.
 *
 * @param isReconciled whether catalogues were compared
 */
export async function runComparators(
  input: ComparatorInput,
  isOn: (name: ComparatorName) => boolean,
  isReconciled: boolean,
): Promise<void> {
  for (const name of needed[input.context.dialect]) {
    const comparator: Comparator = comparators[name]
    if (isOn(name) && !(isReconciled && approximate.includes(name))) await comparator.compare(input)
  }
}
