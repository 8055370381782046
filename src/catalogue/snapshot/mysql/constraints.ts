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
  readonly name: string
  readonly expression: string
}

interface TableCheckRow extends CheckRow {
  readonly table: string
  readonly level: string
}

interface ConstraintRow {
  readonly table: string
  readonly name: string
  readonly enforced: 'YES' | 'NO'
}

/** Reads checks. */
export async function readChecks(server: Server): Promise<readonly CatalogueObject[]> {
  return server.isMariadb ? readChecksOfTables(server) : readChecksOfDatabase(server)
}

/** On MariaDB a check knows its table. */
async function readChecksOfTables(server: Server): Promise<readonly CatalogueObject[]> {
  const rows = await server.query<TableCheckRow>(`
    select table_name as \`table\`, constraint_name as \`name\`, check_clause as \`expression\`, level as \`level\`
    from information_schema.check_constraints where constraint_schema = database()`)
  return rows.map(({table, name, expression, level}) => ({
    kind: 'check',
    table,
    name,
    definition: {expression: expressionOf(expression, server), level: level === 'Column' ? 'column' : null},
  }))
}

/** On MySQL its name is unique in the database. Two queries are ten times as fast as a join of the two. */
async function readChecksOfDatabase(server: Server): Promise<readonly CatalogueObject[]> {
  const checks = await server.query<CheckRow>(`
    select constraint_name as \`name\`, check_clause as \`expression\`
    from information_schema.check_constraints where constraint_schema = database()`)
  if (checks.length === 0) return []
  const expressions = new Map(checks.map(({name, expression}) => [name, expression]))
  const rows = await server.query<ConstraintRow>(`
    select table_name as \`table\`, constraint_name as \`name\`, enforced as \`enforced\`
    from information_schema.table_constraints where table_schema = database() and constraint_type = 'CHECK'`)
  return rows.map(({table, name, enforced}) => ({
    kind: 'check',
    table,
    name,
    definition: {
      expression: expressionOf(expressions.get(name) ?? '', server),
      enforced: enforced === 'NO' ? 'false' : null,
    },
  }))
}

function keyOf({table, name}: Pick<KeyRow, 'table' | 'name'>): string {
  return JSON.stringify([table, name])
}
