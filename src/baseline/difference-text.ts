import {listOf} from '../util/text.ts'
import type {SnapshotDifference} from '../catalogue/snapshot/snapshot.ts'

const longest = 80

/** Returns a phrase for a difference, in which `before` is the database and `after` what the baseline creates. */
export function differenceText({before, after, properties}: SnapshotDifference): string {
  const object = before ?? after
  if (object === undefined) return ''
  const {kind, table = '', name} = object
  if (kind === 'column order') return `the columns of ${table} are in another order`
  const place = object.table === undefined ? name : name === '' ? `of ${table}` : `${table}.${name}`
  const what = `${kind} ${place}`
  if (after === undefined) return `${what} is only in the database`
  if (before === undefined) return `${what} is not in the database`
  const values = properties.map((property) => {
    const [here, there] = [before, after].map(({definition}) => shortened(definition[property] ?? 'none'))
    return `${property} (${here} in the database, ${there} in the baseline)`
  })
  return `${what} differs in ${listOf(values, 5)}`
}

/** Returns the beginning of a definition, on one line. */
function shortened(definition: string): string {
  const line = definition.replaceAll(/\s+/g, ' ').trim()
  return line.length > longest ? `${line.slice(0, longest)}…` : line
}

const objectOf = ({before, after}: SnapshotDifference): SnapshotDifference['before'] => before ?? after

/** Returns differences without the order of columns where the columns themselves differ. */
export function withoutConsequences(differences: readonly SnapshotDifference[]): readonly SnapshotDifference[] {
  const tables = new Set(
    differences.flatMap((difference) => {
      const isChanged = difference.before !== undefined && difference.after !== undefined
      const object = objectOf(difference)
      return object?.kind === 'column' && !isChanged ? [object.table] : []
    }),
  )
  return differences.filter((difference) => {
    const object = objectOf(difference)
    return object?.kind !== 'column order' || !tables.has(object.table)
  })
}
