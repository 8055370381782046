import {flatSource, objectSource, textSource, valueSource} from '../source.ts'
import type {ColumnDefinition} from './column.ts'
import {columnTypes, typeNames} from './column-builder.ts'

/** Renders a column as builder calls: `t.varchar(255).notNull()`. */
export function columnSource(definition: ColumnDefinition): string {
  const {type, nullable, default: value, identity, generated, collation, comment, onUpdate, check} = definition
  const base = typeSource(type)
  const {primaryKey = false, autoincrement = false} = definition
  const implied = primaryKey || autoincrement || identity !== undefined || isSerial(type)
  return [
    base,
    ...(definition.unsigned ? ['unsigned()'] : []),
    ...(autoincrement ? ['autoincrement()'] : []),
    ...(identity === undefined ? [] : [identitySource(identity)]),
    ...(generated === undefined ? [] : [generatedSource(generated)]),
    ...(primaryKey ? ['primaryKey()'] : []),
    ...(nullable === implied ? [nullable ? 'nullable()' : 'notNull()'] : []),
    ...(definition.unique ? ['unique()'] : []),
    ...(value === undefined ? [] : [defaultSource(value)]),
    ...(collation === undefined ? [] : [`collate(${textSource(collation)})`]),
    ...(onUpdate === undefined ? [] : [`onUpdate(${textSource(onUpdate)})`]),
    ...(check === undefined ? [] : [`check(${textSource(check)})`]),
    ...(comment === undefined ? [] : [`comment(${textSource(comment)})`]),
  ].join('.')
}

const known: ReadonlyMap<string, string> = new Map(typeNames.map((name) => [columnTypes[name]().definition.type, name]))

const isSerial = (type: string): boolean => /^(?:small|big)?serial$/.test(type)

/** Renders `varchar(255)[]` as `t.varchar(255).array()`, and a type without a method as `t.raw('…')`. */
function typeSource(type: string): string {
  const {
    base = '',
    sizes,
    arrays = '',
  } = /^(?<base>[a-z0-9 ]+?)(?:\((?<sizes>\d+(?:, \d+)*)\))?(?<arrays>(?:\[\])*)$/.exec(type)?.groups ?? {}
  const method = known.get(base)
  if (method === undefined || (isSerial(base) && type !== base)) return `t.raw(${textSource(type)})`
  return `t.${method}(${sizes ?? ''})${arrays.replaceAll('[]', '.array()')}`
}

function defaultSource(value: NonNullable<ColumnDefinition['default']>): string {
  return typeof value === 'object'
    ? `defaultSql(${textSource(value.sql)})`
    : `default(${flatSource(valueSource(value))})`
}

function identitySource({generated, ...options}: NonNullable<ColumnDefinition['identity']>): string {
  const given = Object.entries(options).map(([key, value]) => [key, String(value)] as const)
  if (given.length > 0) return `identity('${generated}', ${flatSource(objectSource(given))})`
  return generated === 'always' ? 'identity()' : `identity('${generated}')`
}

function generatedSource({as, stored}: NonNullable<ColumnDefinition['generated']>): string {
  return `generatedAs(${textSource(as)}${stored ? '' : ', {stored: false}'})`
}
