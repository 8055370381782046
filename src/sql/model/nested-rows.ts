import {child, isTree, items} from '../effects/tree.ts'
import type {Tree} from '../effects/tree.ts'
import {noteReads} from './row-knowledge.ts'
import {anyRows} from './row-sets.ts'
import {noteWritten, targetOf} from './row-writes.ts'
import type {SchemaModel} from './schema-model.ts'
import {queryReferences} from './references.ts'
import {noteSequenceCalls} from './sequence-values.ts'

/** Applies a query, which may take values of sequences or change rows in its WITH clause. */
export function applyQuery(model: SchemaModel, node: Tree): void {
  const found = queryReferences(model, {SelectStmt: node})
  if (noteSequenceCalls(model, node, false)) noteReads(model, found)
  applyNested(model, node, () => noteReads(model, found))
}

/** Applies the statements in a WITH clause, of which the rows are not known. */
export function applyNested(model: SchemaModel, node: Tree, beforeFirst = (): void => {}): void {
  const queries = items(child(node, 'withClause'), 'ctes').map((item) =>
    child(child(item, 'CommonTableExpr'), 'ctequery'),
  )
  const nested = queries.flatMap((one) => Object.entries(one)).filter(([command]) => command in eventOf)
  if (nested.length > 0) beforeFirst()
  for (const [command, statement] of nested) {
    const event = eventOf[command]
    if (event === undefined || !isTree(statement)) continue
    const target = targetOf(model, child(statement, 'relation'), event)
    const columns = target.table === undefined ? [] : model.within(target.table, 'column').map(({name}) => name)
    noteWritten(model, target, {columns, rows: anyRows, tests: columns})
  }
}

const eventOf: Readonly<Record<string, 'insert' | 'update' | 'delete'>> = {
  InsertStmt: 'insert',
  UpdateStmt: 'update',
  DeleteStmt: 'delete',
}
