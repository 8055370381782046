import {conventionalName} from '../names.ts'
import {UnfitValue} from '../errors.ts'
import {
  columnName,
  columnNames,
  field,
  flag,
  listOf,
  name,
  object,
  oneOf,
  optional,
  plainObject,
  printShape,
  readShape,
  sqlText,
  tableName,
  text,
} from '../fields.ts'
import type {Field, Shape} from '../fields.ts'

/** When a deferrable constraint is checked by default: after each statement, or at the end of the transaction. */
type Deferrable = 'immediate' | 'deferred'
type ReferentialAction = 'no action' | 'restrict' | 'cascade' | 'set null' | 'set default'

export interface PrimaryKey {
  readonly columns: readonly string[]
  readonly name?: string
  readonly deferrable?: Deferrable
}

export interface Unique {
  readonly columns: readonly string[]
  readonly name?: string
  /** Whether two nulls are considered equal. */
  readonly nullsNotDistinct?: true
  readonly include?: readonly string[]
  readonly deferrable?: Deferrable
  /** SQLite: whether the constraint is part of `create table`, where it needs no name, instead of a unique index. */
  readonly inTable?: true
}

export interface ForeignKey {
  readonly columns: readonly string[]
  /** The referenced table. */
  readonly references: string
  readonly referencedColumns: readonly string[]
  readonly name?: string
  readonly onDelete?: ReferentialAction
  /** The columns that `set null` or `set default` sets; by default, all columns of the key. */
  readonly onDeleteColumns?: readonly string[]
  readonly onUpdate?: ReferentialAction
  readonly match?: 'full' | 'simple'
  readonly deferrable?: Deferrable
  /** Existing rows are not checked; use `op.validateConstraint` for those. */
  readonly notValid?: true
}

export interface Check {
  readonly expression: string
  readonly name?: string
  readonly notValid?: true
  /** Whether inheriting tables are exempt from the check. */
  readonly noInherit?: true
}

export interface Exclude {
  readonly elements: readonly ExcludeElement[]
  readonly name?: string
  /** The index method; `gist` by default. */
  readonly using?: string
  readonly where?: string
  readonly deferrable?: Deferrable
}

export interface ExcludeElement {
  /** A column or an expression, as SQL. */
  readonly expression: string
  /** The operator that must not return true for any two rows. */
  readonly with: string
}

/** Returns the name of a unique constraint that is given none; within a SQLite table, it is known by its columns. */
export function defaultUniqueName(table: string, {columns, inTable}: Unique): string {
  return inTable ? `(${columns.join(', ')})` : conventionalName(table, columns, 'unique')
}

export type Constraint =
  | ({readonly type: 'unique'} & Unique)
  | ({readonly type: 'foreignKey'} & ForeignKey)
  | ({readonly type: 'check'} & Check)
  | ({readonly type: 'exclude'} & Exclude)

export type ConstraintType = Constraint['type']

const deferrable = oneOf('immediate', 'deferred')
const action = oneOf('no action', 'restrict', 'cascade', 'set null', 'set default')
const named = {name: optional(name)}

export const primaryKeyShape: Shape<PrimaryKey> = {columns: columnNames, ...named, deferrable: optional(deferrable)}

export const uniqueShape: Shape<Unique> = {
  columns: columnNames,
  ...named,
  nullsNotDistinct: flag,
  include: optional(columnNames),
  deferrable: optional(deferrable),
  inTable: flag,
}

export const foreignKeyShape: Shape<ForeignKey> = {
  columns: columnNames,
  references: tableName,
  referencedColumns: columnNames,
  ...named,
  onDelete: optional(action),
  onDeleteColumns: optional(columnNames),
  onUpdate: optional(action),
  match: optional(oneOf('full', 'simple')),
  deferrable: optional(deferrable),
  notValid: flag,
}

export const checkShape: Shape<Check> = {expression: sqlText, ...named, notValid: flag, noInherit: flag}

export const excludeShape: Shape<Exclude> = {
  elements: listOf(object('an element', {expression: columnName, with: text('an operator')}), 'elements'),
  ...named,
  using: optional(text('an index method')),
  where: optional(sqlText),
  deferrable: optional(deferrable),
}

export const constraintTypes = oneOf('unique', 'foreignKey', 'check', 'exclude')

const shapes: Readonly<Record<ConstraintType, Shape<object>>> = {
  unique: uniqueShape,
  foreignKey: foreignKeyShape,
  check: checkShape,
  exclude: excludeShape,
}

/** A constraint of any type. */
export const constraintField: Field<Constraint> = {
  expects: 'a constraint with its type',
  read: (value) => {
    const {type, ...rest} = plainObject(value, 'a constraint')
    if (typeof type !== 'string' || !Object.hasOwn(shapes, type))
      throw new UnfitValue(constraintTypes.expects, type, ['type'])
    return {type, ...readShape<object>(shapes[type as ConstraintType], rest)} as Constraint
  },
  print: ({type, ...rest}) => {
    const printed = printShape<object>(shapes[type], rest)
    const items = typeof printed === 'string' ? [] : printed.items
    return {open: '{', items: [`type: '${type}'`, ...items], close: '}'}
  },
}

/** A primary key: its columns, or an object that also sets its name. */
export const primaryKeyField: Field<PrimaryKey> = {
  expects: 'the columns of a primary key',
  read: (value) =>
    typeof value === 'string' || Array.isArray(value)
      ? {columns: columnNames.read(value)}
      : readShape(primaryKeyShape, plainObject(value, 'the columns of a primary key')),
  print: (key) => (Object.keys(key).length === 1 ? columnNames.print(key.columns) : printShape(primaryKeyShape, key)),
}

export const comment: Field<string> = field('a comment', (value) => typeof value === 'string')
