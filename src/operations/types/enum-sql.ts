import type {SqlContext} from '../definition.ts'
import {nextTo, splitName} from '../names.ts'
import {createDomainSql} from './domain.ts'
import type {ReplaceEnum} from './enum.ts'
import type {EnumColumn} from './enum-users.ts'

/** Writes `create type … as enum`. */
export function createEnumSql(own: string, items: readonly string[], {quote, literal}: SqlContext): string {
  return `create type ${quote(own)} as enum (${items.map(literal).join(', ')})`
}

/**
 * Writes the statements that rebuild an enum: a type of the new values takes the place of the old one, which is renamed
 * and dropped at the end. What mentions the type in an expression is dropped before and created afterwards.
 */
export function replaceEnumSql(record: ReplaceEnum, context: SqlContext): string[] {
  const {name: own, values, columns = [], domains = [], dependents = [], mapping = {}} = record
  const {quote, list} = context
  return [
    ...dependents.map(({drop}) => drop),
    `alter type ${quote(own)} rename to ${list([oldName(own)])}`,
    ...domains.map(({name}) => `alter domain ${quote(name)} rename to ${list([oldName(name)])}`),
    createEnumSql(own, values, context),
    ...domains.map((domain) => createDomainSql(domain.name, domain, context)),
    ...columns.map((column) => convertSql(column, own, mapping, context)),
    ...domains.toReversed().map(({name}) => `drop domain ${quote(nextTo(name, oldName(name)))}`),
    `drop type ${quote(nextTo(own, oldName(own)))}`,
    ...dependents.toReversed().flatMap(({create}) => create),
  ]
}

const oldName = (name: string): string => `${splitName(name).name}_old`

function convertSql(
  {table, column, type, default: value}: EnumColumn,
  own: string,
  mapping: Readonly<Record<string, string>>,
  context: SqlContext,
): string {
  const {quote, list} = context
  const quoted = list([column])
  const target = type ?? quote(own)
  const converted =
    type?.endsWith('[]') === true
      ? mappedArray(`${quoted}::text[]`, mapping, context)
      : mappedValue(`${quoted}::text`, mapping, context)
  const alter = `alter column ${quoted}`
  const parts = [
    ...(value === undefined ? [] : [`${alter} drop default`]),
    `${alter} type ${target} using ${converted}::${target}`,
    ...(value === undefined ? [] : [`${alter} set default ${context.default(value)}`]),
  ]
  return `alter table ${quote(table)} ${parts.join(', ')}`
}

function mappedValue(text: string, mapping: Readonly<Record<string, string>>, {literal}: SqlContext): string {
  const cases = Object.entries(mapping).map(([from, to]) => ` when ${literal(from)} then ${literal(to)}`)
  return cases.length === 0 ? text : `(case ${text}${cases.join('')} else ${text} end)`
}

/** A conversion cannot contain a query, so values are replaced one after the other, through names that are not values. */
function mappedArray(text: string, mapping: Readonly<Record<string, string>>, {literal}: SqlContext): string {
  const entries = Object.entries(mapping)
  const isChained = entries.some(([, to]) => Object.hasOwn(mapping, to))
  const steps = isChained
    ? [...entries.map(([from], i) => [from, `mig ${i}`]), ...entries.map(([, to], i) => [`mig ${i}`, to])]
    : entries
  return steps.reduce((sql, [from = '', to = '']) => `array_replace(${sql}, ${literal(from)}, ${literal(to)})`, text)
}
