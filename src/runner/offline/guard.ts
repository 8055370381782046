import type {RevisionId} from '../../graph/revision.ts'
import type {Command} from '../connection/command.ts'
import type {RunSession} from '../connection/run-session.ts'
import type {TableNames} from '../state/tables.ts'

/** What a database must have applied for a part of a script to run. */
export interface Expected {
  readonly heads: readonly RevisionId[]
  /** How many revisions are applied, heads included. */
  readonly count: number
}

/**
 * Returns statements that fail unless a database has what it should. Nothing else in the languages of SQLite and MySQL
 * fails on a condition but a constraint.
 */
export function guardOf(
  {dialect, platform}: RunSession,
  {versionTable, schema}: TableNames,
  {heads, count}: Expected,
): readonly Command[] {
  const text = (value: string): string => platform.formatQuery('?', [value])
  const table = platform.quoteIdentifier(schema === undefined ? versionTable : `${schema}.${versionTable}`)
  const ids = heads.toSorted().map(text).join(', ')
  const found = `(select count(*) from ${table} where is_head and revision in (${ids || "''"})) = ${heads.length}`
  const condition = `${found} and (select count(*) from ${table}) = ${count}`
  const place = heads.length === 0 ? 'the base' : heads.join(' ')
  switch (dialect) {
    case 'postgresql': {
      const message = text(`the database is not at ${place}, where this part of the script begins`)
      const check = `if not (${condition}) then raise exception using message = ${message}; end if;`
      return [{sql: `do $mig$ begin ${check} end $mig$`}]
    }
    case 'sqlite':
    case 'mysql':
    case 'mariadb': {
      const name = platform.quoteIdentifier(`database is not at ${place}`.slice(0, 60).replaceAll('.', ' '))
      const temporary = dialect === 'sqlite' ? 'temp' : 'temporary'
      return [
        {sql: `create ${temporary} table mig_guard (ok integer, constraint ${name} check (ok = 1))`},
        {sql: `insert into mig_guard select case when ${condition} then 1 else 0 end`},
        {sql: `drop ${dialect === 'sqlite' ? '' : 'temporary '}table mig_guard`},
      ]
    }
  }
}
