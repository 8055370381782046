import type {CheckDef, DatabaseTable, ForeignKey as MikroForeignKey} from '@mikro-orm/sql'
import {dialects} from '../../dialects/dialects.ts'
import type {Check, ForeignKey, PrimaryKey} from '../../operations/constraints/constraint.ts'
import type {Dialect} from '../../operations/operation.ts'
import {unwrapped} from './expressions.ts'

type Action = NonNullable<ForeignKey['onDelete']>
const actions: readonly string[] = ['no action', 'restrict', 'cascade', 'set null', 'set default']

/** Returns the primary key of a table; its name only if it differs from the database's default name. */
export function primaryKeyOf(table: DatabaseTable, dialect: Dialect, defaultName: string): PrimaryKey | undefined {
  const key = table.getPrimaryKey()
  if (key === undefined || key.columnNames.length === 0) return undefined
  const isNamed = dialects[dialect].capabilities.primaryKeyNames === 'kept' && key.keyName !== defaultName
  return {columns: key.columnNames, ...(isNamed && {name: key.keyName})}
}

export function foreignKeyOf(key: MikroForeignKey): ForeignKey {
  const {deferMode} = key
  const {action: onDelete, columns} = deletionOf(key.deleteRule)
  // MikroORM reads the rule in lower case.
  const onDeleteColumns = columns?.map((name) => key.columnNames.find((own) => isSame(own, name)) ?? name)
  const onUpdate = actionOf(key.updateRule)
  return {
    columns: key.columnNames,
    references: key.referencedTableName.replace(/^public\./, ''),
    referencedColumns: key.referencedColumnNames,
    name: key.constraintName,
    ...(onDelete && {onDelete}),
    ...(onDeleteColumns && {onDeleteColumns}),
    ...(onUpdate && {onUpdate}),
    ...(deferMode !== undefined && {deferrable: deferMode}),
  }
}

const isSame = (name: string, other: string): boolean => name.toLowerCase() === other.toLowerCase()

/** Splits a rule that names columns: `set null ("a", "b")`. */
function deletionOf(rule: string | undefined): {readonly action?: Action; readonly columns?: readonly string[]} {
  const {word = rule, list} =
    /^(?<word>set (?:null|default))\s*\((?<list>.*)\)$/is.exec(rule?.trim() ?? '')?.groups ?? {}
  const action = actionOf(word)
  const columns = list
    ?.match(/"(?:[^"]|"")*"|[^\s,"]+/g)
    ?.map((name) => name.replace(/^"(.*)"$/s, '$1').replaceAll('""', '"'))
  return {...(action && {action}), ...(columns && {columns})}
}

/** The default action is omitted. */
function actionOf(rule: string | undefined): Action | undefined {
  const action = rule?.toLowerCase().replaceAll('"', '').replaceAll('_', ' ')
  return action === undefined || action === 'no action' || !actions.includes(action) ? undefined : (action as Action)
}

export function checkOf({name, expression, definition}: CheckDef): Check {
  // The database's definition is more accurate than MikroORM's interpretation of it.
  const text = (definition ?? String(expression)).trim()
  const {body, suffix = ''} =
    /^check\s*(?<body>.*?)(?<suffix>(?:\s+(?:not valid|no inherit))*)$/is.exec(text)?.groups ?? {}
  return {
    expression: body === undefined ? text : unwrapped(body),
    name,
    ...(/no inherit/i.test(suffix) && {noInherit: true}),
    ...(/not valid/i.test(suffix) && {notValid: true}),
  }
}
