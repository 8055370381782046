import type {Item} from './items.ts'
import type {SchemaModel} from './schema-model.ts'

/** Functions whose result depends on the objects of a database. */
const functions =
  /^(?:to_reg\w+|pg_get_(?!serial_sequence)\w+|\w+_description|has_\w+_privilege|enum_(?:first|last|range)|format_type|pg_\w*_(?:size|is_visible))$/

/** Whether a function reads the catalogue. */
export function readsCatalogue(parts: readonly string[]): boolean {
  return functions.test(parts.at(-1) ?? '') && (parts.length === 1 || parts[0] === 'pg_catalog')
}

/** Whether a table or view is one of the catalogue, which every change of an object changes. */
export function isOfCatalogue(model: SchemaModel, {kind, name, parent}: Item): boolean {
  if (kind !== 'table' && kind !== 'view') return false
  const schema = parent === undefined ? undefined : model.get(parent)?.name
  const own = model.rules.isLoose ? 'sqlite_' : 'pg_'
  return schema === 'information_schema' || schema === 'pg_catalog' || (schema === 'public' && name.startsWith(own))
}
