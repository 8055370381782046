import type {OperationRegistry} from '../operations/registry.ts'
import {readOpCalls} from '../script/op-calls.ts'
import type {OpCall, WrittenValue} from '../script/op-calls.ts'
import {readSqlSections} from '../script/sql-file.ts'
import {lossesOfText} from '../sql/effects/losses.ts'

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

/** Returns the SQL texts passed to a call; empty when they are not literals. */
function textsIn([sql, ...others]: OpCall['args']): readonly string[] {
  if (sql === undefined || isList(sql)) return []
  const texts = typeof sql === 'string' ? [sql] : sql.texts
  // With parameters, a `?` is a placeholder for a value.
  return others.length === 0 ? texts : texts.map((text) => text.replaceAll('?', 'null'))
}

const isList = (value: WrittenValue): value is readonly string[] => Array.isArray(value)
