import type {AbstractSqlPlatform} from '@mikro-orm/sql'
import {dialects} from '../dialects/dialects.ts'
import type {Transactionality} from '../dialects/statement-part.ts'
import {unsupported} from '../operations/definition.ts'
import type {Change, OperationBatch, SqlContext} from '../operations/definition.ts'
import {OperationNotSupportedError} from '../operations/errors.ts'
import type {Dialect, Operation} from '../operations/operation.ts'
import type {Recorded} from '../operations/operations.ts'
import type {OperationRegistry} from '../operations/registry.ts'
import type {SubjectType} from '../operations/subject.ts'
import {once} from '../util/once.ts'
import type {RequestedChange} from './sqlite/change-table.ts'
import type {Catalogue, RebuildOptions, RebuildTarget} from './sqlite/rebuild.ts'
import type {Statement} from './statement.ts'

/** Options for compiling operations. */
export interface Compilation {
  readonly dialect: Dialect
  readonly platform: AbstractSqlPlatform
  readonly registry: OperationRegistry
}

/** Imported once: `import()` takes time even when the module is loaded. */
const contextModule = once(async () => import('./context.ts'))

type Part = Pick<Statement, 'sql' | 'transactionality' | 'requires'>

/**
 * Returns the complete statements of an operation, with all values inlined.
 *
 * @param catalogue queries the database for the definition of a table that SQLite has to rebuild
 * @throws MigError OPERATION_NOT_SUPPORTED
 */
export async function compileRecorded(
  recorded: Recorded,
  compilation: Compilation,
  catalogue?: Catalogue,
): Promise<readonly Statement[]> {
  return compileBatch([recorded], compilation, catalogue)
}

/**
 * Groups operations into batches that are compiled and run together: on SQLite, consecutive changes to the same table,
 * which is then rebuilt only once; on other databases, each operation separately. A batch is compiled after the
 * previous ones have run.
 */
export function batchesOf(
  recorded: readonly Recorded[],
  {dialect, registry}: Pick<Compilation, 'dialect' | 'registry'>,
): readonly (readonly Recorded[])[] {
  const batches: Recorded[][] = []
  let table: string | undefined
  const {rebuildsTables} = dialects[dialect].capabilities
  for (const item of recorded) {
    const changed = rebuildsTables ? rebuiltTable(item.operation, registry) : undefined
    const last = batches.at(-1)
    if (changed !== undefined && changed === table && last?.at(-1)?.outsideTransaction === item.outsideTransaction)
      last?.push(item)
    else batches.push([item])
    table = changed
  }
  return batches
}

/**
 * Returns the statements of a batch.
 *
 * @throws MigError OPERATION_NOT_SUPPORTED
 */
export async function compileBatch(
  batch: readonly Recorded[],
  {dialect, platform, registry}: Compilation,
  catalogue?: Catalogue,
): Promise<readonly Statement[]> {
  const {sqlContext} = await contextModule()
  const context = sqlContext(dialect, platform)
  const [first] = batch
  if (first === undefined) return []
  const {site, outsideTransaction} = first
  const operations = batch.map(({operation}) => operation)
  if (dialects[dialect].capabilities.rebuildsTables && (await needRebuild(operations, context, registry, catalogue))) {
    const parts = await rebuildParts(operations, context, registry, catalogue)
    return parts.map((part) => ({...part, outsideTransaction, origin: {kind: 'call', site}}))
  }
  const parts = batch.map(async (item) => {
    const written = await partsOf(item.operation, context, registry)
    return written.map((part): Statement => ({
      ...part,
      outsideTransaction: item.outsideTransaction,
      origin: {kind: 'call', site: item.site},
    }))
  })
  return (await Promise.all(parts)).flat()
}

/**
 * Returns whether operations may rebuild a SQLite table, which requires foreign keys to be off before the transaction
 * begins.
 */
export async function mayRebuild(
  recorded: readonly Recorded[],
  {dialect, platform, registry}: Compilation,
): Promise<boolean> {
  if (!dialects[dialect].capabilities.rebuildsTables) return false
  const {sqlContext} = await contextModule()
  const context = sqlContext(dialect, platform)
  return recorded.some(
    ({operation}) =>
      rebuilds(operation, context, registry) ||
      membersOf(operation, registry).some((member) => droppedColumn(member, registry) !== undefined),
  )
}

/** Returns the table that an operation rebuilds, if any. */
function rebuiltTable(operation: Operation, {definitionOf}: OperationRegistry): string | undefined {
  return definitionOf(operation).rebuild?.table(operation as never)
}

function droppedColumn(operation: Operation, {definitionOf}: OperationRegistry): string | undefined {
  return definitionOf(operation).rebuild?.droppedColumn?.(operation as never)
}

function batchOf(operation: Operation, {definitionOf}: OperationRegistry): OperationBatch | undefined {
  return definitionOf(operation).batch?.(operation as never)
}

/**
 * Returns the operations of a user-defined batch, unless it must not rebuild the table; any other operation is its own
 * batch.
 */
function membersOf(operation: Operation, registry: OperationRegistry): readonly Operation[] {
  const batch = batchOf(operation, registry)
  return batch === undefined || batch.recreate === 'never' ? [operation] : batch.operations
}

function rebuilds(operation: Operation, context: SqlContext, {definitionOf}: OperationRegistry): boolean {
  const definition = definitionOf(operation)
  if (definition.rebuild === undefined && definition.batch === undefined) return false
  return 'rebuilds' in definition.sql(operation as never, context)
}

