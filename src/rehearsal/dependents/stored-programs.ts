import {dialects} from '../../dialects/dialects.ts'
import type {Session} from '../../runner/connection/session.ts'
import {wordsOf} from '../words.ts'

/** A view, trigger, routine or event of MySQL or MariaDB, whose names the server looks up only when it is used. */
export interface StoredProgram {
  /** The type, such as `view`, `trigger`, `function`, `procedure` or `event`. */
  readonly type: string
  /** The name; that of a trigger without its table. */
  readonly name: string
  /** The table of a trigger. */
  readonly table: string | undefined
  /** The names in its text, in lower case, without the columns of `new` and `old`. */
  readonly words: ReadonlySet<string>
  /** The columns of `new` and `old` that a trigger uses, in lower case. */
  readonly rowColumns: ReadonlySet<string>
  /** The tables whose columns it inserts, or inserts into, by their positions, in lower case. */
  readonly byPosition: ReadonlySet<string>
}

/** Stored programs by their types and names. */
export type Programs = ReadonlyMap<string, StoredProgram>

interface ProgramRow {
  readonly type: string
  readonly name: string
  readonly table: string | null
  readonly body: string | null
}

/** Returns the views, triggers, routines and events of the current database; none where the server guards what uses a table. */
export async function storedPrograms(session: Session): Promise<Programs> {
  if (dialects[session.dialect].capabilities.guardsViews) return new Map()
  const rows = await session.query<ProgramRow>(programsSql)
  return new Map(
    rows.map(({type, name, table, body}) => [
      `${type} ${name}`,
      {
        type: type.toLowerCase(),
        name,
        table: table ?? undefined,
        ...usesOf(body ?? '', table !== null),
      },
    ]),
  )
}

const programsSql = `
  select 'TRIGGER' as \`type\`, trigger_name as \`name\`, event_object_table as \`table\`, action_statement as \`body\`
    from information_schema.triggers where trigger_schema = database()
  union all
  select routine_type, routine_name, null, routine_definition
    from information_schema.routines where routine_schema = database()
  union all
  select 'VIEW', table_name, null, view_definition from information_schema.views where table_schema = database()
  union all
  select 'EVENT', event_name, null, event_definition from information_schema.events where event_schema = database()`

type Uses = Pick<StoredProgram, 'words' | 'rowColumns' | 'byPosition'>

function usesOf(body: string, isTrigger: boolean): Uses {
  const rest = isTrigger ? body.replaceAll(rowColumn, ' ') : body
  return {
    words: namesIn([rest]),
    rowColumns: namesIn(isTrigger ? (body.match(rowColumn) ?? []) : []),
    byPosition: namesIn(
      [...body.matchAll(insertion)].flatMap(({groups: {table = '', source = ''} = {}}) => [table, source]),
    ),
  }
}

const name = '(?:`(?:[^`]|``)+`|[\\p{L}\\p{N}_$]+)'
const rowColumn = new RegExp(String.raw`\b(?:new|old)\s*\.\s*${name}`, 'giu')
const qualified = (group: string): string => String.raw`(?:${name}\s*\.\s*)?(?<${group}>${name})`
const everything = String.raw`(?:${name}\s*\.\s*)?\*\s*from\s+${qualified('source')}`
const insertion = new RegExp(
  String.raw`\b(?:insert|replace)\s+(?:(?:low_priority|delayed|high_priority|ignore)\s+)*(?:into\s+)?${qualified('table')}\s*(?:(?:values?|with|table)\b|select\b(?:\s*${everything})?)`,
  'giu',
)

function namesIn(texts: readonly string[]): ReadonlySet<string> {
  return new Set(texts.flatMap((text) => [...wordsOf(text)]).map((word) => word.toLowerCase()))
}
