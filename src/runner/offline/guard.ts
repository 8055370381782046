import {dialects} from '../../dialects/dialects.ts'
import {quotingOf} from '../../dialects/quoting.ts'
import type {RevisionId} from '../../graph/revision.ts'
import type {Command} from '../connection/command.ts'
import type {RunSession} from '../connection/run-session.ts'
import {listOf} from '../../util/text.ts'
import {qualifiedName} from '../state/tables.ts'
import type {TableNames} from '../state/tables.ts'

/** The applied state that a part of a script requires. */
export interface Expected {
  readonly heads: readonly RevisionId[]
  /** The number of applied revisions, heads included. */
  readonly count: number
  /** Revisions that applied squashes replace: they may have rows as well. */
  readonly replaced: readonly RevisionId[]
}

/** Returns statements that fail unless the database is in the expected state. */
export function guardOf(
  {dialect, platform}: RunSession,
  names: TableNames,
  {heads, count, replaced}: Expected,
): readonly Command[] {
  const text = (value: string): string => platform.formatQuery('?', [value])
  const table = qualifiedName(names, names.versionTable, platform)
  const ids = heads.toSorted().map(text).join(', ')
  const found = `(select count(*) from ${table} where is_head and revision in (${ids || "''"})) = ${heads.length}`
  const others = replaced.length === 0 ? '' : ` where revision not in (${replaced.map(text).join(', ')})`
  const condition = `${found} and (select count(*) from ${table}${others}) = ${count}`
  const place = heads.length === 0 ? 'base' : listOf(heads, 10)
  return dialects[dialect].script.guard({condition, place}, quotingOf(platform)).map((sql) => ({sql}))
}
