import {MigError} from '../errors.ts'
import {visitStatements} from '../dialects/split/postgres.ts'
import type {Operation} from '../operations/operation.ts'
import {recordOf} from '../operations/record.ts'
import type {OperationRegistry} from '../operations/registry.ts'
import {readOpCalls} from '../script/op-calls.ts'
import type {OpCall} from '../script/op-calls.ts'
import {readSqlSections} from '../script/sql-file.ts'
import type {Tree} from '../sql/effects/tree.ts'
import {createdAnyhow} from '../sql/model/statements.ts'
import {plainContext} from '../sql/plain-context.ts'

/** The upgrade of a revision as PostgreSQL's syntax trees, read from its text without running it. */
export interface RevisionStatements {
  readonly statements: readonly Tree[]
  /** The parts that are not known, as noun phrases. */
  readonly unclear: readonly string[]
}

/** Returns the statements of the upgrade in a revision file. */
export async function statementsIn(
  file: string,
  text: string,
  registry: OperationRegistry,
): Promise<RevisionStatements> {
  const statements: Tree[] = []
  const unclear: string[] = []
  const addText = async (sql: string): Promise<void> => {
    const isParsed = await visitStatements(sql, (statement) => void statements.push(statement))
    if (!isParsed) unclear.push('SQL that PostgreSQL cannot parse')
  }
  try {
    if (file.toLowerCase().endsWith('.sql')) {
      await addText(readSqlSections(text, file).upgrade.sql)
      return {statements, unclear}
    }
    const written = readOpCalls(text, 'upgrade')
    if (written === undefined || written.isPartial) unclear.push('code that cannot be evaluated statically')
    for (const call of written?.calls ?? []) {
      const found = statementsOfCall(call, registry)
      if ('texts' in found) for (const sql of found.texts) await addText(sql)
      else {
        unclear.push(found.unclear)
        statements.push(...createdBy(call, registry))
      }
    }
  } catch (error) {
    if (!(error instanceof MigError)) throw error
    unclear.push('a file that cannot be read')
  }
  return {statements, unclear: [...new Set(unclear)]}
}

type CallTexts = {readonly texts: readonly string[]} | {readonly unclear: string}

const notRecords: ReadonlySet<string> = new Set(['flush', 'autocommit'])

function statementsOfCall(call: OpCall, registry: OperationRegistry): CallTexts {
  const {method} = call
  if (notRecords.has(method)) return {texts: []}
  if (method === 'query') return textOf(call)
  const definition = registry.find(method)
  if (definition === undefined) return {unclear: `op.${method}`}
  if (definition.written === 'sql') return textOf(call)
  const values = call.values()
  // The values of rows do not matter.
  const isStatic = values.every((value) => value !== undefined)
  if (!isStatic) return {unclear: `op.${method} with arguments that are not literals`}
  const args = values.map((value) => value?.value)
  try {
    const record = recordOf(definition, args) as unknown as Operation
    const result = definition.sql(record as never, plainContext)
    if ('unsupported' in result || 'rebuilds' in result) return {unclear: `op.${method}`}
    if ('text' in result) return {texts: [result.text]}
    return {texts: result.map((part) => (typeof part === 'string' ? part : part.sql))}
  } catch {
    return {unclear: `op.${method} with arguments that are not valid`}
  }
}

/** Returns the creation of the object that a call names, of which nothing else is known. */
function createdBy({method, args: [name]}: OpCall, registry: OperationRegistry): readonly Tree[] {
  const {change, written} = registry.find(method) ?? {}
  if (change !== 'adds' || typeof name !== 'string' || !Array.isArray(written)) return []
  return [{[createdAnyhow]: {kind: written[0], name, parts: written[1]}}]
}

/** Returns the SQL of `op.execute`: that for PostgreSQL, or else all that is given. */
function textOf(call: OpCall): CallTexts {
  const [first] = call.values()
  const sql = first?.value
  const hasParameters = call.args.length > 1
  const texts = typeof sql === 'string' ? [sql] : typeof sql === 'object' && sql !== null ? textsOf(sql) : []
  if (texts.length === 0 || texts.some((text) => typeof text !== 'string'))
    return {unclear: `op.${call.method} with SQL that is not a literal`}
  return {texts: texts.map((text) => (hasParameters ? String(text).replaceAll('?', 'null') : String(text)))}
}

function textsOf(sql: object): readonly unknown[] {
  const {postgresql, ...others} = sql as Readonly<Record<string, unknown>>
  return postgresql === undefined ? Object.values(others) : [postgresql]
}
