import {dialects} from '../../dialects/dialects.ts'
import type {Session} from '../../runner/connection/session.ts'
import {wordsOf} from '../words.ts'

/** Statements stored in a MySQL or MariaDB database, whose names the server looks up only when it runs them. */
export interface StoredProgram {
  /** The type, such as `trigger`, `function`, `procedure` or `event`. */
  readonly type: string
  /** The name; that of a trigger without its table. */
  readonly name: string
  /** The table of a trigger. */
  readonly table: string | undefined
  /** The names in its text, in lower case, without the columns of `new` and `old`. */
  readonly words: ReadonlySet<string>
  /** The columns of `new` and `old` that a trigger uses, in lower case. */
  readonly rowColumns: ReadonlySet<string>
  /** The tables into which it inserts rows without naming their columns, in lower case. */
  readonly fills: ReadonlySet<string>
}

/** Stored programs by their types and names. */
export type Programs = ReadonlyMap<string, StoredProgram>

interface ProgramRow {
  readonly type: string
  readonly name: string
  readonly table: string | null
  readonly body: string | null
}

/** Returns the triggers, routines and events of the current database; none where the server guards what uses a table. */
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
  select 'EVENT', event_name, null, event_definition from information_schema.events where event_schema = database()`

type Uses = Pick<StoredProgram, 'words' | 'rowColumns' | 'fills'>

function usesOf(body: string, isTrigger: boolean): Uses {
  const rest = isTrigger ? body.replaceAll(rowColumn, ' ') : body
  return {
    words: namesIn([rest]),
    rowColumns: namesIn(isTrigger ? (body.match(rowColumn) ?? []) : []),
    fills: namesIn([...body.matchAll(insertion)].map(({groups: {table} = {}}) => table ?? '')),
  }
}

const name = '(?:`(?:[^`]|``)+`|[\\p{L}\\p{N}_$]+)'
const rowColumn = new RegExp(String.raw`\b(?:new|old)\s*\.\s*${name}`, 'giu')
const insertion = new RegExp(
  String.raw`\b(?:insert|replace)\s+(?:(?:low_priority|delayed|high_priority|ignore)\s+)*(?:into\s+)?(?:${name}\s*\.\s*)?(?<table>${name})\s*(?:values?|select|with|table)\b`,
  'giu',
)

function namesIn(texts: readonly string[]): ReadonlySet<string> {
  return new Set(texts.flatMap((text) => [...wordsOf(text)]).map((word) => word.toLowerCase()))
}
