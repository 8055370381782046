import {tableNameOf} from '../catalogue/definitions/table.ts'
import {CatalogueComparison} from './catalogue-comparison.ts'
import type {Catalogues} from './catalogue-comparison.ts'
import {commonTables, differenceOf} from './comparators/comparator.ts'
import type {ComparatorInput} from './comparators/comparator.ts'
import {recomputeUsers} from './recompute.ts'
import {
  isEmpty,
  reconcileColumns,
  reconcileIndexes,
  reconcileNamed,
  reconcilePrimaryKey,
  reconcileTable,
} from './reconcile-table.ts'
import {reconcileRoutines, reconcileViews} from './reconcile-views.ts'

/**
 * Makes MikroORM's difference agree with the catalogues. MikroORM compares the entities' metadata with a catalogue; what
 * it misses or misreads in objects of both sides is decided by comparing two catalogues, which were read alike.
 */
export function reconcile(input: ComparatorInput, catalogues: Catalogues): void {
  const {difference, context} = input
  const compared = new CatalogueComparison(catalogues)
  for (const [from, to] of commonTables(input)) {
    const name = tableNameOf(to, context)
    const table = differenceOf(difference, from, to)
    reconcileColumns(table, name, compared)
    recomputeUsers(table, context)
    reconcileIndexes(table, name, compared)
    reconcilePrimaryKey(table, name, compared)
    reconcileNamed(table, name, compared)
    reconcileTable(table, name, compared)
    if (isEmpty(table)) delete difference.changedTables[to.getShortestName(false)]
  }
  reconcileViews(input, compared)
  reconcileRoutines(input, compared)
}

/** Returns the tables of both sides that are partitioned in different ways, which takes a new table. */
export function partitionedOtherwise(input: ComparatorInput, catalogues: Catalogues): readonly string[] {
  const compared = new CatalogueComparison(catalogues)
  return commonTables(input)
    .map(([, to]) => tableNameOf(to, input.context))
    .filter((name) => compared.changes('table', undefined, name).includes('partitionBy'))
}
