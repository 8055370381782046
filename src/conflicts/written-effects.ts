import {columnsOf, objects} from '../operations/definition.ts'
import type {Effects, ObjectKind, SchemaObject, WrittenArgument} from '../operations/definition.ts'
import {nextTo, splitName} from '../operations/names.ts'
import type {OperationRegistry} from '../operations/registry.ts'
import {readOpCalls} from '../script/op-calls.ts'
import type {OpCall, WrittenValue} from '../script/op-calls.ts'
import {readSqlSections} from '../script/sql-file.ts'
import {effectsOfPostgresText} from '../sql/effects/effects.ts'
import {lossesOfText} from '../sql/effects/losses.ts'

const unknown = (why: string): Effects => ({reads: [], writes: objects('unknown', why)})
const notWritten = unknown('code that cannot be evaluated statically')

/**
 * Returns the objects that the upgrade of a revision reads and writes, judged by its source without running it. SQL is
 * parsed with PostgreSQL's grammar, whatever the database. Uncertain effects are reported as `unknown`.
 *
 * @throws MigError INVALID_REVISION_FILE
 */
export async function writtenEffects(
  file: string,
  text: string,
  registry: OperationRegistry,
): Promise<readonly Effects[]> {
  if (file.endsWith('.sql')) return [await effectsOfPostgresText(readSqlSections(text, file).upgrade.sql)]
  const written = readOpCalls(text, 'upgrade')
  if (written === undefined) return [notWritten]
  const {calls, tables, types, isPartial} = written
  return [
    {reads: [...objects('table', ...tables), ...objects('type', ...types)], writes: []},
    ...(isPartial ? [notWritten] : []),
    ...(await Promise.all(calls.map(async (call) => effectsOfCall(call, registry)))).flat(),
  ]
}

/** Returns the data lost by the upgrade of a revision, judged by its source without running it. */
export async function writtenLosses(
  file: string,
  text: string,
  registry: OperationRegistry,
): Promise<readonly string[]> {
  if (file.endsWith('.sql')) return lossesOfText(readSqlSections(text, file).upgrade.sql)
  const calls = readOpCalls(text, 'upgrade')?.calls ?? []
  return (await Promise.all(calls.map(async (call) => lossesOfCall(call, registry)))).flat()
}

/** Only a call whose arguments all name objects has a known loss. */
async function lossesOfCall({method, args}: OpCall, registry: OperationRegistry): Promise<readonly string[]> {
  const definition = registry.find(method)
  if (definition === undefined || definition.written === 'unknown') return []
  if (definition.written === 'sql') return (await Promise.all(textsIn(args).map(lossesOfText))).flat()
  const {parameters, written, losesData} = definition
  if (losesData === undefined || parameters.length > written.length) return []
  const named = parameters.map((parameter, i) => [parameter, args[i]] as const)
  if (named.some(([, name]) => typeof name !== 'string')) return []
  return [losesData({kind: method, ...Object.fromEntries(named)}, undefined) ?? []].flat()
}

async function effectsOfCall({method, args}: OpCall, registry: OperationRegistry): Promise<readonly Effects[]> {
  if (method === 'flush' || method === 'autocommit') return []
  const written = method === 'query' ? 'sql' : (registry.find(method)?.written ?? 'unknown')
  if (written === 'sql') return textsOf(args)
  if (written === 'unknown') return [unknown(`op.${method}`)]
  const first = {kind: written[0], value: args[0]}
  const found = await Promise.all(written.map(async (kind, i) => effectsOfArgument({kind, value: args[i]}, first)))
  return found.flat()
}

/** An argument that names an object, and the object's kind. */
interface NamedArgument {
  readonly kind: WrittenArgument | undefined
  readonly value: OpCall['args'][number]
}

async function effectsOfArgument({kind, value}: NamedArgument, first: NamedArgument): Promise<readonly Effects[]> {
  if (kind === undefined || kind === 'other') return []
  if (kind === 'text') return textsOf([value])
  if (typeof value !== 'string' || typeof first.value !== 'string') return [notWritten]
  if (kind === 'reads') return [{reads: objects('table', value), writes: []}]
  if (kind === 'column') return [{reads: [], writes: columnsOf(first.value, [value])}]
  const renamed = {beside: nextTo(first.value, value), within: `${value}.${splitName(first.value).name}`}
  const writes: readonly SchemaObject[] =
    kind === 'beside' || kind === 'within' ? objects(first.kind as ObjectKind, renamed[kind]) : objects(kind, value)
  return [{reads: [], writes}]
}

async function textsOf(args: OpCall['args']): Promise<readonly Effects[]> {
  const texts = textsIn(args)
  return texts.length === 0 ? [notWritten] : Promise.all(texts.map(effectsOfPostgresText))
}

/** Returns the SQL texts passed to a call; empty when they are not literals. */
function textsIn([sql, ...others]: OpCall['args']): readonly string[] {
  if (sql === undefined || isList(sql)) return []
  const texts = typeof sql === 'string' ? [sql] : sql.texts
  // With parameters, a `?` is a placeholder for a value.
  return others.length === 0 ? texts : texts.map((text) => text.replaceAll('?', 'null'))
}

const isList = (value: WrittenValue): value is readonly string[] => Array.isArray(value)
