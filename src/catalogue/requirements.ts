import type {DatabaseSchema, SqlEntityManager} from '@mikro-orm/sql'
import type {SqlContext} from '../operations/definition.ts'
import {columnOf} from './definitions/column.ts'

/** The extensions that provide types. */
const extensionOf: Readonly<Record<string, string>> = {
  citext: 'citext',
  hstore: 'hstore',
  ltree: 'ltree',
  cube: 'cube',
  vector: 'vector',
  halfvec: 'vector',
  geometry: 'postgis',
  geography: 'postgis',
}

/** Returns the extensions that provide the types of a schema's columns. */
export function requiredExtensions(schema: DatabaseSchema): ReadonlySet<string> {
  return extensionsOf(schema.getTables().flatMap((table) => table.getColumns().map(({type}) => type)))
}

/** Returns the extensions that provide the types of the entities' columns, before there is a connection. */
export function extensionsOfEntities(em: SqlEntityManager): ReadonlySet<string> {
  const entities = [...em.getMetadata().getAll().values()]
  return extensionsOf(entities.flatMap(({props}) => props.flatMap(({columnTypes}) => columnTypes ?? [])))
}

function extensionsOf(types: readonly string[]): ReadonlySet<string> {
  const bases = types.map((type) => /^\w+/.exec(type)?.[0] ?? '')
  return new Set(bases.flatMap((base) => extensionOf[base.toLowerCase()] ?? []))
}

const call = /^nextval\('(?<name>[^']+)'(?:::\w+)?\)$/i

/** Returns the sequences that column defaults use; entities cannot declare sequences otherwise. */
export function requiredSequences(schema: DatabaseSchema, {dialect}: SqlContext): ReadonlySet<string> {
  return new Set(
    schema.getTables().flatMap((table) =>
      table.getColumns().flatMap((column) => {
        const value = columnOf(column, table, dialect).default
        const name = typeof value === 'object' ? call.exec(value.sql)?.groups?.['name'] : undefined
        return name === undefined ? [] : name.replaceAll('"', '').replace(/^public\./, '')
      }),
    ),
  )
}