async function needRebuild(
  operations: readonly Operation[],
  context: SqlContext,
  registry: OperationRegistry,
  catalogue: Catalogue | undefined,
): Promise<boolean> {
  if (operations.some((operation) => rebuilds(operation, context, registry))) return true
  if (catalogue === undefined) return false
  for (const operation of operations.flatMap((member) => membersOf(member, registry))) {
    const [table, column] = [rebuiltTable(operation, registry), droppedColumn(operation, registry)]
    if (table === undefined || column === undefined) continue
    const {dropNeedsRebuild} = await import('./sqlite/rebuild.ts')
    if (await dropNeedsRebuild({table, kind: operation.kind}, column, context, catalogue)) return true
  }
  return false
}

async function rebuildParts(
  operations: readonly Operation[],
  context: SqlContext,
  registry: OperationRegistry,
  catalogue: Catalogue | undefined,
): Promise<readonly Part[]> {
  const [first] = operations
  if (first === undefined) return []
  if (catalogue === undefined)
    throw new OperationNotSupportedError(
      first.kind,
      context.dialect,
      'the table has to be rebuilt, which requires a connection to read its definition',
    )
  for (const operation of operations) {
    const result = registry.definitionOf(operation).sql(operation as never, context)
    if ('unsupported' in result)
      throw new OperationNotSupportedError(operation.kind, context.dialect, result.unsupported)
  }
  const batch = batchOf(first, registry)
  if (batch !== undefined) return batchParts(first, batch, context, registry, catalogue)
  const changes = operations.map((operation) => changeOf(operation, context, registry))
  return rebuilt({table: rebuiltTable(first, registry) ?? '', kind: first.kind}, changes, {}, context, catalogue)
}

/**
 * A batch may contain operations that no rebuild covers: indexes are dropped first, everything else follows the
 * rebuild.
 */
async function batchParts(
  operation: Operation,
  {table, operations, columnOrder}: OperationBatch,
  context: SqlContext,
  registry: OperationRegistry,
  catalogue: Catalogue,
): Promise<readonly Part[]> {
  const isAbout = (member: Operation, change: Change, type: SubjectType): boolean => {
    const definition = registry.definitionOf(member)
    return definition.change === change && definition.subject(member as never).type === type
  }
  if (operations.some((member) => isAbout(member, 'renames', 'column')))
    throw new OperationNotSupportedError(
      operation.kind,
      context.dialect,
      'a batch that rebuilds the table cannot rename a column; rename it before or after the batch',
    )
  const isRebuilt = (member: Operation): boolean => rebuiltTable(member, registry) !== undefined
  const apart = async (isWanted: (member: Operation) => boolean): Promise<readonly Part[]> => {
    const wanted = operations.filter((member) => !isRebuilt(member) && isWanted(member))
    return (await Promise.all(wanted.map(async (member) => partsOf(member, context, registry)))).flat()
  }
  const isDroppedIndex = (member: Operation): boolean => isAbout(member, 'removes', 'index')
  const changes = operations.filter(isRebuilt).map((member) => changeOf(member, context, registry))
  const options = columnOrder === undefined ? {} : {columnOrder}
  return [
    ...(await apart(isDroppedIndex)),
    ...(await rebuilt({table, kind: operation.kind}, changes, options, context, catalogue)),
    ...(await apart((member) => !isDroppedIndex(member))),
  ]
}

/** @throws MigError OPERATION_NOT_SUPPORTED */
function changeOf(operation: Operation, context: SqlContext, {definitionOf}: OperationRegistry): RequestedChange {
  const {kind} = operation
  const change =
    definitionOf(operation).rebuild?.change(operation as never, context) ??
    unsupported('it cannot be part of a table rebuild')
  if ('unsupported' in change) throw new OperationNotSupportedError(kind, context.dialect, change.unsupported)
  return {kind, change}
}

async function rebuilt(
  target: RebuildTarget,
  changes: readonly RequestedChange[],
  options: RebuildOptions,
  context: SqlContext,
  catalogue: Catalogue,
): Promise<readonly Part[]> {
  const {rebuildTable} = await import('./sqlite/rebuild.ts')
  const {statements, isReferenced} = await rebuildTable(target, changes, context, catalogue, options)
  return statements.map((sql) => ({
    sql,
    transactionality: {kind: 'inside'},
    ...(isReferenced && {requires: 'foreignKeysOff'}),
  }))
}

async function partsOf(
  operation: Operation,
  context: SqlContext,
  {definitionOf}: OperationRegistry,
): Promise<readonly Part[]> {
  const {kind} = operation
  const {dialect} = context
  const definition = definitionOf(operation)
  const result = definition.sql(operation as never, context)
  if ('unsupported' in result) throw new OperationNotSupportedError(kind, dialect, result.unsupported)
  if ('rebuilds' in result) throw new OperationNotSupportedError(kind, dialect, 'the table would have to be rebuilt')
  if ('text' in result) return dialects[dialect].split(result.text, false, context.platform)
  const commits = dialects[dialect].capabilities.ddlCommits && definition.change !== 'rows'
  const usual: Transactionality = {kind: commits ? 'commits' : 'inside'}
  const {literals} = dialects[dialect]
  const {platform} = context
  return result.flatMap((part): Part | readonly Part[] =>
    typeof part === 'string'
      ? (literals?.withComments(part, platform) ?? [part]).map((sql) => ({sql, transactionality: usual}))
      : {sql: part.sql, transactionality: {kind: 'outside', command: part.outside}},
  )
}
