import {differencesOf, snapshotOf} from '../../src/catalogue/snapshot/snapshot.ts'
import type {CatalogueObject} from '../../src/catalogue/snapshot/snapshot.ts'

/** Returns a line for each object that differs: `column t.a: type`, `index t.ix: removed`. */
export function differenceLines(
  before: readonly CatalogueObject[],
  after: readonly CatalogueObject[],
): readonly string[] {
  return differencesOf(snapshotOf(before), snapshotOf(after))
    .map((difference) => {
      const object = (difference.before ?? difference.after) as CatalogueObject
      const path = [object.table, object.name].filter((part) => part !== undefined && part !== '').join('.')
      const change = difference.before === undefined ? 'added' : difference.after === undefined ? 'removed' : undefined
      return `${object.kind} ${path}: ${change ?? difference.properties.join(', ')}`
    })
    .toSorted()
}
