import type {Session} from '../runner/connection/session.ts'
import {wordsOf} from './words.ts'

/** Statements that create a copy of a schema. */
export interface SchemaDefinitions {
  /** Functions and procedures; those that are not needed may fail. */
  readonly routines: readonly string[]
  /** Sequences and tables. */
  readonly tables: readonly string[]
  /** Views; those that use what is gone fail. */
  readonly views: readonly string[]
  readonly triggers: readonly string[]
}

/** An object that is defined by SQL which names others. */
interface Definition {
  readonly name: string
  readonly sql: string
  /** The names in it, in lower case. */
  readonly words: ReadonlySet<string>
}

/**
 * Returns the statements that create the objects of a MySQL or MariaDB database.
 *
 * @param touched the tables and views that are needed, with what they refer to and what refers to them; all when omitted
 */
export async function definitionsOf(
  session: Session,
  database: string,
  touched: readonly string[] | undefined,
): Promise<SchemaDefinitions> {
  const quote = (name: string): string => session.platform.quoteIdentifier(name)
  const list = async (sql: string): Promise<readonly string[]> =>
    (await session.query<{readonly name: string}>(sql)).map(({name}) => name)
  const show = async (what: string, name: string, column: string): Promise<string> => {
    const [row = {}] = await session.query<Readonly<Record<string, string | null>>>(
      `show create ${what} ${quote(name)}`,
    )
    // Definitions qualify names with the database, and only some users may create objects for another one.
    const sql = (row[column] ?? '').replaceAll(`${quote(database)}.`, '')
    return sql.replace(/^(?<start>create (?:algorithm=\w+ )?)definer=`(?:[^`]|``)*`(?:@`(?:[^`]|``)*`)? /i, '$<start>')
  }
  const define = async (what: string, names: readonly string[], column: string): Promise<readonly Definition[]> => {
    const found: Definition[] = []
    for (const name of names) {
      const sql = await show(what, name, column)
      found.push({name, sql, words: new Set([...wordsOf(sql)].map((word) => word.toLowerCase()))})
    }
    return found
  }
  const databases = await list('select schema_name as name from information_schema.schemata')
  // A trigger or a routine that writes to a database by its name would write to the real one.
  const isLocal = ({sql}: Definition): boolean => !databases.some((other) => qualifies(sql, other))
  const views = await define('view', await list(tablesOf('VIEW')), 'Create View')
  const routines = [
    ...(await define('function', await list(routinesOf('FUNCTION')), 'Create Function')),
    ...(await define('procedure', await list(routinesOf('PROCEDURE')), 'Create Procedure')),
  ].filter(isLocal)
  const triggers = await session.query<{readonly name: string; readonly table: string}>(
    'select trigger_name as name, event_object_table as `table` from information_schema.triggers where trigger_schema = database()',
  )
  const isTouched = (trigger: {readonly name: string; readonly table: string}): boolean =>
    touched === undefined || touched.includes(trigger.name) || touched.includes(trigger.table)
  const names = triggers.filter(isTouched).map(({name}) => name)
  const copiedTriggers = (await define('trigger', names, 'SQL Original Statement')).filter(isLocal)
  const wanted = touched && [...touched, ...copiedTriggers.flatMap(({words}) => [...words])]
  const copied = wanted && (await neighbourhoodOf(session, wanted, views, routines))
  const isCopied = (name: string): boolean => copied?.has(name.toLowerCase()) ?? true
  const sequences = await define('sequence', await list(tablesOf('SEQUENCE')), 'Create Table')
  const tables = await define('table', (await list(tablesOf('BASE TABLE'))).filter(isCopied), 'Create Table')
  return {
    routines: statements(routines.filter(({name}) => isCopied(name))),
    tables: statements([...sequences, ...tables]),
    views: statements(inOrder(views.filter(({name}) => isCopied(name)))),
    triggers: statements(copiedTriggers),
  }
}

const tablesOf = (type: string): string =>
  `select table_name as name from information_schema.tables where table_schema = database() and table_type = '${type}'`

const routinesOf = (type: string): string =>
  `select routine_name as name from information_schema.routines where routine_schema = database() and routine_type = '${type}' and routine_definition is not null`

/**
 * Returns tables, views and routines, in lower case, with those that they use, and those whose foreign keys or
 * definitions use them.
 */
async function neighbourhoodOf(
  session: Session,
  touched: readonly string[],
  views: readonly Definition[],
  routines: readonly Definition[],
): Promise<ReadonlySet<string>> {
  const found = new Set(touched.map((name) => name.toLowerCase()))
  let users: readonly string[] = []
  do {
    users = views
      .filter(({words}) => !words.isDisjointFrom(found))
      .map(({name}) => name.toLowerCase())
      .filter((name) => !found.has(name))
    for (const name of users) found.add(name)
  } while (users.length > 0)
  const definitions = Map.groupBy([...views, ...routines], ({name}) => name.toLowerCase())
  // A set that grows is iterated to its end.
  for (const name of found) for (const {words} of definitions.get(name) ?? []) for (const word of words) found.add(word)
  const keys = await session.query<{readonly table: string; readonly other: string}>(
    'select distinct table_name as `table`, referenced_table_name as other from information_schema.key_column_usage where table_schema = database() and referenced_table_name is not null',
  )
  const core = new Set(found)
  for (const pair of keys) {
    const names = [pair.table.toLowerCase(), pair.other.toLowerCase()]
    if (names.some((name) => core.has(name))) for (const name of names) found.add(name)
  }
  return found
}

function statements(definitions: readonly Definition[]): readonly string[] {
  return definitions.map(({sql}) => sql)
}

/** Returns views so that each follows those that it uses. */
function inOrder(views: readonly Definition[]): readonly Definition[] {
  const placed: Definition[] = []
  let waiting = views
  while (waiting.length > 0) {
    const names = new Set(waiting.map(({name}) => name.toLowerCase()))
    const ready = waiting.filter(({name, words}) =>
      [...words.intersection(names)].every((word) => word === name.toLowerCase()),
    )
    const next = ready.length > 0 ? ready : waiting
    placed.push(...next)
    waiting = waiting.filter((view) => !next.includes(view))
  }
  return placed
}

function qualifies(sql: string, database: string): boolean {
  const name = database.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)
  return new RegExp(`(?<![\\w$])[\`"]?${name}[\`"]?\\s*\\.`, 'i').test(sql)
}
