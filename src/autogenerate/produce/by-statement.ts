import type {SqlContext} from '../../operations/definition.ts'
import type {Operation} from '../../operations/operation.ts'

const name = String.raw`(?:"(?:[^"]|"")+"|\`[^\`]+\`|[\w$]+)`
const qualified = `${name}(?:\\.${name})?`
const trigger = new RegExp(
  String.raw`\bcreate\s+(?:or\s+replace\s+)?(?:constraint\s+|temp(?:orary)?\s+)?trigger\s+(?:if\s+not\s+exists\s+)?(?<trigger>${qualified})`,
  'i',
)
const table = new RegExp(String.raw`\bon\s+(?<table>${qualified})`, 'i')
/** A function that the statement may replace is left: it can have existed before. */
const functions = new RegExp(String.raw`\bcreate\s+function\s+(?<own>${qualified})`, 'gi')

/** Returns the operation that runs a statement which creates a trigger, and its inverse. */
export function triggerByStatement(
  sql: string,
  known: {readonly name: string; readonly table: string},
  {capabilities, quote, list}: SqlContext,
): Operation {
  const found = trigger.exec(sql)
  const own = found?.groups?.['trigger'] ?? list([known.name])
  const rest = sql.slice((found?.index ?? 0) + (found?.[0].length ?? 0))
  const owner = (found && table.exec(rest)?.groups?.['table']) ?? quote(known.table)
  const drops = capabilities.triggersPerTable
    ? [`drop trigger ${own} on ${owner}`, ...functionsIn(sql).map((item) => `drop function ${item}`)]
    : [`drop trigger ${own}`]
  return {kind: 'execute', sql, parameters: [], inverse: drops.join(';\n')}
}

function functionsIn(sql: string): readonly string[] {
  return [...sql.matchAll(functions)].flatMap(({groups}) => groups?.['own'] ?? [])
}
