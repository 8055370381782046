import {columnsOf, objects} from '../../operations/definition.ts'
import type {ObjectKind, SchemaObject} from '../../operations/definition.ts'
import {nextTo, splitName} from '../../operations/names.ts'
import {child, isTree, items, nameParts, relationName, textIn} from './tree.ts'
import type {Tree} from './tree.ts'

type Written = readonly SchemaObject[]

/** Object kinds by the names of PostgreSQL's parser. */
const objectKinds: Readonly<Record<string, ObjectKind>> = {
  OBJECT_TABLE: 'table',
  OBJECT_FOREIGN_TABLE: 'table',
  OBJECT_COLUMN: 'column',
  OBJECT_INDEX: 'index',
  OBJECT_TABCONSTRAINT: 'constraint',
  OBJECT_VIEW: 'view',
  OBJECT_MATVIEW: 'view',
  OBJECT_SEQUENCE: 'sequence',
  OBJECT_SCHEMA: 'schema',
  OBJECT_TYPE: 'type',
  OBJECT_DOMAIN: 'type',
  OBJECT_ENUM: 'type',
  OBJECT_FUNCTION: 'function',
  OBJECT_PROCEDURE: 'function',
  OBJECT_ROUTINE: 'function',
  OBJECT_AGGREGATE: 'function',
  OBJECT_TRIGGER: 'trigger',
  OBJECT_POLICY: 'policy',
  OBJECT_EXTENSION: 'extension',
}

const relationOf = (node: Tree): string => relationName(child(node, 'relation'))
const columnNamesOf = (node: Tree, key: string): readonly string[] =>
  items(node, key).map((item) => textIn(child(item, 'ResTarget'), 'name'))

/** The objects that each command writes. The effects of a command that is not listed are unknown. */
export const writesOf: Readonly<Record<string, (node: Tree) => Written>> = {
  SelectStmt: (node) =>
    isTree(node['intoClause']) ? objects('table', relationName(child(child(node, 'intoClause'), 'rel'))) : [],
  InsertStmt: (node) => {
    const columns = columnNamesOf(node, 'cols')
    return columns.length > 0 ? columnsOf(relationOf(node), columns) : objects('table', relationOf(node))
  },
  UpdateStmt: (node) => columnsOf(relationOf(node), columnNamesOf(node, 'targetList')),
  DeleteStmt: (node) => objects('table', relationOf(node)),
  MergeStmt: (node) => objects('table', relationOf(node)),
  CopyStmt: (node) => (node['is_from'] === true ? objects('table', relationOf(node)) : []),
  TruncateStmt: (node) =>
    objects('table', ...items(node, 'relations').map((relation) => relationName(child(relation, 'RangeVar')))),
  CreateStmt: (node) => {
    const table = relationOf(node)
    return [...objects('table', table), ...items(node, 'tableElts').flatMap((element) => elementOf(table, element))]
  },
  CreateTableAsStmt: (node) =>
    objects(node['objtype'] === 'OBJECT_MATVIEW' ? 'view' : 'table', relationName(child(child(node, 'into'), 'rel'))),
  AlterTableStmt: (node) => {
    const kind = objectKinds[textIn(node, 'objtype')] ?? 'table'
    const table = relationOf(node)
    const commands = items(node, 'cmds').map((command) => child(command, 'AlterTableCmd'))
    return commands.flatMap((command) => (kind === 'table' ? commandOf(table, command) : objects(kind, table)))
  },
  IndexStmt: (node) => objects('index', nextTo(relationOf(node), textIn(node, 'idxname') || 'unnamed')),
  ViewStmt: (node) => objects('view', relationName(child(node, 'view'))),
  RefreshMatViewStmt: (node) => objects('view', relationOf(node)),
  RenameStmt: renamed,
  AlterObjectSchemaStmt: (node) => {
    const kind = objectKinds[textIn(node, 'objectType')] ?? 'unknown'
    const name = isTree(node['relation']) ? relationOf(node) : nameParts(node['object']).join('.')
    return objects(kind, name, `${textIn(node, 'newschema')}.${splitName(name).name}`)
  },
  DropStmt: (node) => {
    const kind = objectKinds[textIn(node, 'removeType')] ?? 'unknown'
    return objects(kind, ...items(node, 'objects').map((object) => nameParts(object).join('.')))
  },
  CommentStmt: (node) =>
    objects(objectKinds[textIn(node, 'objtype')] ?? 'unknown', nameParts(node['object']).join('.')),
  CreateEnumStmt: (node) => objects('type', nameParts(node['typeName']).join('.')),
  AlterEnumStmt: (node) => objects('type', nameParts(node['typeName']).join('.')),
  CreateDomainStmt: (node) => objects('type', nameParts(node['domainname']).join('.')),
  AlterDomainStmt: (node) => objects('type', nameParts(node['typeName']).join('.')),
  CompositeTypeStmt: (node) => objects('type', relationName(child(node, 'typevar'))),
  CreateRangeStmt: (node) => objects('type', nameParts(node['typeName']).join('.')),
  CreateFunctionStmt: (node) => objects('function', nameParts(node['funcname']).join('.')),
  AlterFunctionStmt: (node) => objects('function', nameParts(child(node, 'func')['objname']).join('.')),
  CreateTrigStmt: (node) => objects('trigger', `${relationOf(node)}.${textIn(node, 'trigname')}`),
  CreatePolicyStmt: (node) => objects('policy', `${relationName(child(node, 'table'))}.${textIn(node, 'policy_name')}`),
  AlterPolicyStmt: (node) => objects('policy', `${relationName(child(node, 'table'))}.${textIn(node, 'policy_name')}`),
  CreateSchemaStmt: (node) => objects('schema', textIn(node, 'schemaname')),
  CreateSeqStmt: (node) => objects('sequence', relationName(child(node, 'sequence'))),
  AlterSeqStmt: (node) => objects('sequence', relationName(child(node, 'sequence'))),
  CreateExtensionStmt: (node) => objects('extension', textIn(node, 'extname')),
  AlterExtensionStmt: (node) => objects('extension', textIn(node, 'extname')),
  GrantStmt: (node) =>
    objects(
      objectKinds[textIn(node, 'objtype')] ?? 'unknown',
      ...items(node, 'objects').map((object) =>
        isTree(object['RangeVar']) ? relationName(object['RangeVar']) : nameParts(object).join('.'),
      ),
    ),
  DoStmt: () => objects('unknown', 'a DO block, whose code is not parsed'),
  CallStmt: () => objects('unknown', 'a procedure call'),
  ExecuteStmt: () => objects('unknown', 'a prepared statement'),
  ...Object.fromEntries(
    [
      'VariableSetStmt',
      'VariableShowStmt',
      'TransactionStmt',
      'LockStmt',
      'VacuumStmt',
      'ReindexStmt',
      'ExplainStmt',
    ].map((command) => [command, (): Written => []]),
  ),
}

