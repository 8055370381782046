import type {CatalogueObject} from '../snapshot.ts'
import {flag, listOfNames, textOf} from './server.ts'
import type {Server} from './server.ts'

interface TriggerRow {
  readonly table: string
  readonly name: string
  readonly timing: string
  readonly event: string
  readonly body: string
}

/** Reads triggers. */
export async function readTriggers({query}: Server): Promise<readonly CatalogueObject[]> {
  const rows = await query<TriggerRow>(`
    select event_object_table as \`table\`, trigger_name as \`name\`, action_timing as \`timing\`,
      event_manipulation as \`event\`, action_statement as \`body\`
    from information_schema.triggers where trigger_schema = database()`)
  return rows.map(({table, name, timing, event, body}) => ({
    kind: 'trigger',
    table,
    name,
    definition: {timing: timing.toLowerCase(), event: event.toLowerCase(), body},
  }))
}

interface RoutineRow {
  readonly type: string
  readonly name: string
  readonly body: string | null
  readonly isDeterministic: 'YES' | 'NO'
  readonly access: string
  readonly security: string
  readonly comment: string
}

interface ParameterRow {
  readonly routineType: string
  readonly routine: string
  readonly position: number
  readonly mode: string | null
  readonly name: string | null
  readonly type: string
  readonly collation: string | null
}

/** Reads functions and procedures. */
export async function readRoutines(server: Server): Promise<readonly CatalogueObject[]> {
  const rows = await server.query<RoutineRow>(routinesSql)
  if (rows.length === 0) return []
  const parameters = Map.groupBy(await server.query<ParameterRow>(parametersSql), ({routineType, routine}) =>
    JSON.stringify([routineType, routine]),
  )
  const functions = new Set(rows.filter(({type}) => type === 'FUNCTION').map(({name}) => name))
  return rows.map((row) => {
    const own = parameters.get(JSON.stringify([row.type, row.name])) ?? []
    const isSecond = row.type !== 'FUNCTION' && functions.has(row.name)
    return routineOf(row, isSecond ? `${row.name} (${row.type.toLowerCase()})` : row.name, own, server)
  })
}

const routinesSql = `
  select routine_type as \`type\`, routine_name as \`name\`, routine_definition as \`body\`,
    is_deterministic as \`isDeterministic\`, sql_data_access as \`access\`, security_type as \`security\`,
    routine_comment as \`comment\`
  from information_schema.routines where routine_schema = database()`

const parametersSql = `
  select routine_type as \`routineType\`, specific_name as \`routine\`, ordinal_position as \`position\`,
    parameter_mode as \`mode\`, parameter_name as \`name\`, dtd_identifier as \`type\`, collation_name as \`collation\`
  from information_schema.parameters where specific_schema = database()
  order by specific_name, routine_type, ordinal_position`

/** The SQL mode is left out, as are the character sets of the connection: both belong to the session that created it. */
function routineOf(
  row: RoutineRow,
  name: string,
  parameters: readonly ParameterRow[],
  server: Server,
): CatalogueObject {
  const {type, body, isDeterministic, access, security, comment} = row
  // The result of a function is a parameter without a name.
  const isResult = ({position}: ParameterRow): boolean => position === 0
  const result = parameters.find(isResult)
  return {
    kind: 'routine',
    name,
    definition: {
      type: type.toLowerCase(),
      parameters: parameters
        .filter((parameter) => !isResult(parameter))
        .map((parameter) => parameterOf(parameter, server))
        .join(', '),
      returns: result === undefined ? null : typeOf(result, server),
      body,
      deterministic: flag(isDeterministic === 'YES'),
      dataAccess: access.toLowerCase(),
      security: security.toLowerCase(),
      comment: textOf(comment),
    },
  }
}

function parameterOf(parameter: ParameterRow, server: Server): string {
  const {mode, name} = parameter
  return `${mode?.toLowerCase() ?? 'in'} ${listOfNames([name ?? ''])} ${typeOf(parameter, server)}`
}

function typeOf({type, collation}: ParameterRow, server: Server): string {
  return collation === null || collation === server.collation ? type : `${type} collate ${collation}`
}
