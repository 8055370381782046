import {MigError} from '../errors.ts'
import {visitStatements} from '../dialects/split/postgres.ts'
import type {AnyDefinition, Effects, ObjectKind} from '../operations/definition.ts'
import {recordOf} from '../operations/record.ts'
import type {Dialect, Operation} from '../operations/operation.ts'
import type {OperationRegistry} from '../operations/registry.ts'
import {readOpCalls} from '../script/op-calls.ts'
import type {OpCall} from '../script/op-calls.ts'
import {readSqlSections} from '../script/sql-file.ts'
import {isTree} from '../sql/effects/tree.ts'
import type {Tree} from '../sql/effects/tree.ts'
import {namedOnly} from '../sql/model/statements.ts'
import type {NamedOnly} from '../sql/model/statements.ts'
import {without} from '../util/objects.ts'
import {plainContext} from '../sql/plain-context.ts'

/** The upgrade of a revision as PostgreSQL's syntax trees, read from its text without running it. */
export interface RevisionStatements {
  readonly statements: readonly Tree[]
  /** The parts that are not known, as noun phrases. */
  readonly unclear: readonly string[]
  /** Those of which at least all objects are known. */
  readonly vague: readonly string[]
}

/** Ways to read SQL texts. */
export interface SqlReading {
  /** Rewrites a text of another dialect for PostgreSQL's parser. */
  readonly rewrite?: ((sql: string) => string) | undefined
  /** Whether statements after one that cannot be parsed are read. */
  readonly continues?: boolean
}

/** Returns the statements of the upgrade in a revision file. */
export async function statementsIn(
  file: string,
  text: string,
  registry: OperationRegistry,
  reading?: SqlReading,
): Promise<RevisionStatements> {
  const found = new Statements(reading)
  try {
    if (file.toLowerCase().endsWith('.sql')) await found.addText(readSqlSections(text, file).upgrade.sql)
    else {
      const written = readOpCalls(text, 'upgrade')
      if (written === undefined || written.isPartial) found.addUnclear('code that cannot be evaluated statically')
      for (const call of written?.calls ?? []) await found.add(statementsOfCall(call, registry))
    }
  } catch (error) {
    if (!(error instanceof MigError)) throw error
    found.addUnclear('a file that cannot be read')
  }
  return found.all()
}

/** Returns the statements of a SQL text. */
export async function statementsOfText(sql: string, reading?: SqlReading): Promise<RevisionStatements> {
  const found = new Statements(reading)
  await found.addText(sql)
  return found.all()
}

/** Returns the statements of operations that were recorded. */
export async function statementsOfOperations(
  operations: readonly Operation[],
  dialect: Dialect,
  registry: OperationRegistry,
  reading?: SqlReading,
): Promise<RevisionStatements> {
  const found = new Statements(reading)
  const open = operations.toReversed()
  for (let operation = open.pop(); operation !== undefined; operation = open.pop()) {
    const definition = registry.definitionOf(operation)
    if (definition.batch !== undefined) {
      open.push(...definition.batch(operation as never).operations.toReversed())
      continue
    }
    const text = definition.text?.(operation as never, dialect)
    if (text !== undefined) await found.addText(text)
    else if (definition.text === undefined)
      await found.add(statementsOfOperation(operation, definition), tableOfIndex(operation))
  }
  return found.all()
}

/** Returns the table whose index an operation drops or renames, which PostgreSQL's statements do not name. */
function tableOfIndex(operation: Operation): string | undefined {
  return operation.kind === 'dropIndex' || operation.kind === 'renameIndex' ? operation.table : undefined
}

function statementsOfOperation(operation: Operation, definition: AnyDefinition): CallTexts {
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

/** Statements in the order in which they are added, and the parts that are not known. */
class Statements {
  readonly #statements: Tree[] = []
  readonly #unclear = new Set<string>()
  readonly #vague = new Set<string>()
  readonly #reading: SqlReading

  constructor(reading: SqlReading = {}) {
    this.#reading = reading
  }

  /** @param ofTable the table of an index that a statement drops or renames */
  async addText(sql: string, ofTable?: string): Promise<void> {
    const add = (statement: Tree): void => {
      const [command = ''] = Object.keys(statement)
      const node = statement[command]
      this.#statements.push(ofTable !== undefined && isTree(node) ? {[command]: {...node, ofTable}} : statement)
    }
    const {rewrite, continues} = this.#reading
    const isParsed = await visitStatements(rewrite?.(sql) ?? sql, add, continues)
    if (!isParsed) this.#unclear.add('SQL that PostgreSQL cannot parse')
  }

  async add(found: CallTexts, ofTable?: string): Promise<void> {
    if ('texts' in found) for (const sql of found.texts) await this.addText(sql, ofTable)
    else {
      this.#statements.push({[namedOnly]: found.named})
      ;(found.isVague ? this.#vague : this.#unclear).add(found.unclear)
    }
  }

  addUnclear(part: string): void {
    this.#unclear.add(part)
  }

  all(): RevisionStatements {
    return {statements: this.#statements, unclear: [...this.#unclear], vague: [...this.#vague]}
  }
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
    return statementsOfRecord(record, definition, namedBy(args, definition))
  } catch {
    // Functions among the arguments may need code to be run, and custom operations are code of the project.
    return unknown(`op.${method} with arguments that cannot be evaluated`)
  }
}

/** @param named the object that is created, if only its name is known */
function statementsOfRecord(record: object, definition: AnyDefinition, named: NamedOnly): CallTexts {
  const result = definition.sql(record as never, plainContext)
  if ('text' in result) return {texts: [result.text]}
  if (!('unsupported' in result || 'rebuilds' in result))
    return {texts: result.map((part) => (typeof part === 'string' ? part : part.sql))}
  const effects = definition.effects(record as never)
  const isVague = !effects.writes.some(({kind}) => kind === 'unknown')
  return {unclear: `op.${definition.kind}`, isVague, named: {...named, effects}}
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
