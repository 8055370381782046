import type {Column, DatabaseSchema} from '@mikro-orm/sql'

/**
 * Corrects lookups of columns by name: MikroORM keeps columns in plain objects, in which it finds inherited properties,
 * such as `constructor`.
 */
export function guardInheritedNames(schema: DatabaseSchema): void {
  for (const table of schema.getTables()) {
    const find = table.getColumn.bind(table)
    table.getColumn = (name: string): Column | undefined =>
      name in Object.prototype ? table.getColumns().find((column) => column.name === name) : find(name)
    table.hasColumn = (name: string): boolean => table.getColumn(name) !== undefined
  }
}
