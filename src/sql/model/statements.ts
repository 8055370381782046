import {splitName} from '../../operations/names.ts'
import {isTree, textIn} from '../effects/tree.ts'
import type {Tree} from '../effects/tree.ts'
import {alterTable} from './alter-table.ts'
import {attachedStatements} from './attached.ts'
import {dropStatement} from './drops.ts'
import {createIndex} from './indexes.ts'
import {schemaFor} from './lookup.ts'
import {createSchema, otherStatements} from './other-statements.ts'
import {moveStatement, renameStatement} from './renames.ts'
import {createRoutine} from './routines.ts'
import {rowStatements} from './rows.ts'
import {Refusal, Unclear} from './schema-model.ts'
import type {ItemKind, SchemaModel} from './schema-model.ts'
import {queryReferences} from './scope.ts'
import {createFrom, tableStatements} from './tables.ts'
import {typeStatements} from './types.ts'
import {viewStatements} from './views.ts'

type Apply = (model: SchemaModel, node: Tree) => void

/** The command of a statement that creates something of which only the kind and the name are known. */
export const createdAnyhow = 'CreatedAnyhow'

const ignored = ['VariableShowStmt', 'TransactionStmt', 'LockStmt', 'VacuumStmt', 'ReindexStmt', 'ExplainStmt', 'NotifyStmt']

const statements: Readonly<Record<string, Apply>> = {
  ...tableStatements,
  ...typeStatements,
  ...attachedStatements,
  ...viewStatements,
  ...rowStatements,
  ...otherStatements,
  AlterTableStmt: alterTable,
  [createdAnyhow]: createAnyhow,
  IndexStmt: createIndex,
  DropStmt: dropStatement,
  RenameStmt: renameStatement,
  AlterObjectSchemaStmt: moveStatement,
  CreateFunctionStmt: createRoutine,
  CreateSchemaStmt: (model, node) => createSchema(model, node, (statement) => applyTree(model, statement)),
  SelectStmt: (model, node) => {
    const into = node['intoClause']
    if (isTree(into)) createFrom(model, isTree(into['rel']) ? into['rel'] : {}, {into, query: {SelectStmt: node}}, false)
    else queryReferences(model, {SelectStmt: node})
  },
  DoStmt: () => {
    throw new Unclear('a DO block')
  },
  CallStmt: () => {
    throw new Unclear('the call of a procedure')
  },
  ...Object.fromEntries(ignored.map((command) => [command, (): void => {}])),
}

const creatable: ReadonlySet<unknown> = new Set(['table', 'view', 'type', 'sequence'])

function createAnyhow(model: SchemaModel, node: Tree): void {
  const {schema, name} = splitName(textIn(node, 'name'))
  if (!creatable.has(node['kind']) || node['parts'] === 'column') return
  const owner = schemaFor(model, schema)
  model.create({kind: node['kind'] as ItemKind, name, parent: owner.id, properties: {}, isOpen: true})
}

function applyTree(model: SchemaModel, statement: Tree): void {
  const [command = ''] = Object.keys(statement)
  const node = statement[command]
  const apply = statements[command]
  if (apply === undefined) throw new Unclear(`a statement of the kind ${command.replace(/Stmt$/, '')}`)
  apply(model, isTree(node) ? node : {})
}

/** Why a statement fails, or why its effect cannot be told; undefined if it is applied. */
export type Outcome = {readonly refused: string} | {readonly unclear: string} | undefined

/** Applies a statement of PostgreSQL's syntax tree to a modelled schema. */
export function applyStatement(model: SchemaModel, statement: Tree): Outcome {
  try {
    applyTree(model, statement)
    return undefined
  } catch (error) {
    if (error instanceof Refusal) return {refused: error.message}
    if (error instanceof Unclear) return {unclear: error.message}
    throw error
  }
}
