import type {Column, DatabaseSchema, SqlEntityManager} from '@mikro-orm/sql'

/**
 * Corrects the text defaults of the schema that MikroORM derives from entities: it puts a text between quotes without
 * escaping it.
 *
 * @param quote writes a text as a literal
 */
export function correctTextDefaults(
  schema: DatabaseSchema,
  em: SqlEntityManager,
  quote: (text: string) => string,
): void {
  for (const meta of em.getMetadata().getAll().values()) {
    const table = schema.getTable(`${meta.schema ?? schema.name}.${meta.tableName}`) ?? schema.getTable(meta.tableName)
    for (const {default: value, fieldNames = []} of Object.values(meta.properties)) {
      const column = fieldNames.length === 1 ? table?.getColumn(fieldNames[0] ?? '') : undefined
      if (column !== undefined) correctTextDefault(column, value, quote)
    }
  }
}

function correctTextDefault(column: Column, value: unknown, quote: (text: string) => string): void {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  if (column.default === `'${text}'`) column.default = quote(text)
}
