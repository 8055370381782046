import {quoted} from './server.ts'
import type {Server} from './server.ts'

const part =
  /(?<text>'(?:[^'\\]|\\.|'')*')|(?<name>`(?:[^`]|``)*`(?:\.`(?:[^`]|``)*`)*)|(?<charset>\b_(?!binary\b)\w+(?=\s*'))|(?<word>\w+)|[^]/gs

/** Words in front of the name of a table or sequence, which the server qualifies with the database. */
const beforeTable: ReadonlySet<string> = new Set(['from', 'join', 'straight_join', 'nextval', 'lastval', 'setval'])

/**
 * Returns SQL that the server has printed without the name of the database, and without the character sets that
 * literals have from the connection that wrote them.
 */
export function withoutDatabase(sql: string, {database}: Server): string {
  const prefix = `${quoted(database)}.`
  let previous = ''
  let result = ''
  for (const {0: token, index, groups = {}} of sql.matchAll(part)) {
    const {name, charset, word} = groups
    if (charset !== undefined) continue
    const isQualified = name?.startsWith(prefix) === true && isOfDatabase(name, previous, sql[index + token.length])
    result += isQualified ? token.slice(prefix.length) : token
    if (!/^[\s(]$/.test(token)) previous = word?.toLowerCase() ?? ''
  }
  return result
}

/** Whether the first part of a name is a database: a table or an alias may have the same name. */
function isOfDatabase(name: string, previous: string, next: string | undefined): boolean {
  const parts = name.match(/`(?:[^`]|``)*`/g)?.length ?? 1
  return parts > 2 || beforeTable.has(previous) || next === '('
}

/** Returns an expression of information_schema as SQL; MySQL escapes its quotes and backslashes. */
export function expressionOf(text: string, server: Server): string {
  const sql = server.isMariadb ? text : text.replaceAll(/\\(?<character>['\\])/g, '$<character>')
  return withoutDatabase(sql, server)
}
