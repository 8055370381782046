import type {SnapshotDifference} from '../catalogue/snapshot/snapshot.ts'

/** Returns a phrase for a difference, in which `before` is the database and `after` what the baseline creates. */
export function differenceText({before, after, properties}: SnapshotDifference): string {
  const object = before ?? after
  if (object === undefined) return ''
  const {kind, table, name} = object
  const place = table === undefined ? name : name === '' ? `of ${table}` : `${table}.${name}`
  const what = `${kind} ${place}`
  if (after === undefined) return `${what} is only in the database`
  if (before === undefined) return `${what} is not in the database`
  return `${what} has another ${properties.join(', ')}`
}
