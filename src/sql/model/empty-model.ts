import type {Dialect} from '../../dialects/dialect.ts'
import {schemaRules} from './rules.ts'
import {SchemaModel} from './schema-model.ts'

/** Returns a schema of which nothing is known yet. */
export const emptyModel = (dialect: Dialect): SchemaModel => new SchemaModel(undefined, false, schemaRules[dialect])
