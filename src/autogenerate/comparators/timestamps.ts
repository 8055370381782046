import {columnOf} from '../../catalogue/definitions/column.ts'
import {commonColumns, commonTables, markColumn} from './comparator.ts'
import type {Comparator} from './comparator.ts'

const kinds = /^(?<kind>timestamptz|timestamp|timetz|time|jsonb|json)\b/

/** Types that MikroORM treats as equal: `timestamp` and `timestamptz`, `time` and `timetz`, `json` and `jsonb`. */
export const timestamps: Comparator = {
  compare: (input) => {
    const {difference, context} = input
    for (const tables of commonTables(input))
      for (const [from, to] of commonColumns(tables)) {
        if (to.ignoreSchemaChanges?.includes('type')) continue
        const before = kinds.exec(columnOf(from, tables[0], context.dialect).type)?.groups?.['kind']
        const after = kinds.exec(columnOf(to, tables[1], context.dialect).type)?.groups?.['kind']
        if (before !== undefined && after !== undefined && before !== after)
          markColumn(difference, tables, [from, to], 'type', true)
      }
  },
}
