import {nextTo} from '../../operations/names.ts'
import {child, isTree, items, nameParts, nodesIn, textIn} from '../effects/tree.ts'
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
    case 'CreateTableAsStmt': {
      const table = tableIn(child(child(node, 'into'), 'rel'))
      return [{kind: 'create table', table}, ...copiedRows(table, child(node, 'query'))]
    }
    case 'InsertStmt':
      return isTree(node['onConflictClause'])
        ? []
        : copiedRows(tableIn(child(node, 'relation')), child(node, 'selectStmt'))
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
    case 'DeleteStmt': {
      const isSome = isTree(node['whereClause']) || Array.isArray(node['usingClause'])
      return [{kind: isSome ? 'delete rows' : 'empty table', table: tableIn(child(node, 'relation'))}]
    }
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

/** The parts of a query that return less than one row for each row of its table. */
const restrictions = ['whereClause', 'groupClause', 'havingClause', 'limitCount', 'limitOffset', 'distinctClause']

const aggregates = ['count', 'sum', 'min', 'max', 'avg', 'array_agg', 'string_agg', 'json_agg', 'jsonb_agg']

/** Returns the change of a query that copies every row of a table into another one. */
function copiedRows(table: string, query: Tree): readonly DataChange[] {
  const select = child(query, 'SelectStmt')
  const [source, ...others] = items(select, 'fromClause')
  if (source === undefined || others.length > 0 || restrictions.some((key) => select[key] !== undefined)) return []
  const range = firstTable(source)
  if (range === undefined) return []
  const functions = nodesIn(select['targetList'], 'FuncCall').map((call) => nameParts(call['funcname']).at(-1) ?? '')
  if (functions.some((name) => aggregates.includes(name))) return []
  const fields = nodesIn(select['targetList'], 'ColumnRef').map((reference) => items(reference, 'fields').at(-1) ?? {})
  const columns = fields.some((field) => field['A_Star'] !== undefined) ? 'all' : fields.flatMap(nameParts)
  return [{kind: 'copy rows', table, from: tableIn(range), columns}]
}

/** Returns the table whose rows a FROM item has, each at least once. */
function firstTable(item: Tree): Tree | undefined {
  if (isTree(item['RangeVar'])) return item['RangeVar']
  const join = child(item, 'JoinExpr')
  return join['jointype'] === 'JOIN_LEFT' ? firstTable(child(join, 'larg')) : undefined
}

const tableIn = (range: Tree): string => qualifiedName([textIn(range, 'schemaname'), textIn(range, 'relname')])
