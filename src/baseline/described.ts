import type {DatabaseSchema} from '@mikro-orm/sql'
import {Stages} from '../autogenerate/produce/stages.ts'
import {produceNewTables} from '../autogenerate/produce/tables.ts'
import {produceViews} from '../autogenerate/produce/views.ts'
import type {ComparedDatabase} from '../catalogue/compared-database.ts'
import type {CatalogueObject} from '../catalogue/snapshot/snapshot.ts'
import {tableNameOf} from '../catalogue/definitions/table.ts'
import {databaseSchema} from '../catalogue/read.ts'
import type {SqlContext} from '../operations/definition.ts'
import type {OperationRegistry} from '../operations/registry.ts'
import {stages as order} from '../operations/stage.ts'
import {DefinitionList, ownerOf} from './definitions.ts'
import type {Definitions} from './definitions.ts'
import type {DatabaseSource} from './source.ts'

/**
 * Returns the objects of a database as operations: schemas, extensions, sequences, and what MikroORM reads: enums, tables
 * with all their parts, and views.
 */
export async function describedDefinitions(
  database: ComparedDatabase,
  context: SqlContext,
  registry: OperationRegistry,
  {schemas, objects}: Pick<DatabaseSource, 'schemas' | 'objects'>,
): Promise<Definitions> {
  const schema = await databaseSchema(database, schemas)
  const list = new DefinitionList()
  const {mikro, platform} = database
  for (const name of schemas)
    if (name !== platform.getDefaultSchemaName())
      list.add(ownerOf({kind: 'schema', name}), 'createSchema', {kind: 'createSchema', name})
  for (const object of objects.values()) addStandalone(object, context, list)
  if (context.capabilities.enumTypes) addEnums(schema, context, list)
  const add = (name: string, stages: Stages): void => {
    for (const stage of order) list.add(ownerOf({kind: 'table', name}), stage, ...stages.at(stage))
  }
  for (const table of schema.getTables()) {
    const stages = new Stages(registry)
    produceNewTables([table], {context, stages, mikro})
    add(tableNameOf(table, context), stages)
  }
  for (const view of schema.getViews()) {
    const stages = new Stages(registry)
    produceViews({newViews: {[view.name]: view}, changedViews: {}, removedViews: {}}, {context, stages, mikro})
    add(tableNameOf({name: view.name, schema: view.schema}, context), stages)
  }
  return list.all
}

function addStandalone(
  {kind, table, name, definition}: CatalogueObject,
  context: SqlContext,
  list: DefinitionList,
): void {
  if (table !== undefined) return
  const owner = ownerOf({kind, name})
  if (kind === 'extension' && name !== 'plpgsql') {
    const {schema} = definition
    const place = schema === null || schema === undefined || schema === 'public' ? {} : {schema}
    list.add(owner, 'createExtension', {kind: 'createExtension', name, ...place})
  }
  if (kind === 'sequence' && context.capabilities.sequences !== 'none')
    list.add(owner, 'createSequence', {kind: 'createSequence', name, ...sequenceOf(definition)})
}

/** Returns the properties of a sequence that are not the defaults of an ascending one. */
function sequenceOf({type, start, increment, minimum, maximum, cache, cycle}: CatalogueObject['definition']): object {
  const numbers = {start, increment, minValue: minimum}
  const longest = {smallint: '32767', integer: '2147483647'}[type ?? ''] ?? '9223372036854775807'
  return {
    ...(type !== null && type !== undefined && type !== 'bigint' && {as: type}),
    ...Object.fromEntries(
      Object.entries(numbers).flatMap(([key, value]) =>
        value === undefined || value === '1' ? [] : [[key, Number(value)]],
      ),
    ),
    ...(maximum !== longest && maximum !== '9223372036854775806' && {maxValue: Number(maximum)}),
    ...(cache !== '1' && cache !== '1000' && {cache: Number(cache)}),
    ...(cycle === 'true' && {cycle: true}),
  }
}

function addEnums(schema: DatabaseSchema, context: SqlContext, list: DefinitionList): void {
  for (const {name, schema: place, items} of Object.values(schema.getNativeEnums())) {
    const own = tableNameOf({name, schema: place}, context)
    list.add(ownerOf({kind: 'type', name: own}), 'createEnum', {kind: 'createEnum', name: own, values: items})
  }
}
