import type {Quoting} from '../dialect.ts'
import {withoutComments} from './session-sql.ts'
import type {SessionEffect, SessionOwner, SessionReset, SessionRow, SessionSql} from './session-sql.ts'

const local = /^set\s+(?:local|transaction|constraints)\b/i
const setting = /^(?:(?:set|reset|discard|deallocate)\b|select\s+(?:pg_catalog\.)?set_config\s*\([^()]*\)\s*;?\s*$)/i
const object =
  /^(?:prepare|listen|declare|create\s+(?:local\s+|global\s+)?temp(?:orary)?|(?:select|with)\b[^]*\binto\s+(?:local\s+|global\s+)?temp(?:orary)?)\b|^create\b[^]*\bpg_temp\s*\.|\bset_config\s*\([^()]*,\s*'?f(?:alse)?'?\s*\)/i
const code = /\b(?:set_config|select|insert|update|delete|merge|with|call|do|execute|copy|load|values)\b/i

const definition = /^(?:create|alter|drop|comment|grant|revoke)\b/i
/** Definitions whose query runs only when the object is used. */
const deferred =
  /^create\s+(?:or\s+replace\s+)?(?:temp(?:orary)?\s+|recursive\s+|constraint\s+)*(?:view|function|procedure|rule|trigger|policy)\b/i
const query = /\bas\b[\s(]*(?:select|with|values|table|execute)\b|\bset_config\b/i

/** Not listed: what a transaction sets, and the name under which waiting runs see the session. */
const excluded = "name not like 'transaction\\_%' and name <> 'application_name'"

function effectOf(sql: string): SessionEffect {
  const text = withoutComments(sql)
  if (local.test(text)) return 'local'
  if (setting.test(text)) return 'setting'
  if (object.test(text)) return 'object'
  const isDefinition = definition.test(text)
  if (isDefinition && deferred.test(text)) return 'none'
  return (isDefinition ? query : code).test(text) ? 'code' : 'none'
}

/** The session authorization and the role are no part of `reset all`. */
function reset(row: SessionRow, {isCallers, isBorrowed}: SessionOwner, {literal, quote}: Quoting): SessionReset {
  const configured = Object.entries(JSON.parse(String(row['settings'] ?? '{}')) as Readonly<Record<string, string>>)
  const role = String(row['role'] ?? 'none')
  const roleName = role === 'none' ? 'none' : quote(role)
  const set = (name: string, value: string): string =>
    `pg_catalog.set_config(${literal(name)}, ${literal(value)}, ${isBorrowed && name !== 'application_name'})`
  const identity = [`set session authorization ${quote(String(row['authorization']))}`, `set role ${roleName}`]
  const pairs = configured.map(([name, value]) => `(${literal(name)}, ${literal(value)})`).join(', ')
  const changed = `${excluded} and source = 'session' and (context = 'user' or context = 'superuser' and pg_catalog.current_setting('is_superuser') = 'on')`
  const except = pairs === '' ? '' : ` and (name, setting) not in (${pairs})`
  const all = isCallers
    ? [`select pg_catalog.set_config(name, reset_val, false) from pg_catalog.pg_settings where ${changed}${except}`]
    : ['reset all', 'close all', 'deallocate all', 'discard temp', 'discard sequences']
  const again = [...configured, ...(isCallers ? [] : [['application_name', String(row['application'] ?? '')] as const])]
  return {
    inside: [
      ...identity,
      ...all,
      ...(again.length === 0 ? [] : [`select ${again.map(([name, value]) => set(name, value)).join(', ')}`]),
    ],
    after: [],
    own: [`set local role ${roleName}`],
    leftovers: {},
  }
}

export const postgresqlSession: SessionSql = {
  effectOf,
  home: (table, {quote, literal}) =>
    `select coalesce((select n.nspname from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
      where c.oid = pg_catalog.to_regclass(${literal(quote(table))})), pg_catalog.current_schema()) as home,
      pg_catalog.current_setting('search_path') as path`,
  read: `select (select pg_catalog.json_object_agg(name, setting)::text from pg_catalog.pg_settings
      where source = 'session' and context in ('user', 'superuser') and ${excluded}) as settings,
    pg_catalog.current_setting('role') as role, session_user::text as authorization,
    pg_catalog.current_setting('application_name') as application`,
  reset,
  remember: [],
  scriptReset: () => ({
    inside: [
      ...['set session authorization default', 'reset role', 'reset all'],
      ...['close all', 'deallocate all', 'discard temp', 'discard sequences'],
    ],
    after: [],
    own: ['set local role to default', 'set local search_path to default'],
    leftovers: {},
  }),
  notInScript: () => undefined,
}
