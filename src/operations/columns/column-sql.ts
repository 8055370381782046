import type {Capabilities} from '../../dialects/capabilities.ts'
import {unsupported} from '../definition.ts'
import type {Unsupported} from '../definition.ts'
import type {ColumnDefinition, Identity} from './column.ts'

/** Writes the options of an identity column's sequence. */
export function identityOptions({start, increment}: Identity): string {
  const options = [
    ...(start === undefined ? [] : [`start with ${start}`]),
    ...(increment === undefined ? [] : [`increment by ${increment}`]),
  ]
  return options.length === 0 ? '' : ` (${options.join(' ')})`
}

const longType = /^(?:(?:tiny|medium|long)?(?:text|blob)|json|geom|(?:multi)?(?:point|linestring|polygon))/i

/** Whether MySQL stores values of a type outside the row. Their defaults must be expressions. */
export function isLong(type: string): boolean {
  return longType.test(type)
}

/** Returns why a database does not support a column, if it does not. */
export function columnRefusal(
  {onUpdate, unsigned, autoincrement, identity, check}: ColumnDefinition,
  {unsignedNumbers, onUpdateValues, countsInKeysOnly, columnChecks}: Capabilities,
  isPrimaryKey: boolean,
): Unsupported | undefined {
  if ((onUpdate !== undefined && !onUpdateValues) || (unsigned !== undefined && !unsignedNumbers))
    return unsupported('`onUpdate` and `unsigned` are only supported on MySQL')
  if (check !== undefined && !columnChecks)
    return unsupported('`check` of a column is only supported on MariaDB; add a check to the table')
  const counts = autoincrement === true || identity !== undefined
  return counts && countsInKeysOnly && !isPrimaryKey
    ? unsupported('`autoincrement` is only supported on a single-column primary key on SQLite')
    : undefined
}
