import type {IndexDef} from '@mikro-orm/sql'
import {dialects} from '../../dialects/dialects.ts'
import type {Unique} from '../../operations/constraints/constraint.ts'
import type {IndexDefinition, IndexElement} from '../../operations/indexes/index-definition.ts'
import type {Dialect} from '../../operations/operation.ts'

/** The part of a table that operations use for a MikroORM index. */
export type IndexPart =
  | {readonly kind: 'unique'; readonly unique: Unique}
  | {readonly kind: 'index'; readonly index: IndexDefinition}
  /** An index that only a statement can define. */
  | {readonly kind: 'statement'; readonly name: string}

/** Unique constraints that take nulls for duplicates, which MikroORM does not know. */
export const nullsNotDistinct = new WeakSet<IndexDef>()

/** Unique constraints in the `create table` statement of SQLite, which MikroORM does not read. */
export const inTable = new WeakSet<IndexDef>()

/** Converts a MikroORM index, other than a primary key, to its operation form. */
export function indexOf(index: IndexDef, dialect: Dialect): IndexPart {
  const {keyName: name, columnNames, unique, constraint, columns = [], include, where, fillFactor, invisible} = index
  const {fullTextByExpression, uniqueIsIndex, deferrable, indexPrefixes} = dialects[dialect].capabilities
  const isPath = columnNames.some((column) => column === null || column === undefined || column.includes('.'))
  const using = typeof index.type === 'object' ? index.type.indexType : index.type
  const isFullText = using === 'fulltext' && fullTextByExpression
  if (index.expression !== undefined || isPath || isFullText || index.disabled === true)
    return {kind: 'statement', name}
  const isPlain = where === undefined && columns.length === 0 && using === undefined && fillFactor === undefined
  if (unique && isPlain && (constraint || uniqueIsIndex)) {
    const {deferMode} = index
    return {
      kind: 'unique',
      unique: {
        columns: columnNames,
        name,
        ...(include && {include}),
        ...(deferMode !== undefined && deferrable === 'constraints' && {deferrable: deferMode}),
        ...(nullsNotDistinct.has(index) && {nullsNotDistinct: true}),
        ...(inTable.has(index) && {inTable: true}),
      },
    }
  }
  return {
    kind: 'index',
    index: {
      columns: columnNames.map((column) =>
        elementOf(columns.find((options) => options.name === column) ?? {name: column}, indexPrefixes),
      ),
      name,
      ...(unique && {unique: true}),
      ...(using !== undefined && using !== 'btree' && {using}),
      ...(where && {where}),
      ...(include && include.length > 0 && {include}),
      ...(fillFactor !== undefined && {with: {fillfactor: fillFactor}}),
      ...(invisible && {invisible: true}),
    },
  }
}

function elementOf(
  {name, sort, nulls, length: prefix, collation}: NonNullable<IndexDef['columns']>[number],
  indexPrefixes: boolean,
): IndexElement {
  const length = indexPrefixes ? prefix : undefined
  const order = sort?.toLowerCase() as 'asc' | 'desc' | undefined
  const place = nulls?.toLowerCase() as 'first' | 'last' | undefined
  if ((order ?? place ?? length ?? collation) === undefined) return name
  return {
    column: name,
    ...(order !== undefined && {sort: order}),
    ...(place !== undefined && {nulls: place}),
    ...(length !== undefined && {length}),
    ...(collation !== undefined && {collation}),
  }
}
