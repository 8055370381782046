import type {Effects, SchemaObject} from '../../operations/definition.ts'
import {splitName} from '../../operations/names.ts'
import {child, isTree, items} from '../effects/tree.ts'
import type {Tree} from '../effects/tree.ts'
import {alterTable} from './alter-table.ts'
import {attachedStatements} from './attached.ts'
import {refuseCalls} from './calls.ts'
import {dropStatement} from './drops.ts'
import {createIndex} from './indexes.ts'
import {relationOf, schemaFor} from './lookup.ts'
import {createSchema, otherStatements} from './other-statements.ts'
import {moveStatement, renameStatement} from './renames.ts'
import {createRoutine} from './routines.ts'
import {applyQuery} from './nested-rows.ts'
import {rowStatements} from './rows.ts'
import {Refusal, Unclear} from './items.ts'
import type {ItemKind} from './items.ts'
import type {SchemaModel} from './schema-model.ts'
import {createFrom, tableStatements} from './tables.ts'
import {typeStatements} from './types.ts'
import {viewStatements} from './views.ts'

type Apply = (model: SchemaModel, node: Tree) => void

/** The command of a statement of which only the objects are known that it names. */
export const namedOnly = 'NamedOnly'

/** The objects of such a statement, and the one that it creates, if it does. */
export interface NamedOnly {
  readonly effects: Pick<Effects, 'reads' | 'writes'>
  readonly created?: SchemaObject
}

const ignored = ['VariableShowStmt', 'TransactionStmt', 'ReindexStmt', 'ExplainStmt', 'NotifyStmt']

const statements: Readonly<Record<string, Apply>> = {
  ...tableStatements,
  ...typeStatements,
  ...attachedStatements,
  ...viewStatements,
  ...rowStatements,
  ...otherStatements,
  AlterTableStmt: alterTable,
  [namedOnly]: (model, node) => applyNamed(model, node as unknown as NamedOnly),
  VacuumStmt: findTables,
  LockStmt: findTables,
  IndexStmt: createIndex,
  DropStmt: dropStatement,
  RenameStmt: renameStatement,
  AlterObjectSchemaStmt: moveStatement,
  CreateFunctionStmt: createRoutine,
  CreateSchemaStmt: (model, node) => createSchema(model, node, (statement) => applyTree(model, statement)),
  SelectStmt: (model, node) => {
    const into = node['intoClause']
    if (isTree(into))
      createFrom(model, isTree(into['rel']) ? into['rel'] : {}, {into, query: {SelectStmt: node}}, false)
    else applyQuery(model, node)
  },
  DoStmt: () => {
    throw new Unclear('a DO block', {isAnywhere: true})
  },
  CallStmt: () => {
    throw new Unclear('the call of a procedure', {isAnywhere: true})
  },
  ...Object.fromEntries(ignored.map((command) => [command, (): void => {}])),
}

const creatable: ReadonlySet<ItemKind | 'unknown'> = new Set(['table', 'view', 'type', 'sequence'])

function applyNamed(model: SchemaModel, {effects, created}: NamedOnly): void {
  if (created !== undefined && created.kind !== 'unknown' && creatable.has(created.kind)) {
    const {schema, name} = splitName(created.name)
    model.create({kind: created.kind, name, parent: schemaFor(model, schema).id, properties: {}, isOpen: true})
  }
  for (const [objects, isWritten] of [
    [effects.reads, false],
    [effects.writes, true],
  ] as const)
    for (const object of objects) model.touchObject(object, isWritten)
}

/** Statements that name tables and change nothing. */
function findTables(model: SchemaModel, node: Tree): void {
  const ranges = [
    ...items(node, 'relations').map((item) => child(item, 'RangeVar')),
    ...items(node, 'rels').map((item) => child(child(item, 'VacuumRelation'), 'relation')),
  ]
  for (const range of ranges) model.touch(relationOf(model, range), false)
}

/** The commands that call the functions that they name. */
const executing: ReadonlySet<string> = new Set([
  'SelectStmt',
  'InsertStmt',
  'UpdateStmt',
  'DeleteStmt',
  'CopyStmt',
  'CreateTableAsStmt',
])

function applyTree(model: SchemaModel, statement: Tree): void {
  const [command = ''] = Object.keys(statement)
  const node = statement[command]
  const apply = statements[command]
  if (apply === undefined)
    throw new Unclear(`a statement of the kind ${command.replace(/Stmt$/, '')}`, {isAnywhere: true})
  apply(model, isTree(node) ? node : {})
  if (executing.has(command)) refuseCalls(model, statement)
}

/** Why a statement fails, or why its effect cannot be told; undefined if it is applied. */
export type Outcome = {readonly refused: string} | {readonly unclear: string; readonly isAnywhere: boolean} | undefined

/** Applies a statement of PostgreSQL's syntax tree to a modelled schema. */
export function applyStatement(model: SchemaModel, statement: Tree): Outcome {
  model.notes.beginStatement()
  try {
    applyTree(model, statement)
    const {catalogue} = model.notes
    return catalogue === undefined ? undefined : {unclear: `a query of ${catalogue}`, isAnywhere: true}
  } catch (error) {
    if (error instanceof Refusal) return {refused: error.message}
    if (error instanceof Unclear) return {unclear: error.message, isAnywhere: error.isAnywhere}
    throw error
  }
}
