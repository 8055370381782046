import {defaultDialect} from '../dialects/dialect.ts'
import {dialectContext, rebuildContext} from '../sql/translation/dialect-context.ts'
import type {AnyDefinition, Effects, ObjectKind, SqlContext} from '../operations/definition.ts'
import {recordOf} from '../operations/record.ts'
import type {Dialect, Operation} from '../operations/operation.ts'
import type {OperationRegistry} from '../operations/registry.ts'
import type {OpCall} from '../script/op-calls.ts'
import type {NamedOnly} from '../sql/model/statements.ts'
import {grammarOf} from '../sql/translation/grammars.ts'
import {without} from '../util/objects.ts'

/** Returns the table whose index an operation drops or renames, which PostgreSQL's statements do not name. */
export function tableOfIndex(operation: Operation): string | undefined {
  return operation.kind === 'dropIndex' || operation.kind === 'renameIndex' ? operation.table : undefined
}

/** Returns the statements of an operation that was recorded, as PostgreSQL's. */
export function statementsOfOperation(operation: Operation, definition: AnyDefinition): CallTexts {
  try {
    const found = statementsOfRecord(operation, definition, {effects: nothing})
    if ('texts' in found) return found
    // An option that only other databases have, such as the place of a column, does not decide what is changed.
    const options = Object.keys(operation).filter((key) => key !== 'kind' && !definition.parameters.includes(key))
    for (const option of options) {
      const other = statementsOfRecord(without(operation, option as never), definition, {effects: nothing})
      if ('texts' in other) return other
    }
    return found
  } catch {
    const named: NamedOnly = {effects: definition.effects(operation as never)}
    return {unclear: `op.${operation.kind}`, isVague: false, named}
  }
}

/** The SQL of an operation, or why it is not known. */
export type CallTexts =
  | {readonly texts: readonly string[]; readonly isPostgres?: true}
  | {readonly unclear: string; readonly isVague: boolean; readonly named: NamedOnly}

const notRecords: ReadonlySet<string> = new Set(['flush', 'autocommit'])

const nothing: Effects = {reads: [], writes: []}

/** Returns the statements of a call in the text of a revision. */
export function statementsOfCall(call: OpCall, registry: OperationRegistry, dialect: Dialect): CallTexts {
  const {method, args} = call
  if (notRecords.has(method)) return {texts: []}
  if (method === 'query') return textOf(call, dialect)
  const definition = registry.find(method)
  const unknown = (unclear: string): CallTexts => ({unclear, isVague: false, named: namedBy(args, definition)})
  if (definition === undefined) return unknown(`op.${method}`)
  if (definition.written === 'sql') return textOf(call, dialect)
  const values = call.values()
  if (values.includes(undefined)) return unknown(`op.${method} with arguments that are not literals`)
  try {
    const record = recordOf(
      definition,
      values.map((value) => value?.value),
    )
    return statementsOfRecord(record, definition, namedBy(args, definition), dialect)
  } catch {
    // Functions among the arguments may need code to be run, and custom operations are code of the project.
    return unknown(`op.${method} with arguments that cannot be evaluated`)
  }
}

/** @param named the object that is created, if only its name is known */
function statementsOfRecord(
  record: object,
  definition: AnyDefinition,
  named: NamedOnly,
  dialect: Dialect = defaultDialect,
): CallTexts {
  const result = definition.sql(record as never, contextOf(dialect))
  if ('text' in result) return {texts: [result.text]}
  const grammar = 'rebuilds' in result ? grammarOf(dialect) : undefined
  const rebuild = grammar && definition.sql(record as never, rebuildContext(grammar))
  const written = rebuild ?? result
  if (!('unsupported' in written || 'rebuilds' in written || 'text' in written)) {
    const texts = written.map((part) => (typeof part === 'string' ? part : part.sql))
    return rebuild === undefined ? {texts} : {texts, isPostgres: true}
  }
  const effects = definition.effects(record as never)
  const isVague = !effects.writes.some(({kind}) => kind === 'unknown')
  return {unclear: `op.${definition.kind}`, isVague, named: {...named, effects}}
}

const contexts = new Map<Dialect, SqlContext>()

function contextOf(dialect: Dialect): SqlContext {
  const known = contexts.get(dialect) ?? dialectContext(dialect)
  contexts.set(dialect, known)
  return known
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

/** Returns the SQL of `op.execute`: that for the database, or else all that is given. */
function textOf(call: OpCall, dialect: Dialect): CallTexts {
  const [first] = call.values()
  const sql = first?.value
  const hasParameters = call.args.length > 1
  const texts = typeof sql === 'string' ? [sql] : typeof sql === 'object' && sql !== null ? textsOf(sql, dialect) : []
  if (texts.length === 0 || texts.some((text) => typeof text !== 'string'))
    return {unclear: `op.${call.method} with SQL that is not a literal`, isVague: false, named: {effects: nothing}}
  return {texts: texts.map((text) => (hasParameters ? String(text).replaceAll('?', 'null') : String(text)))}
}

function textsOf(sql: object, dialect: Dialect): readonly unknown[] {
  const {[dialect]: own, ...others} = sql as Readonly<Record<string, unknown>>
  return own === undefined ? Object.values(others) : [own]
}
