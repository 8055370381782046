import {joinName} from '../../../operations/names.ts'
import type {CatalogueObject} from '../snapshot.ts'
import {expressionOf} from './expressions.ts'
import {listOfNames} from './server.ts'
import type {Server} from './server.ts'

interface KeyRow {
  readonly table: string
  readonly name: string
  readonly column: string
  readonly otherDatabase: string
  readonly otherTable: string
  readonly otherColumn: string
}

interface RuleRow {
  readonly table: string
  readonly name: string
  readonly onUpdate: string
  readonly onDelete: string
}

/** Reads foreign keys. */
export async function readForeignKeys({query, database}: Server): Promise<readonly CatalogueObject[]> {
  const rules = await query<RuleRow>(rulesSql)
  if (rules.length === 0) return []
  const columns = Map.groupBy(await query<KeyRow>(keysSql), keyOf)
  return rules.map((rule) => {
    const parts = columns.get(keyOf(rule)) ?? []
    const {otherDatabase, otherTable = ''} = parts[0] ?? {}
    return {
      kind: 'foreign key',
      table: rule.table,
      name: rule.name,
      definition: {
        columns: listOfNames(parts.map(({column}) => column)),
        table: joinName(otherDatabase === database ? undefined : otherDatabase, otherTable),
        references: listOfNames(parts.map(({otherColumn}) => otherColumn)),
        onUpdate: actionOf(rule.onUpdate),
        onDelete: actionOf(rule.onDelete),
      },
    }
  })
}

const rulesSql = `
  select table_name as \`table\`, constraint_name as \`name\`, update_rule as \`onUpdate\`, delete_rule as \`onDelete\`
  from information_schema.referential_constraints where constraint_schema = database()`

const keysSql = `
  select table_name as \`table\`, constraint_name as \`name\`, column_name as \`column\`,
    referenced_table_schema as \`otherDatabase\`, referenced_table_name as \`otherTable\`,
    referenced_column_name as \`otherColumn\`
  from information_schema.key_column_usage
  where table_schema = database() and referenced_table_name is not null
  order by table_name, constraint_name, ordinal_position`

/** `restrict` and `no action` are the same, and either is the default, depending on the server. */
function actionOf(rule: string): string | null {
  const action = rule.toLowerCase()
  return action === 'restrict' || action === 'no action' ? null : action
}

interface CheckRow {
  readonly table: string
  readonly name: string
  readonly expression: string
  readonly level: string
  readonly enforced: 'YES' | 'NO'
}

/** Reads checks. */
export async function readChecks(server: Server): Promise<readonly CatalogueObject[]> {
  const rows = await server.query<CheckRow>(server.isMariadb ? mariadbChecksSql : checksSql)
  return rows.map(({table, name, expression, level, enforced}) => ({
    kind: 'check',
    table,
    name,
    definition: {
      expression: expressionOf(expression, server),
      level: level === 'Column' ? 'column' : null,
      enforced: enforced === 'NO' ? 'false' : null,
    },
  }))
}

const mariadbChecksSql = `
  select table_name as \`table\`, constraint_name as \`name\`, check_clause as \`expression\`, level as \`level\`,
    'YES' as \`enforced\`
  from information_schema.check_constraints where constraint_schema = database()`

const checksSql = `
  select t.table_name as \`table\`, t.constraint_name as \`name\`, c.check_clause as \`expression\`, 'Table' as \`level\`,
    t.enforced as \`enforced\`
  from information_schema.table_constraints t
  join information_schema.check_constraints c
    on c.constraint_schema = t.constraint_schema and c.constraint_name = t.constraint_name
  where t.constraint_schema = database() and t.constraint_type = 'CHECK'`

function keyOf({table, name}: Pick<KeyRow, 'table' | 'name'>): string {
  return JSON.stringify([table, name])
}
