import {indexOf} from '../../catalogue/definitions/index.ts'
import {commonTables, differenceOf} from './comparator.ts'
import type {Comparator} from './comparator.ts'

/** A unique constraint where the entity has a unique index, or the reverse: MikroORM compares only their names. */
export const uniqueForm: Comparator = {
  compare: (input) => {
    const {difference, context} = input
    for (const [from, to] of commonTables(input))
      for (const index of to.getIndexes()) {
        const before = from.getIndexes().find(({keyName}) => keyName === index.keyName)
        if (before === undefined || before.primary || !before.unique || !index.unique) continue
        const kinds = [indexOf(before, context.dialect).kind, indexOf(index, context.dialect).kind]
        if (kinds.includes('statement') || kinds[0] === kinds[1]) continue
        const {addedIndexes, removedIndexes, changedIndexes} = differenceOf(difference, from, to)
        delete changedIndexes[index.keyName]
        removedIndexes[index.keyName] = before
        addedIndexes[index.keyName] = index
      }
  },
}