/** Returns the column or constraint that an element of a new table defines. */
function elementOf(table: string, element: Tree): Written {
  const column = child(element, 'ColumnDef')
  const constraints = [
    child(element, 'Constraint'),
    ...items(column, 'constraints').map((constraint) => child(constraint, 'Constraint')),
  ]
  const named = constraints.map((constraint) => textIn(constraint, 'conname')).filter((name) => name !== '')
  return [
    ...columnsOf(
      table,
      [textIn(column, 'colname')].filter((name) => name !== ''),
    ),
    ...objects('constraint', ...named.map((name) => `${table}.${name}`)),
  ]
}

/** Returns the object that one ALTER TABLE command writes: a column, a constraint, or otherwise the table. */
function commandOf(table: string, command: Tree): Written {
  const subtype = textIn(command, 'subtype')
  const name = textIn(command, 'name')
  const definition = child(command, 'def')
  const written = elementOf(table, definition)
  if (subtype === 'AT_AddConstraint') return written.length > 0 ? written : objects('constraint', `${table}.unnamed`)
  if (subtype === 'AT_AlterConstraint')
    return objects('constraint', `${table}.${textIn(child(definition, 'ATAlterConstraint'), 'conname')}`)
  if (subtype.endsWith('Constraint')) return objects('constraint', `${table}.${name}`)
  if (isTree(definition['PartitionCmd']))
    return objects('table', table, relationName(child(definition['PartitionCmd'], 'name')))
  if (written.length > 0) return written
  const isOfColumn = /Column|NotNull|Identity|Expression|Statistics|Storage/.test(subtype) && name !== ''
  return isOfColumn ? columnsOf(table, [name]) : objects('table', table)
}

function renamed(node: Tree): Written {
  const kind = objectKinds[textIn(node, 'renameType')] ?? 'unknown'
  const to = textIn(node, 'newname')
  const own = textIn(node, 'subname')
  if (!isTree(node['relation'])) {
    const parts = nameParts(node['object'])
    const name = parts.length > 0 ? parts.join('.') : own
    return objects(kind, name, nextTo(name, to))
  }
  const relation = relationOf(node)
  const isPart = ['column', 'constraint', 'trigger', 'policy'].includes(kind) && own !== ''
  return isPart
    ? objects(kind, `${relation}.${own}`, `${relation}.${to}`)
    : objects(kind, relation, nextTo(relation, to))
}
