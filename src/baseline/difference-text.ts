import {listOf} from '../util/text.ts'
import type {SnapshotDifference} from '../catalogue/snapshot/snapshot.ts'

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
  return `${what} differs in ${listOf(properties, 5)}`
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
