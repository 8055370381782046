import {nextTo} from '../../operations/names.ts'
import {child, isTree, items, nameParts, textIn} from '../effects/tree.ts'
import type {Tree} from '../effects/tree.ts'
import type {DataChange} from './data-change.ts'
import {qualifiedName} from './qualified-name.ts'

/** Returns the changes of a statement in PostgreSQL's parse tree. */
export function changesOfTree(statement: Tree): readonly DataChange[] {
  const [command = ''] = Object.keys(statement)
  const node = child(statement, command)
  switch (command) {
    case 'CreateStmt':
      return node['if_not_exists'] === true ? [] : [{kind: 'create table', table: tableIn(child(node, 'relation'))}]
    case 'CreateTableAsStmt':
      return [{kind: 'create table', table: tableIn(child(child(node, 'into'), 'rel'))}]
    case 'DropStmt': {
      const names = items(node, 'objects').map((object) => nameParts(object))
      if (node['removeType'] === 'OBJECT_TABLE')
        return names.map((parts) => ({kind: 'drop table', table: qualifiedName(parts)}))
      const isAll = node['removeType'] === 'OBJECT_SCHEMA' && node['behavior'] === 'DROP_CASCADE'
      return isAll ? names.map((parts) => ({kind: 'drop schema', schema: parts.at(-1) ?? ''})) : []
    }
    case 'TruncateStmt':
      return items(node, 'relations').map((relation) => ({
        kind: 'empty table',
        table: tableIn(child(relation, 'RangeVar')),
      }))
    case 'DeleteStmt':
      return isTree(node['whereClause']) || Array.isArray(node['usingClause'])
        ? []
        : [{kind: 'empty table', table: tableIn(child(node, 'relation'))}]
    case 'RenameStmt': {
      const table = tableIn(child(node, 'relation'))
      const to = textIn(node, 'newname')
      if (node['renameType'] === 'OBJECT_TABLE') return [{kind: 'rename table', table, to: nextTo(table, to)}]
      if (node['renameType'] !== 'OBJECT_COLUMN') return []
      return [{kind: 'rename column', table, column: textIn(node, 'subname'), to}]
    }
    case 'AlterObjectSchemaStmt': {
      if (node['objectType'] !== 'OBJECT_TABLE') return []
      const range = child(node, 'relation')
      return [
        {
          kind: 'rename table',
          table: tableIn(range),
          to: qualifiedName([textIn(node, 'newschema'), textIn(range, 'relname')]),
        },
      ]
    }
    case 'AlterTableStmt':
      return items(node, 'cmds').flatMap((item) =>
        changesOfClause(tableIn(child(node, 'relation')), child(item, 'AlterTableCmd')),
      )
    default:
      return []
  }
}

function changesOfClause(table: string, clause: Tree): readonly DataChange[] {
  if (clause['subtype'] === 'AT_DropColumn') return [{kind: 'drop column', table, column: textIn(clause, 'name')}]
  if (clause['subtype'] !== 'AT_AddColumn' || clause['missing_ok'] === true) return []
  return [{kind: 'add column', table, column: textIn(child(child(clause, 'def'), 'ColumnDef'), 'colname')}]
}

const tableIn = (range: Tree): string => qualifiedName([textIn(range, 'schemaname'), textIn(range, 'relname')])
