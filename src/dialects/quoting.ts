import type {AbstractSqlPlatform} from '@mikro-orm/sql'
import type {Quoting} from './dialect.ts'

/** Returns how MikroORM writes names and values of a database. */
export function quotingOf(platform: AbstractSqlPlatform): Quoting {
  return {
    quote: (name) => platform.quoteIdentifier(name),
    literal: (value) => platform.formatQuery('?', [value]),
  }
}
