import {literal, quoted} from './tokens.ts'
import type {Token} from './tokens.ts'

/** Words that PostgreSQL reserves, and that may be names without quotes elsewhere. */
const reservedElsewhere: ReadonlySet<string> = new Set(
  (
    'analyse authorization freeze ilike initially only overlaps placing similar some symmetric asymmetric tablesample ' +
    'user variadic verbose'
  ).split(' '),
)

/** Functions of SQLite, MySQL and MariaDB that change nothing. */
const functions: ReadonlySet<string> = new Set(
  (
    'abs adddate addtime ascii bin bit_count cast ceil ceiling char char_length character_length coalesce compress concat ' +
    'concat_ws conv convert convert_tz count crc32 curdate current_date current_time current_timestamp curtime database ' +
    'date date_add date_format date_sub datediff datetime day dayname dayofmonth dayofweek dayofyear elt field find_in_set ' +
    'floor format from_days from_unixtime glob greatest group_concat hex hour if iif ifnull inet6_aton inet_aton instr ' +
    'isnull json json_array json_arrayagg json_contains json_each json_extract json_group_array json_group_object ' +
    'json_insert json_keys json_length json_merge_patch json_object json_objectagg json_quote json_remove json_replace ' +
    'json_search json_set json_type json_unquote json_valid json_value julianday last_day lcase least left length like ' +
    'likelihood likely ln locate log log10 log2 lower lpad ltrim makedate maketime max md5 microsecond mid min minute mod ' +
    'month monthname now nullif oct octet_length ord period_add pow power printf quarter quote radians rand random ' +
    'randomblob regexp regexp_replace regexp_substr repeat replace reverse right round rpad rtrim sec_to_time second sha ' +
    'sha1 sha2 sign soundex space sqrt str_to_date strcmp strftime subdate substr substring substring_index subtime sum ' +
    'sysdate time time_format time_to_sec timediff timestamp timestampadd timestampdiff to_days total trim truncate typeof ' +
    'ucase unhex unicode unix_timestamp unixepoch unlikely upper utc_date utc_time utc_timestamp uuid uuid_short ' +
    'uuid_to_bin values weekday weekofyear year yearweek zeroblob'
  ).split(' '),
)

/** Words before parentheses that are syntax in PostgreSQL as well. */
const syntax: ReadonlySet<string> = new Set(
  'coalesce greatest least nullif cast values extract position substring overlay trim'.split(' '),
)

const operators: Readonly<Record<string, string>> = {'==': '=', '&&': 'and', '<=>': 'is not distinct from', '!=': '<>'}

/** Writes tokens as PostgreSQL's parser reads them. */
export function written(tokens: readonly Token[]): string {
  return tokens.map((token, i) => writtenToken(token, tokens, i)).join(' ')
}

function writtenToken({kind, text}: Token, tokens: readonly Token[], at: number): string {
  const [before, after] = [tokens[at - 1], tokens[at + 1]]
  const isQualified = before?.text === '.' && before.kind === 'symbol'
  switch (kind) {
    case 'string':
      return literal(text)
    case 'name':
      return quoted(text)
    case 'number':
      return text
    case 'symbol':
      return operators[text] ?? text
    case 'word': {
      if (isQualified || reservedElsewhere.has(text)) return quoted(text)
      const isCalled = after?.kind === 'symbol' && after.text === '('
      if (isCalled && functions.has(text) && !syntax.has(text)) return `pg_catalog.${quoted(text)}`
      if (text === 'regexp' || text === 'rlike' || text === 'glob') return '~'
      return text
    }
  }
}
