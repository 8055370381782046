import type {Quoting} from '../dialect.ts'
import {withoutComments} from './session-sql.ts'
import type {SessionEffect, SessionReset, SessionRow, SessionSql} from './session-sql.ts'

const notSession =
  /^set\s+(?:global|persist|persist_only|@@global\.|@@persist\.|password|default|resource|statement)\b/i
const local = /^set\s+transaction\b/i
const computed = /^set\b[^]*(?:\bselect\b|\b(?:last_insert_id|row_count|found_rows|uuid|rand|now)\s*\()/i
const setting = /^(?:set|use)\b/i
const object =
  /^(?:prepare\b|create\s+(?:or\s+replace\s+)?temporary\b|(?:select\b[^]*\binto\s+@)|(?:select|do|with)\b[^]*@[\w$.]+\s*:=)/i
const code =
  /\/\*!|\/\*M!|\b(?:select|insert|update|delete|replace|with|call|do|execute|begin|load|values|deallocate|set\s+statement)\b/i

const definition = /^(?:create|alter|drop|grant|revoke)\b/i
/** Definitions whose query runs only when the object is used. */
const deferred =
  /^(?:create|alter)\s+(?:(?:or\s+replace|(?:definer|algorithm)\s*=\s*\S+|sql\s+security\s+\w+|aggregate)\s+)*(?:view|function|procedure|trigger|event)\b/i
const query = /^create\b[^]*\b(?:select|values\s+row)\b/i
const conditional = /\/\*M?!/

function effectOf(sql: string): SessionEffect {
  const text = withoutComments(sql)
  if (notSession.test(text)) return 'code'
  if (local.test(text)) return 'local'
  if (computed.test(text)) return 'object'
  if (setting.test(text)) return 'setting'
  if (object.test(text)) return 'object'
  if (definition.test(text) && !conditional.test(text))
    return !deferred.test(text) && query.test(text) ? 'code' : 'none'
  return code.test(text) ? 'code' : 'none'
}

/** Variables that MySQL and MariaDB have, and that every user may set. */
const sharedVariables = [
  ...['sql_mode', 'foreign_key_checks', 'unique_checks', 'time_zone'],
  ...['character_set_client', 'character_set_results', 'collation_connection'],
  ...['sql_notes', 'sql_safe_updates', 'sql_select_limit', 'sql_auto_is_null', 'sql_big_selects', 'sql_buffer_result'],
  ...['group_concat_max_len', 'div_precision_increment', 'default_week_format', 'lc_time_names'],
  ...['default_storage_engine', 'sql_quote_show_create', 'updatable_views_with_limit', 'completion_type'],
] as const

/** @param own the variables of one of the two */
export function mysqlSession(own: readonly string[], role: 'one' | 'several'): SessionSql {
  const names = [...sharedVariables, ...own]
  const restore = (valueOf: (name: string) => string): string =>
    `set ${[...names.map((name) => `session ${name} = ${valueOf(name)}`), 'timestamp = default'].join(', ')}`
  const reset = (row: SessionRow, _: unknown, {literal, quote}: Quoting): SessionReset => {
    const valueOf = (name: string): string => {
      const value = row[name] ?? null
      if (value === null) return 'null'
      return /^-?\d+(?:\.\d+)?$/.test(String(value)) ? String(value) : literal(String(value))
    }
    const database = row['home'] === null ? [] : [`use ${quote(String(row['home']))}`]
    const roles = row['role'] === null || row['role'] === 'NONE' ? 'none' : String(row['role'])
    return {
      inside: [restore(valueOf), `set role ${role === 'one' && roles !== 'none' ? quote(roles) : roles}`, ...database],
      // Turning it on commits.
      after: [`set session autocommit = ${valueOf('autocommit')}`],
      own: [],
      leftovers: {},
    }
  }
  const variables = [...names, 'autocommit']
  return {
    effectOf,
    home: () => 'select database() as home',
    read: `select database() as home, current_role() as role, ${variables.map((name) => `cast(@@session.${name} as char) as ${name}`).join(', ')}`,
    reset,
    literal: (text) => (/['"\\]|[^ -~]/.test(text) ? `_utf8mb4 0x${Buffer.from(text).toString('hex')}` : undefined),
    remember: [`set ${variables.map((name) => `@mig_${name} = @@session.${name}`).join(', ')}`],
    scriptReset: () => ({
      inside: [restore((name) => `@mig_${name}`), ...(role === 'several' ? ['set role default'] : [])],
      after: ['set session autocommit = @mig_autocommit'],
      own: [],
      leftovers: {},
    }),
    notInScript: (sql) => (/^use\b/i.test(withoutComments(sql)) ? 'USE' : undefined),
  }
}
