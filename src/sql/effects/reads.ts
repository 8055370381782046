import type {SchemaObject} from '../../operations/definition.ts'
import {child, items, nameParts, relationName, textIn, walk} from './tree.ts'
import type {Tree} from './tree.ts'

/** PostgreSQL's built-in types. */
export const builtInTypes: ReadonlySet<string> = new Set(
  (
    'text citext bytea name uuid json jsonb xml inet cidr macaddr macaddr8 date time timetz timestamp timestamptz interval ' +
    'money oid point line lseg box path polygon circle tsvector tsquery bit varbit varchar bpchar char numeric bool int2 ' +
    'int4 int8 float4 float8 serial bigserial smallserial serial4 serial8 serial2 regclass int4range int8range numrange ' +
    'tsrange tstzrange daterange record void trigger jsonpath'
  ).split(' '),
)

/** Returns the objects that a statement names: relations, columns, functions and types, except PostgreSQL's own. */
export function readsOf(statement: Tree): readonly SchemaObject[] {
  const found: SchemaObject[] = []
  const ctes = new Set<string>()
  const tables = new Map<string, string>()
  walk(statement, (type, node) => {
    if (type === 'CommonTableExpr') ctes.add(textIn(node, 'ctename'))
    if (isRelation(type) && textIn(node, 'relname') !== '') {
      const name = relationName(node)
      tables.set(textIn(child(node, 'alias'), 'aliasname') || textIn(node, 'relname'), name)
    }
    if (type === 'FuncCall') found.push(...named('function', nameParts(node['funcname'])))
    if (type === 'TypeName' || type === 'typeName') found.push(...typeNamed(node))
  })
  const real = new Map([...tables].filter(([, name]) => !ctes.has(name)))
  const only = real.size === 1 && ctes.size === 0 ? [...real.values()][0] : undefined
  walk(statement, (type, node) => {
    const isConstraint = type === 'Constraint'
    for (const key of isConstraint ? ['fk_attrs', 'keys'] : [])
      for (const column of items(node, key).flatMap(nameParts))
        if (only) found.push({kind: 'column', name: `${only}.${column}`})
    if (type === 'IndexElem' && only && textIn(node, 'name'))
      found.push({kind: 'column', name: `${only}.${textIn(node, 'name')}`})
    if (type !== 'ColumnRef') return
    const [column = '', alias] = nameParts(node['fields']).toReversed()
    const table = alias === undefined ? only : real.get(alias)
    if (table !== undefined && column !== '') found.push({kind: 'column', name: `${table}.${column}`})
  })
  return [...[...real.values()].map((name) => ({kind: 'table', name}) as const), ...found]
}

/** The keys whose value is a relation node without its type name. */
const isRelation = (type: string): boolean => ['RangeVar', 'relation', 'pktable', 'rel', 'table', 'view'].includes(type)

/** Returns the type that a node names, unless it is built in. */
function typeNamed(node: Tree): readonly SchemaObject[] {
  const parts = nameParts(node['names'])
  return parts[0] === 'pg_catalog' || builtInTypes.has(parts.at(-1) ?? '') ? [] : named('type', parts)
}

function named(kind: SchemaObject['kind'], parts: readonly string[]): readonly SchemaObject[] {
  return parts.length === 0 || parts[0] === 'pg_catalog' ? [] : [{kind, name: parts.join('.')}]
}
