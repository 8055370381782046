import type {Column, DatabaseSchema, DatabaseTable, ForeignKey, IndexDef} from '@mikro-orm/sql'

type Shorten = (name: string) => string

/**
 * Gives all objects of a schema the names that the server gives them: it cuts off names that are too long.
 *
 * @param limit the number of bytes that a name can have
 */
export function shortenNames(schema: DatabaseSchema, limit: number): void {
  const shorten = (name: string): string => cut(name, limit)
  // A name may be qualified by a schema.
  const within: Shorten = (name) => name.split('.').map(shorten).join('.')
  const enums = Object.entries(schema.getNativeEnums())
  schema.setNativeEnums(
    Object.fromEntries(enums.map(([key, {name, ...rest}]) => [within(key), {...rest, name: shorten(name)}])),
  )
  for (const table of schema.getTables()) shortenTable(table, shorten, within)
  for (const object of [...schema.getTables(), ...schema.getViews(), ...schema.getRoutines()])
    Object.assign(object, {name: shorten(object.name)})
}

function shortenTable(table: DatabaseTable, shorten: Shorten, within: Shorten): void {
  shortenColumns(table, shorten, within)
  table.setIndexes(table.getIndexes().map((index) => shortenedIndex(index, shorten)))
  table.setChecks(
    table.getChecks().map(({columnName, ...check}) => ({
      ...check,
      name: shorten(check.name),
      ...(columnName !== undefined && {columnName: shorten(columnName)}),
    })),
  )
  table.setTriggers(table.getTriggers().map((trigger) => ({...trigger, name: shorten(trigger.name)})))
  table.setPolicies(table.getPolicies().map((policy) => ({...policy, name: shorten(policy.name)})))
  const keys = Object.values(table.getForeignKeys()).map((key) => shortenedKey(key, shorten, within))
  table.setForeignKeys(Object.fromEntries(keys.map((key) => [key.constraintName, key])))
}

function shortenColumns(table: DatabaseTable, shorten: Shorten, within: Shorten): void {
  const columns = table.getColumns()
  for (const {name} of columns) table.removeColumn(name)
  for (const column of columns) {
    const {name, nativeEnumName, type} = column
    const ofEnum: Partial<Column> =
      nativeEnumName === undefined ? {} : {nativeEnumName: within(nativeEnumName), type: typeWithin(type, within)}
    table.addColumn(Object.assign(column, {name: shorten(name), ...ofEnum}))
  }
}

/** Shortens the name of an enum in a type, which may be quoted, or an array. */
function typeWithin(type: string, within: Shorten): string {
  return type.replaceAll(/[^"[\]]+/g, within)
}

function shortenedIndex(index: IndexDef, shorten: Shorten): IndexDef {
  const {keyName, columnNames, columns, include} = index
  return {
    ...index,
    keyName: shorten(keyName),
    columnNames: columnNames.map(shorten),
    ...(columns && {columns: columns.map((column) => ({...column, name: shorten(column.name)}))}),
    ...(include && {include: include.map(shorten)}),
  }
}

function shortenedKey(key: ForeignKey, shorten: Shorten, within: Shorten): ForeignKey {
  return {
    ...key,
    constraintName: shorten(key.constraintName),
    columnNames: key.columnNames.map(shorten),
    localTableName: within(key.localTableName),
    referencedTableName: within(key.referencedTableName),
    referencedColumnNames: key.referencedColumnNames.map(shorten),
  }
}

/** Returns the beginning of a name that has at most some number of bytes, in whole characters. */
function cut(name: string, limit: number): string {
  const bytes = Buffer.from(name)
  return bytes.length <= limit ? name : new TextDecoder().decode(bytes.subarray(0, limit), {stream: true})
}
