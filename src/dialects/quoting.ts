import type {AbstractSqlPlatform} from '@mikro-orm/sql'
import type {Quoting} from './dialect.ts'

/** Returns MikroORM's quoting of names and values. */
export function quotingOf(platform: AbstractSqlPlatform): Quoting {
  return {
    quote: (name) => platform.quoteIdentifier(name),
    literal: (value) => platform.formatQuery('?', [value]),
  }
}
