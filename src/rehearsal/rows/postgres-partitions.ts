import type {Test} from './checks.ts'

/** A partition, with the key of its parent. */
export interface PartitionRow {
  readonly oid: number
  readonly parent: number
  readonly isPartitioned: boolean
  readonly bound: string | null
  readonly strategy: string
  /** The columns of the key; null for an expression. */
  readonly columns: readonly (string | null)[]
}

interface PartitionTests {
  readonly tests: ReadonlyMap<string, readonly Test[]>
  readonly refusal: string | undefined
}

/** Returns what a row of a table must meet to be in an existing partition. */
export function partitionTests(table: number, isPartitioned: boolean, rows: readonly PartitionRow[]): PartitionTests {
  const above: PartitionRow[] = []
  for (let row = find(rows, table); row !== undefined; row = find(rows, row.parent)) above.push(row)
  const below = isPartitioned ? pathToLeaf(table, rows) : []
  if (below === undefined) return {tests: new Map(), refusal: 'it has no partitions'}
  const tests = new Map<string, Test[]>()
  for (const row of [...above, ...below])
    for (const [column, test] of boundTests(row)) tests.set(column, [...(tests.get(column) ?? []), test])
  return {tests, refusal: undefined}
}

const find = (rows: readonly PartitionRow[], oid: number): PartitionRow | undefined =>
  rows.find((row) => row.oid === oid)

/** Returns a partition, its partition, and so on, up to one that stores rows. */
function pathToLeaf(table: number, rows: readonly PartitionRow[]): readonly PartitionRow[] | undefined {
  const isDefault = ({bound}: PartitionRow): boolean => bound === 'DEFAULT'
  const children = rows
    .filter(({parent}) => parent === table)
    .toSorted((a, b) => Number(isDefault(a)) - Number(isDefault(b)))
  for (const child of children) {
    const path = child.isPartitioned ? pathToLeaf(child.oid, rows) : []
    if (path !== undefined) return [child, ...path]
  }
  return undefined
}

function boundTests({bound, columns}: PartitionRow): readonly (readonly [string, Test])[] {
  const {from, to, list} =
    /^FOR VALUES (?:FROM \((?<from>.*)\) TO \((?<to>.*)\)|IN \((?<list>.*)\))$/s.exec(bound ?? '')?.groups ?? {}
  const names = columns.flatMap((column) => column ?? [])
  const [first] = names
  if (first === undefined || names.length < columns.length) return []
  if (list !== undefined) {
    const values = valuesIn(list).flatMap((value) => value.text ?? [])
    return values.length === 0 ? [] : [[first, {kind: 'one of', values}]]
  }
  if (from === undefined || to === undefined) return []
  const [lows, highs] = [valuesIn(from), valuesIn(to)]
  const [low, high] = [lows[0]?.text, highs[0]?.text]
  if (names.length > 1 && lows.every(({text}) => text !== undefined))
    return names.map((name, i) => [name, {kind: 'one of', values: [lows[i]?.text ?? '']}])
  const isOnly = names.length === 1
  return [
    ...(low === undefined ? [] : [[first, {kind: 'bound', operator: isOnly ? '>=' : '>', value: low}] as const]),
    ...(high === undefined ? [] : [[first, {kind: 'bound', operator: '<', value: high}] as const]),
  ]
}

/** Returns the values of a bound; those without a text are no limits. */
function valuesIn(list: string): readonly {readonly text: string | undefined}[] {
  return [...list.matchAll(/'(?<quoted>(?:[^']|'')*)'|(?<word>[^\s,]+)/g)].map(({groups = {}}) => {
    const {quoted, word = ''} = groups
    if (quoted !== undefined) return {text: quoted.replaceAll("''", "'")}
    return {text: ['MINVALUE', 'MAXVALUE', 'NULL'].includes(word) ? undefined : word}
  })
}
