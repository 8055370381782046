import type {Dialect, Operation} from '../../operations/operation.ts'
import type {OperationRegistry} from '../../operations/registry.ts'
import {visitStatements} from '../../dialects/split/postgres.ts'
import {child, isTree, items, nameParts, relationName, textIn} from './tree.ts'
import type {Tree} from './tree.ts'

/** Returns the data known to be lost when operations are run. */
export async function lossesOf(
  operations: readonly Operation[],
  dialect: Dialect,
  {definitionOf}: OperationRegistry,
): Promise<readonly string[]> {
  const found = operations.map(async (operation): Promise<readonly string[]> => {
    const {text, losesData} = definitionOf(operation)
    return text === undefined
      ? [losesData?.(operation as never, dialect) ?? []].flat()
      : lossesOfText(text(operation as never, dialect) ?? '')
  })
  return (await Promise.all(found)).flat()
}

/**
 * Returns the data lost when a SQL text is run. Every dialect is parsed with PostgreSQL's grammar, which covers their
 * DROP and DELETE statements; unparsable SQL yields nothing.
 */
export async function lossesOfText(text: string): Promise<readonly string[]> {
  if (!/\b(?:drop|truncate|delete)\b/i.test(text)) return []
  const losses: string[] = []
  const isParsed = await visitStatements(text, (statement) => void losses.push(...lossesOfStatement(statement)))
  return isParsed ? losses : []
}

function lossesOfStatement(statement: Tree): readonly string[] {
  const [command = ''] = Object.keys(statement)
  const node = child(statement, command)
  switch (command) {
    case 'DropStmt': {
      const names = items(node, 'objects').map((object) => nameParts(object).join('.'))
      if (node['removeType'] === 'OBJECT_TABLE') return names.map(rowsOf)
      const isAll = node['removeType'] === 'OBJECT_SCHEMA' && node['behavior'] === 'DROP_CASCADE'
      return isAll ? names.map((name) => `everything in the schema ${name}`) : []
    }
    case 'TruncateStmt':
      return items(node, 'relations').map((relation) => rowsOf(relationName(child(relation, 'RangeVar'))))
    case 'DeleteStmt': {
      const table = relationName(child(node, 'relation'))
      return [isTree(node['whereClause']) ? `some rows of ${table}` : rowsOf(table)]
    }
    case 'AlterTableStmt':
      return items(node, 'cmds')
        .map((item) => child(item, 'AlterTableCmd'))
        .filter((alteration) => alteration['subtype'] === 'AT_DropColumn')
        .map((alteration) => `the values in ${relationName(child(node, 'relation'))}.${textIn(alteration, 'name')}`)
    default:
      return []
  }
}

function rowsOf(table: string): string {
  return `the rows of ${table}`
}
