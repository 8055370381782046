import type {Operation} from '../../operations/operation.ts'
import {without} from '../../util/objects.ts'
import {completed} from '../produce/stages.ts'

/** Returns an operation of a downgrade, which nobody undoes, without what it is undone by. */
export function oneWay(operation: Operation): Operation {
  switch (operation.kind) {
    case 'dropTable':
    case 'dropColumn':
    case 'dropIndex':
    case 'dropPrimaryKey':
    case 'dropView':
    case 'dropMaterializedView':
    case 'dropEnum':
    case 'dropSequence':
    case 'dropPolicy':
    case 'setTableComment':
      return completed(without(operation, 'was') as Operation)
    case 'dropConstraint': {
      const type = operation.type ?? operation.was?.type
      return completed({...without(operation, 'was'), ...(type !== undefined && {type})})
    }
    default:
      return operation
  }
}
