import {columnsOf, objects} from '../operations/definition.ts'
import type {Effects, ObjectKind, SchemaObject} from '../operations/definition.ts'
import {nextTo, splitName} from '../operations/names.ts'
import type {Operation} from '../operations/operation.ts'
import {definitionOf} from '../operations/registry.ts'
import {readOpCalls} from '../script/op-calls.ts'
import type {OpCall, WrittenValue} from '../script/op-calls.ts'
import {readSqlSections} from '../script/sql-file.ts'
import {effectsOfPostgresText} from '../sql/effects/effects.ts'
import {lossesOfText} from '../sql/effects/losses.ts'

const unknown = (why: string): Effects => ({reads: [], writes: objects('unknown', why)})
const notWritten = unknown('what is not written out in its text')

/**
 * Returns what the upgrade of a revision reads and writes as far as its text says so: nothing of it is run. SQL is read
 * with PostgreSQL's grammar, whatever the database. What is not known for sure is there as an effect of its own: unknown.
 *
 * @throws MigError INVALID_REVISION_FILE
 */
export async function writtenEffects(file: string, text: string): Promise<readonly Effects[]> {
  if (file.endsWith('.sql')) return [await effectsOfPostgresText(readSqlSections(text, file).upgrade.sql)]
  const written = readOpCalls(text, 'upgrade')
  if (written === undefined) return [notWritten]
  const {calls, tables, types, isPartial} = written
  return [
    {reads: [...objects('table', ...tables), ...objects('type', ...types)], writes: []},
    ...(isPartial ? [notWritten] : []),
    ...(await Promise.all(calls.map(effectsOfCall))).flat(),
  ]
}

/** Returns what is lost by the upgrade of a revision, as far as its text says so: nothing of it is run. */
export async function writtenLosses(file: string, text: string): Promise<readonly string[]> {
  if (file.endsWith('.sql')) return lossesOfText(readSqlSections(text, file).upgrade.sql)
  const calls = readOpCalls(text, 'upgrade')?.calls ?? []
  const found = calls.map(async ({method, args}) => {
    const [first, second] = args
    if (method === 'execute') return (await Promise.all(textsIn(args).map(lossesOfText))).flat()
    if (typeof first !== 'string') return []
    if (method === 'dropTable') return definitionOf({kind: method}).losesData?.({kind: method, table: first}) ?? []
    const isPart = method === 'dropColumn' || method === 'dropPartition'
    return isPart && typeof second === 'string'
      ? (definitionOf({kind: method}).losesData?.({kind: method, table: first, column: second, name: second}) ?? [])
      : []
  })
  return (await Promise.all(found)).flat()
}

/**
 * What the arguments of an operation are, in order: what it changes, and a new name for that or a new schema; a table that
 * it reads, a query, or nothing of these.
 */
type Names = readonly (ObjectKind | 'beside' | 'within' | 'reads' | 'text' | 'other')[]

const table = ['table'] as const
const column = ['table', 'column'] as const
const type = ['type'] as const
const schema = ['schema'] as const
const sequence = ['sequence'] as const
const extension = ['extension'] as const
const view = ['view'] as const
const query = ['view', 'text'] as const
const partition = ['table', 'table'] as const
const routine = ['function'] as const

const named: Readonly<Record<Exclude<Operation['kind'], 'execute'>, Names>> = {
  ...{createTable: table, dropTable: table, renameTable: ['table', 'beside'], moveTable: ['table', 'within']},
  ...{setTableComment: table, setTableParameters: table, batchAlterTable: table, bulkInsert: table},
  ...{addColumn: column, dropColumn: column, alterColumn: column, renameColumn: ['table', 'column', 'column']},
  ...{createIndex: ['reads'], dropIndex: ['index'], renameIndex: ['index', 'beside']},
  ...{createPrimaryKey: table, dropPrimaryKey: table, createUniqueConstraint: table, createCheckConstraint: table},
  ...{createForeignKey: ['table', 'other', 'reads'], createExcludeConstraint: table, dropConstraint: table},
  ...{validateConstraint: table, renameConstraint: table},
  ...{createEnum: type, dropEnum: type, addEnumValue: type, renameEnumValue: type, replaceEnum: type},
  ...{createDomain: type, dropDomain: type},
  ...{createSchema: schema, dropSchema: schema, renameSchema: ['schema', 'schema']},
  ...{createSequence: sequence, alterSequence: sequence, dropSequence: sequence},
  ...{renameSequence: ['sequence', 'beside'], createExtension: extension, dropExtension: extension},
  ...{createView: query, replaceView: query, dropView: view},
  ...{createMaterializedView: query, dropMaterializedView: view, refreshMaterializedView: view},
  ...{createFunction: routine, createProcedure: routine, dropFunction: routine, dropProcedure: routine},
  ...{createTrigger: table, dropTrigger: table, createPolicy: table, dropPolicy: table, setRowLevelSecurity: table},
  ...{createPartition: partition, dropPartition: partition},
  ...{attachPartition: partition, detachPartition: partition},
}

async function effectsOfCall({method, args}: OpCall): Promise<readonly Effects[]> {
  if (method === 'flush' || method === 'autocommit') return []
  if (method === 'execute' || method === 'query') return textsOf(args)
  const names = Object.hasOwn(named, method) ? named[method as keyof typeof named] : undefined
  if (names === undefined) return [unknown(`op.${method}`)]
  const found = await Promise.all(names.map(async (kind, i) => effectsOfArgument(kind, args[i], [names[0], args[0]])))
  return found.flat()
}

async function effectsOfArgument(
  kind: Names[number],
  value: OpCall['args'][number],
  [firstKind, first]: readonly [Names[number] | undefined, OpCall['args'][number]],
): Promise<readonly Effects[]> {
  if (kind === 'other') return []
  if (kind === 'text') return textsOf([value])
  if (typeof value !== 'string' || typeof first !== 'string') return [notWritten]
  if (kind === 'reads') return [{reads: objects('table', value), writes: []}]
  if (kind === 'column') return [{reads: [], writes: columnsOf(first, [value])}]
  const renamed = {beside: nextTo(first, value), within: `${value}.${splitName(first).name}`}
  const writes: readonly SchemaObject[] =
    kind === 'beside' || kind === 'within' ? objects(firstKind as ObjectKind, renamed[kind]) : objects(kind, value)
  return [{reads: [], writes}]
}

async function textsOf(args: OpCall['args']): Promise<readonly Effects[]> {
  const texts = textsIn(args)
  return texts.length === 0 ? [notWritten] : Promise.all(texts.map(effectsOfPostgresText))
}

/** Returns the texts of SQL that a call is given: none when they are not written out. */
function textsIn([sql, ...others]: OpCall['args']): readonly string[] {
  if (sql === undefined || isList(sql)) return []
  const texts = typeof sql === 'string' ? [sql] : sql.texts
  // A `?` stands for a value where there are any.
  return others.length === 0 ? texts : texts.map((one) => one.replaceAll('?', 'null'))
}

const isList = (value: WrittenValue): value is readonly string[] => Array.isArray(value)
