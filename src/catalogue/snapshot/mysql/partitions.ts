import type {Server} from './server.ts'

interface PartitionRow {
  readonly table: string
  readonly name: string
  readonly method: string
  readonly expression: string | null
  readonly values: string | null
  readonly subpartition: string | null
  readonly submethod: string | null
  readonly subexpression: string | null
  readonly comment: string
}

/** Returns how tables are partitioned, by table. */
export async function readPartitions({query}: Server): Promise<ReadonlyMap<string, string>> {
  const rows = await query<PartitionRow>(`
    select table_name as \`table\`, partition_name as \`name\`, partition_method as \`method\`,
      partition_expression as \`expression\`, partition_description as \`values\`, subpartition_name as \`subpartition\`,
      subpartition_method as \`submethod\`, subpartition_expression as \`subexpression\`, partition_comment as \`comment\`
    from information_schema.partitions where table_schema = database() and partition_name is not null
    order by table_name, partition_ordinal_position, subpartition_ordinal_position`)
  return new Map([...Map.groupBy(rows, ({table}) => table)].map(([table, parts]) => [table, textOf(parts)]))
}

function textOf(parts: readonly PartitionRow[]): string {
  const [first] = parts
  const methods = [clauseOf(first?.method, first?.expression), clauseOf(first?.submethod, first?.subexpression)]
  const names = parts.map(({name, values, subpartition, comment}) =>
    [name, subpartition, values, comment].filter((text) => text !== null && text !== '').join(' '),
  )
  return `${methods.filter((text) => text !== '').join(' ')}: ${names.join(', ')}`
}

function clauseOf(method: string | null | undefined, expression: string | null | undefined): string {
  return method ? `${method.toLowerCase()} (${expression ?? ''})` : ''
}
