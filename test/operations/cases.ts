import type {OperationCase} from './cases/case.ts'
import {columnCases} from './cases/columns.ts'
import {constraintCases} from './cases/constraints.ts'
import {dataCases} from './cases/data.ts'
import {indexCases} from './cases/indexes.ts'
import {policyCases} from './cases/policies.ts'
import {programCases} from './cases/programs.ts'
import {schemaCases} from './cases/schemas.ts'
import {tableCases} from './cases/tables.ts'
import {typeCases} from './cases/types.ts'

/** Every operation, each with the SQL of every dialect. */
export const operationCases: readonly OperationCase[] = [
  ...tableCases,
  ...columnCases,
  ...indexCases,
  ...constraintCases,
  ...typeCases,
  ...schemaCases,
  ...programCases,
  ...policyCases,
  ...dataCases,
]
