import type {CatalogueObject} from '../snapshot.ts'
import {withoutDatabase} from './expressions.ts'
import {listOfNames} from './server.ts'
import type {Server} from './server.ts'

interface ViewRow {
  readonly name: string
  readonly sql: string
  readonly check: string
  readonly security: string
  readonly algorithm: string
}

/**
 * Returns a reader of views.
 *
 * @param columns the columns of each view, whose names are not always part of its query
 */
export function readViews(
  columns: ReadonlyMap<string, readonly string[]>,
): (server: Server) => Promise<readonly CatalogueObject[]> {
  return async (server) => {
    if (columns.size === 0) return []
    const rows = await server.query<ViewRow>(viewsSql(server))
    return rows.map(({name, sql, check, security, algorithm}) => ({
      kind: 'view',
      name,
      definition: {
        sql: withoutDatabase(sql, server),
        columns: listOfNames(columns.get(name) ?? []),
        checkOption: check === 'NONE' ? null : check.toLowerCase(),
        security: security.toLowerCase(),
        algorithm: algorithm.toLowerCase(),
      },
    }))
  }
}

function viewsSql({isMariadb}: Server): string {
  return `
    select table_name as \`name\`, view_definition as \`sql\`, check_option as \`check\`, security_type as \`security\`,
      ${isMariadb ? 'algorithm' : "''"} as \`algorithm\`
    from information_schema.views where table_schema = database()`
}
