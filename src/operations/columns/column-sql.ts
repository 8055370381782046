import type {Capabilities} from '../../dialects/capabilities.ts'
import {unsupported} from '../definition.ts'
import type {Unsupported} from '../definition.ts'
import type {ColumnDefinition, Identity} from './column.ts'

/** Writes the options of the sequence behind an identity column. */
export function identityOptions({start, increment}: Identity): string {
  const options = [
    ...(start === undefined ? [] : [`start with ${start}`]),
    ...(increment === undefined ? [] : [`increment by ${increment}`]),
  ]
  return options.length === 0 ? '' : ` (${options.join(' ')})`
}

const longType = /^(?:(?:tiny|medium|long)?(?:text|blob)|json|geom|(?:multi)?(?:point|linestring|polygon))/i

/** Whether MySQL keeps values of a type apart from the row. Their defaults must be expressions. */
export function isLong(type: string): boolean {
  return longType.test(type)
}

/** Returns why a database cannot have a column, if it cannot. */
export function columnRefusal(
  {onUpdate, unsigned, autoincrement, identity}: ColumnDefinition,
  {unsignedNumbers, onUpdateValues, countsInKeysOnly}: Capabilities,
  isPrimaryKey: boolean,
): Unsupported | undefined {
  if ((onUpdate !== undefined && !onUpdateValues) || (unsigned !== undefined && !unsignedNumbers))
    return unsupported('`onUpdate` and `unsigned` are there on MySQL only')
  const counts = autoincrement === true || identity !== undefined
  return counts && countsInKeysOnly && !isPrimaryKey
    ? unsupported('SQLite numbers rows in a primary key of one column only')
    : undefined
}
