import type {Creation} from '../catalogue/creation.ts'
import type {CatalogueObject, Snapshot} from '../catalogue/snapshot/snapshot.ts'
import {sqlContext} from '../sql/context.ts'
import type {Session} from '../runner/connection/session.ts'

/** Statements that create what the entities use but do not describe, such as a domain that a revision created. */
export interface Prelude {
  readonly extensions: readonly string[]
  /** In no particular order; those that are not needed may fail. */
  readonly others: readonly string[]
}

/** Returns statements for the objects of a database that the entities' schema does not create itself. */
export function preludeOf(live: Snapshot, {names}: Creation, {dialect, platform}: Session): Prelude {
  const {quote, literal, list} = sqlContext(dialect, platform)
  const columns = Map.groupBy(
    [...live.values()].filter(({kind}) => kind === 'column'),
    ({table}) => table,
  )
  const statement = ({kind, name, definition}: CatalogueObject): readonly string[] => {
    switch (kind) {
      case 'schema':
        return [`create schema ${quote(name)}`]
      case 'type':
        return typeStatement(quote(name), definition, literal)
      case 'sequence':
        return [`create sequence ${quote(name)}`]
      case 'routine':
        return routineStatement(quote(name.replace(/ \(procedure\)$/, '')), definition)
      case 'table': {
        const bare = (columns.get(name) ?? []).map(
          (column) => `${list([column.name])} ${column.definition['type'] ?? ''}`,
        )
        return bare.length === 0 ? [] : [`create table ${quote(name)} (${bare.join(', ')})`]
      }
      case 'view':
        return []
      case 'extension':
      case 'column':
      case 'primary key':
      case 'unique':
      case 'foreign key':
      case 'check':
      case 'exclusion':
      case 'index':
      case 'trigger':
      case 'policy':
      case 'aggregate':
      case 'rule':
      case 'statistics':
      case 'event':
      case 'inheritance':
      case 'setting':
      case 'column order':
        return []
    }
  }
  const objects = [...live.values()].filter(({name}) => !names.has(name.replace(/\(.*\)$/s, '')))
  const installed = objects.filter(({kind, name}) => kind === 'extension' && name !== 'plpgsql')
  return {
    extensions: installed.map(({name}) => `create extension if not exists ${quote(name)}`),
    others: objects.flatMap(statement),
  }
}

function typeStatement(
  name: string,
  {values, domain, attributes, notNull, default: value, checks}: CatalogueObject['definition'],
  literal: (value: unknown) => string,
): readonly string[] {
  if (values) return [`create type ${name} as enum (${(JSON.parse(values) as string[]).map(literal).join(', ')})`]
  if (attributes) return [`create type ${name} as (${attributes})`]
  if (!domain) return []
  const clauses = [
    value && `default ${value}`,
    notNull && 'not null',
    checks && `constraint ${checks.replaceAll(', ', ' constraint ')}`,
  ]
  return [[`create domain ${name} as ${domain}`, ...clauses.filter(Boolean)].join(' ')]
}

/** MySQL and MariaDB have the parts of a routine, PostgreSQL its statement. */
function routineStatement(
  name: string,
  {sql, type, parameters, returns, body, deterministic, dataAccess}: CatalogueObject['definition'],
): readonly string[] {
  if (sql || !body) return sql ? [sql] : []
  const isFunction = type === 'function'
  // The parameters of a function have no direction.
  const list = isFunction ? parameters?.replaceAll(/(?<=^|, )in /g, '') : parameters
  const clauses = [isFunction && `returns ${returns ?? ''}`, deterministic && 'deterministic', dataAccess, body]
  return [[`create ${type} ${name}(${list ?? ''})`, ...clauses.filter(Boolean)].join(' ')]
}
