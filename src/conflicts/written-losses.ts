import type {Dialect} from '../dialects/dialect.ts'
import type {OperationRegistry} from '../operations/registry.ts'
import {readOpCalls} from '../script/op-calls.ts'
import type {OpCall, WrittenValue} from '../script/op-calls.ts'
import {readSqlSections} from '../script/sql-file.ts'
import {lossesOfText} from '../sql/losses/sentences.ts'

/** Data that an upgrade loses, judged by its source. */
export interface WrittenLosses {
  readonly losses: readonly string[]
  /** Whether parts of the code cannot be read without running it. */
  readonly isPartial: boolean
}

/** Returns the data lost by the upgrade of a revision, judged by its source without running it. */
export async function writtenLosses(
  file: string,
  text: string,
  registry: OperationRegistry,
  dialect: Dialect,
): Promise<WrittenLosses> {
  if (file.toLowerCase().endsWith('.sql'))
    return {losses: await lossesOfText(readSqlSections(text, file).upgrade.sql, dialect), isPartial: false}
  const {calls, isPartial} = readOpCalls(text, 'upgrade') ?? {calls: [], isPartial: true}
  const found = await Promise.all(calls.map(async (call) => lossesOfCall(call, registry, dialect)))
  return {
    losses: found.flatMap(({losses}) => losses),
    isPartial: isPartial || found.some((one) => one.isPartial),
  }
}

const nothing: WrittenLosses = {losses: [], isPartial: false}
const unread: WrittenLosses = {losses: [], isPartial: true}

/** Only a call whose arguments all name objects has a known loss. */
async function lossesOfCall(
  {method, args}: OpCall,
  registry: OperationRegistry,
  dialect: Dialect,
): Promise<WrittenLosses> {
  if (method === 'flush' || method === 'autocommit') return nothing
  const definition = registry.find(method)
  if (definition === undefined || definition.written === 'unknown') return unread
  if (definition.written === 'sql') {
    const texts = textsIn(args)
    const found = await Promise.all(texts.map(async (text) => lossesOfText(text, dialect)))
    return texts.length === 0 ? unread : {losses: found.flat(), isPartial: false}
  }
  const {parameters, written, losesData} = definition
  if (losesData === undefined) return nothing
  if (parameters.length > written.length) return unread
  const named = parameters.map((parameter, i) => [parameter, args[i]] as const)
  if (named.some(([, name]) => typeof name !== 'string')) return unread
  const losses = [losesData({kind: method, ...Object.fromEntries(named)}, undefined) ?? []].flat()
  return {losses, isPartial: false}
}

/** Returns the SQL texts passed to a call; empty when they are not literals. */
function textsIn([sql, ...others]: OpCall['args']): readonly string[] {
  if (sql === undefined || isList(sql)) return []
  const texts = typeof sql === 'string' ? [sql] : sql.texts
  // With parameters, a `?` is a placeholder for a value.
  return others.length === 0 ? texts : texts.map((text) => text.replaceAll('?', 'null'))
}

const isList = (value: WrittenValue): value is readonly string[] => Array.isArray(value)
