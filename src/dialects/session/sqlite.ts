import type {Quoting} from '../dialect.ts'
import {withoutComments} from './session-sql.ts'
import type {SessionEffect, SessionOwner, SessionReset, SessionRow, SessionSql} from './session-sql.ts'

const pragma = /^pragma\s+(?:\w+\s*\.\s*)?(?<name>\w+)\s*(?:=|\()/i
const attach = /^attach\b[^]*\bas\s+(?<name>"(?:[^"]|"")*"|'(?:[^']|'')*'|`[^`]*`|\[[^\]]*\]|\w+)[\s;]*$/i
const detach = /^detach\b/i
const object = /^create\s+temp(?:orary)?\b/i

/** Settings of a connection with the defaults of the `sqlite3` client. The database keeps the other pragmas itself. */
const insideDefaults: Readonly<Record<string, number>> = {
  recursive_triggers: 0,
  ignore_check_constraints: 0,
  legacy_alter_table: 0,
  reverse_unordered_selects: 0,
  query_only: 0,
  writable_schema: 0,
  defer_foreign_keys: 0,
  automatic_index: 1,
  trusted_schema: 1,
  cell_size_check: 0,
}
/** Settings that a transaction cannot change. */
const afterDefaults: Readonly<Record<string, number>> = {foreign_keys: 0, synchronous: 2, temp_store: 0}

function effectOf(sql: string): SessionEffect {
  const text = withoutComments(sql)
  if (pragma.test(text) || attach.test(text) || detach.test(text)) return 'setting'
  return object.test(text) ? 'object' : 'none'
}

/** Returns the settings of a list in this row, in the order of the list. */
function restored(row: SessionRow, defaults: Readonly<Record<string, number>>): readonly string[] {
  return Object.keys(defaults).flatMap((name) => {
    const value = row[name]
    // A deferral ends with its transaction.
    return value === undefined || value === null || name === 'defer_foreign_keys' ? [] : [`pragma ${name} = ${value}`]
  })
}

const names = [...Object.keys(insideDefaults), ...Object.keys(afterDefaults)]

function reset(row: SessionRow, {isCallers}: SessionOwner, {literal}: Quoting): SessionReset {
  const attached = JSON.parse(String(row['attached'] ?? '[]')) as readonly string[]
  const kept = ['main', 'temp', ...attached].map(literal).join(', ')
  const temporary = `select 'drop ' || type || ' if exists temp."' || replace(name, '"', '""') || '"' as sql from sqlite_temp_master
    where type in ('table', 'view') and name not like 'sqlite\\_%' escape '\\'`
  return {
    inside: restored(row, insideDefaults),
    after: restored(row, afterDefaults),
    own: [],
    leftovers: {
      ...(!isCallers && {inside: temporary}),
      after: `select 'detach "' || replace(name, '"', '""') || '"' as sql from pragma_database_list where name not in (${kept})`,
    },
  }
}

/** The names are known only from the statements: the client has no variables. */
function scriptReset(statements: readonly string[]): SessionReset {
  const texts = statements.map(withoutComments)
  const set = new Set(texts.flatMap((text) => pragma.exec(text)?.groups?.['name']?.toLowerCase() ?? []))
  const defaultsOf = (defaults: Readonly<Record<string, number>>): readonly string[] =>
    Object.entries(defaults).flatMap(([name, value]) => (set.has(name) ? [`pragma ${name} = ${value}`] : []))
  const attached = texts.flatMap((text) => attach.exec(text)?.groups?.['name'] ?? [])
  return {
    inside: defaultsOf(insideDefaults),
    after: [...defaultsOf(afterDefaults), ...attached.map((name) => `detach ${name}`)],
    own: [],
    leftovers: {},
  }
}

export const sqliteSession: SessionSql = {
  effectOf,
  home: undefined,
  read: `select ${names.join(', ')}, (select json_group_array(name) from pragma_database_list) as attached from ${names.map((name) => `pragma_${name}`).join(', ')}`,
  reset,
  remember: [],
  scriptReset,
  notInScript: (sql) => (object.test(withoutComments(sql)) ? 'CREATE TEMPORARY' : undefined),
}
