import type {Test} from './checks.ts'

export interface PartitionRow {
  readonly method: string
  readonly expression: string | null
  readonly description: string | null
}

/** Returns what a row of a table must meet to be in an existing partition, if that depends on a single column. */
export function mysqlPartitionTests(rows: readonly PartitionRow[]): ReadonlyMap<string, readonly Test[]> {
  const [first] = rows
  const {column} = /^`?(?<column>[^`(),]+)`?$/.exec(first?.expression ?? '')?.groups ?? {}
  if (first === undefined || column === undefined) return new Map()
  if (first.method.startsWith('LIST')) {
    const values = rows.flatMap(({description}) => valuesIn(description ?? ''))
    return new Map([[column, [{kind: 'one of', values}]]])
  }
  const highest = rows.at(-1)?.description ?? 'MAXVALUE'
  const [value] = valuesIn(highest)
  if (!first.method.startsWith('RANGE') || value === undefined) return new Map()
  return new Map([[column, [{kind: 'bound', operator: '<', value}]]])
}

function valuesIn(list: string): readonly string[] {
  return [...list.matchAll(/'(?<quoted>(?:[^']|'')*)'|(?<word>[^\s,]+)/g)].flatMap(({groups = {}}) => {
    const {quoted, word = ''} = groups
    if (quoted !== undefined) return [quoted.replaceAll("''", "'")]
    return ['MAXVALUE', 'NULL'].includes(word) ? [] : [word]
  })
}
