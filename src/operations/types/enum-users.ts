import {defaultField} from '../columns/column.ts'
import type {DefaultValue} from '../columns/column.ts'
import {columnName, listOf, name, object, optional, sqlText, tableName, text} from '../fields.ts'
import {domainShape} from './domain.ts'
import type {DomainDefinition} from './domain.ts'

/** A column that uses an enum. */
export interface EnumColumn {
  readonly table: string
  readonly column: string
  /** The type of the column, unless it is the enum itself: an array, or a domain over the enum. */
  readonly type?: string
  /** The column's default, which has to be set again. */
  readonly default?: DefaultValue
}

/** A domain over an enum, which is rebuilt with it. */
export interface EnumDomain extends DomainDefinition {
  readonly name: string
}

/** An object whose definition mentions an enum: a view, an index, a check. It is dropped and created again. */
export interface EnumDependent {
  readonly drop: string
  readonly create: readonly string[]
}

/** The objects that use an enum, all of which change with it. */
export interface EnumUse {
  readonly columns?: readonly EnumColumn[]
  /** The domains over the enum; those over other domains come last. */
  readonly domains?: readonly EnumDomain[]
  /** Other objects, in the order in which they are dropped. */
  readonly dependents?: readonly EnumDependent[]
}

export const enumUseShape = {
  columns: optional(
    listOf(
      object<EnumColumn>('a column', {
        table: tableName,
        column: columnName,
        type: optional(text('a type')),
        default: optional(defaultField),
      }),
      'columns',
    ),
  ),
  domains: optional(listOf(object<EnumDomain>('a domain', {name, ...domainShape}), 'domains')),
  dependents: optional(
    listOf(
      object<EnumDependent>('SQL that drops and creates an object', {drop: sqlText, create: listOf(sqlText, 'SQL')}),
      'dependents',
    ),
  ),
}

/** Returns the uses that are there. */
export function enumUseOf({columns = [], domains = [], dependents = []}: EnumUse): EnumUse {
  return {
    ...(columns.length > 0 && {columns}),
    ...(domains.length > 0 && {domains}),
    ...(dependents.length > 0 && {dependents}),
  }
}
