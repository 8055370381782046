import type {DatabaseSchema, SchemaDifference} from '@mikro-orm/sql'
import type {SqlContext} from '../operations/definition.ts'
import type {Operation} from '../operations/operation.ts'
import {sqlContext} from '../sql/context.ts'
import {databaseSchema, targetSchema} from './read/read.ts'
import type {ComparedDatabase} from './mikro.ts'
import {produceDifference} from './produce/produce.ts'
import {Stages} from './produce/stages.ts'

/** What entities and a database differ in, as MikroORM has it and as operations. */
export interface Comparison {
  readonly difference: SchemaDifference
  readonly live: DatabaseSchema
  readonly target: DatabaseSchema
  readonly operations: readonly Operation[]
}

export interface CompareOptions {
  /** Tells whether a table is mig's own. */
  readonly isOwn: (table: string, schema: string | undefined) => boolean
  /** The tables that are looked at, without their schemas; all when left out. */
  readonly tables?: readonly string[]
}

/** Compares what entities describe with what a database has. */
export async function compareSchemas(database: ComparedDatabase, options: CompareOptions): Promise<Comparison> {
  const {mikro, platform, dialect} = database
  const context: SqlContext = sqlContext(dialect, platform)
  const target = targetSchema(database)
  const live = await databaseSchema(database, target.getNamespaces(), options.tables)
  live.setTables(live.getTables().filter(({name, schema}) => !options.isOwn(name, schema)))
  if (options.tables !== undefined) {
    const names = new Set(options.tables)
    target.setTables(target.getTables().filter(({name}) => names.has(name)))
  }
  const difference = new mikro.SchemaComparator(platform).compare(live, target)
  const stages = new Stages()
  produceDifference(difference, {context, stages, mikro})
  return {difference, live, target, operations: stages.inOrder(dialect)}
}
