import {unsupported} from '../definition.ts'
import type {SqlContext, Unsupported} from '../definition.ts'
import {defaultUniqueName} from './constraint.ts'
import type {Constraint, PrimaryKey} from './constraint.ts'

/** Writes a constraint for `create table` or `alter table … add`, or returns why the database does not support it. */
export function constraintSql(constraint: Constraint, context: SqlContext): string | Unsupported {
  const {capabilities, quote, list} = context
  const prefix = constraint.name === undefined ? '' : `constraint ${list([constraint.name])} `
  const isDeferrable = capabilities.deferrable === 'constraints'
  switch (constraint.type) {
    case 'unique': {
      const {name, columns, nullsNotDistinct, include, deferrable, inTable} = constraint
      if (inTable && !capabilities.uniqueIsIndex) return unsupported('`inTable` is only supported on SQLite')
      if ((!capabilities.uniqueOptions && (nullsNotDistinct || include)) || (!isDeferrable && deferrable))
        return unsupported('`nullsNotDistinct`, `include` and `deferrable` are only supported on PostgreSQL')
      const nulls = nullsNotDistinct ? ' nulls not distinct' : ''
      const payload = include ? ` include (${list(include)})` : ''
      const isUnnamed = inTable && name === defaultUniqueName('', constraint)
      return `${isUnnamed ? '' : prefix}unique${nulls} (${list(columns)})${payload}${deferral(deferrable)}`
    }
    case 'foreignKey': {
      const {columns, references, referencedColumns, onDelete, onUpdate, match, deferrable, notValid} = constraint
      const {onDeleteColumns: set} = constraint
      if (set && !capabilities.actionColumns) return unsupported('`onDeleteColumns` is only supported on PostgreSQL')
      if (notValid && !capabilities.notValid) return unsupported('`notValid` is only supported on PostgreSQL')
      if (deferrable && capabilities.deferrable === 'none') return unsupported('`deferrable` is not supported on MySQL')
      return (
        [
          `${prefix}foreign key (${list(columns)}) references ${quote(references)} (${list(referencedColumns)})`,
          ...(match === undefined ? [] : [`match ${match}`]),
          ...(onUpdate === undefined ? [] : [`on update ${onUpdate}`]),
          ...(onDelete === undefined ? [] : [`on delete ${onDelete}${set === undefined ? '' : ` (${list(set)})`}`]),
        ].join(' ') +
        deferral(deferrable) +
        (notValid ? ' not valid' : '')
      )
    }
    case 'check': {
      const {expression, notValid, noInherit} = constraint
      if ((notValid && !capabilities.notValid) || (noInherit && !capabilities.inheritance))
        return unsupported('`notValid` and `noInherit` are only supported on PostgreSQL')
      // MikroORM can report a whole exclusion constraint as a check.
      if (capabilities.excludeConstraints && /^\s*exclude\b/i.test(expression)) return `${prefix}${expression}`
      return `${prefix}check (${expression})${noInherit ? ' no inherit' : ''}${notValid ? ' not valid' : ''}`
    }
    case 'exclude': {
      if (!capabilities.excludeConstraints) return unsupported('exclusion constraints are only supported on PostgreSQL')
      const {elements, using = 'gist', where, deferrable} = constraint
      const pairs = elements.map((element) => `${element.expression} with ${element.with}`).join(', ')
      return `${prefix}exclude using ${using} (${pairs})${where === undefined ? '' : ` where (${where})`}${deferral(deferrable)}`
    }
  }
}

/** Writes a primary key. */
export function primaryKeySql({columns, name, deferrable}: PrimaryKey, {list, capabilities}: SqlContext): string {
  // On MySQL every primary key is called PRIMARY.
  const isNamed = name !== undefined && capabilities.primaryKeyNames !== 'ignored'
  return `${isNamed ? `constraint ${list([name])} ` : ''}primary key (${list(columns)})${deferral(deferrable)}`
}

function deferral(deferrable: 'immediate' | 'deferred' | undefined): string {
  return deferrable === undefined ? '' : ` deferrable initially ${deferrable}`
}
