import {compileFunction} from 'node:vm'
import {defineEntity, p} from '@mikro-orm/core'
import type {Entities} from '../models.ts'

/** Returns the entities that a text pushes to `entities`; each call makes new ones, since MikroORM changes them. */
export function entitiesOf(text: string): Entities {
  const entities: object[] = []
  const define = compileFunction(text.replaceAll(/^export /gm, ''), ['p', 'defineEntity', 'entities']) as (
    ...scope: readonly unknown[]
  ) => void
  define(p, defineEntity, entities)
  return entities
}
