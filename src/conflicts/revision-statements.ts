import {MigError} from '../errors.ts'
import {visitStatements} from '../dialects/split/postgres.ts'
import type {AnyDefinition, Effects, ObjectKind} from '../operations/definition.ts'
import {recordOf} from '../operations/record.ts'
import type {OperationRegistry} from '../operations/registry.ts'
import {readOpCalls} from '../script/op-calls.ts'
import type {OpCall} from '../script/op-calls.ts'
import {readSqlSections} from '../script/sql-file.ts'
import type {Tree} from '../sql/effects/tree.ts'
import {namedOnly} from '../sql/model/statements.ts'
import type {NamedOnly} from '../sql/model/statements.ts'
import {plainContext} from '../sql/plain-context.ts'

/** The upgrade of a revision as PostgreSQL's syntax trees, read from its text without running it. */
export interface RevisionStatements {
  readonly statements: readonly Tree[]
  /** The parts that are not known, as noun phrases. */
  readonly unclear: readonly string[]
  /** Those of which at least all objects are known. */
  readonly vague: readonly string[]
}

/** Returns the statements of the upgrade in a revision file. */
export async function statementsIn(
  file: string,
  text: string,
  registry: OperationRegistry,
): Promise<RevisionStatements> {
  const statements: Tree[] = []
  const unclear: string[] = []
  const vague: string[] = []
  const addText = async (sql: string): Promise<void> => {
    const isParsed = await visitStatements(sql, (statement) => void statements.push(statement))
    if (!isParsed) unclear.push('SQL that PostgreSQL cannot parse')
  }
  try {
    if (file.toLowerCase().endsWith('.sql')) {
      await addText(readSqlSections(text, file).upgrade.sql)
      return {statements, unclear, vague}
    }
    const written = readOpCalls(text, 'upgrade')
    if (written === undefined || written.isPartial) unclear.push('code that cannot be evaluated statically')
    for (const call of written?.calls ?? []) {
      const found = statementsOfCall(call, registry)
      if ('texts' in found) for (const sql of found.texts) await addText(sql)
      else {
        statements.push({[namedOnly]: found.named})
        ;(found.isVague ? vague : unclear).push(found.unclear)
      }
    }
  } catch (error) {
    if (!(error instanceof MigError)) throw error
    unclear.push('a file that cannot be read')
  }
  return {statements, unclear: [...new Set(unclear)], vague: [...new Set(vague)]}
}

type CallTexts =
  | {readonly texts: readonly string[]}
  | {readonly unclear: string; readonly isVague: boolean; readonly named: NamedOnly}

const notRecords: ReadonlySet<string> = new Set(['flush', 'autocommit'])

const nothing: Effects = {reads: [], writes: []}

function statementsOfCall(call: OpCall, registry: OperationRegistry): CallTexts {
  const {method, args} = call
  if (notRecords.has(method)) return {texts: []}
  if (method === 'query') return textOf(call)
  const definition = registry.find(method)
  const unknown = (unclear: string): CallTexts => ({unclear, isVague: false, named: namedBy(args, definition)})
  if (definition === undefined) return unknown(`op.${method}`)
  if (definition.written === 'sql') return textOf(call)
  const values = call.values()
  if (values.includes(undefined)) return unknown(`op.${method} with arguments that are not literals`)
  try {
    const record = recordOf(
      definition,
      values.map((value) => value?.value),
    )
    const result = definition.sql(record, plainContext)
    if ('text' in result) return {texts: [result.text]}
    if (!('unsupported' in result || 'rebuilds' in result))
      return {texts: result.map((part) => (typeof part === 'string' ? part : part.sql))}
    const effects = definition.effects(record)
    const isVague = !effects.writes.some(({kind}) => kind === 'unknown')
    return {unclear: `op.${method}`, isVague, named: {...namedBy(args, definition), effects}}
  } catch {
    // Functions among the arguments may need code to be run, and custom operations are code of the project.
    return unknown(`op.${method} with arguments that cannot be evaluated`)
  }
}

/** Returns the object that a call creates, of which nothing but the name is known. */
function namedBy([name]: OpCall['args'], definition: AnyDefinition | undefined): NamedOnly {
  const {change, written} = definition ?? {}
  if (change !== 'adds' || typeof name !== 'string' || typeof written === 'string') return {effects: nothing}
  const [kind, part] = written ?? []
  // The first argument of `op.addColumn` is the table of the column.
  const isOwn = kind !== undefined && kind in creates && part !== 'column'
  return isOwn ? {effects: nothing, created: {kind: kind as ObjectKind, name}} : {effects: nothing}
}

const creates = {table: true, view: true, type: true, sequence: true} as const

/** Returns the SQL of `op.execute`: that for PostgreSQL, or else all that is given. */
function textOf(call: OpCall): CallTexts {
  const [first] = call.values()
  const sql = first?.value
  const hasParameters = call.args.length > 1
  const texts = typeof sql === 'string' ? [sql] : typeof sql === 'object' && sql !== null ? textsOf(sql) : []
  if (texts.length === 0 || texts.some((text) => typeof text !== 'string'))
    return {unclear: `op.${call.method} with SQL that is not a literal`, isVague: false, named: {effects: nothing}}
  return {texts: texts.map((text) => (hasParameters ? String(text).replaceAll('?', 'null') : String(text)))}
}

function textsOf(sql: object): readonly unknown[] {
  const {postgresql, ...others} = sql as Readonly<Record<string, unknown>>
  return postgresql === undefined ? Object.values(others) : [postgresql]
}
