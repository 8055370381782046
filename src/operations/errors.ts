import {inspect} from 'node:util'
import {MigError} from '../errors.ts'

/** A revision file passes something that an operation cannot take. */
export class OperationArgumentError extends MigError {
  constructor(operation: string, expected: string, received: unknown) {
    const shown = Array.isArray(received) ? 'an array' : inspect(received, {depth: 0})
    super('INVALID_OPERATION', `op.${operation} takes ${expected}, but received ${shown}.`, {
      hint: 'docs/revisions.md shows every operation.',
      data: {operation},
    })
  }
}

/** An operation has no form for the database that it is run on. */
export class OperationNotSupportedError extends MigError {
  constructor(operation: string, dialect: string, reason: string) {
    super('OPERATION_NOT_SUPPORTED', `op.${operation} cannot be run on ${dialect}: ${reason}.`, {
      hint: '`op.dialect` says which database the revision is run on.',
      data: {operation, dialect},
    })
  }
}

/** A revision goes on recording after its function returned: a promise was not awaited. */
export class OperationTooLateError extends MigError {
  constructor(operation: string) {
    super('OPERATION_TOO_LATE', `op.${operation} was called after the function of the revision had returned.`, {
      hint: 'Await every promise in the function.',
      data: {operation},
    })
  }
}

/** An operation that commits by itself was asked for inside of another one that does. */
export class NestedAutocommitError extends MigError {
  constructor() {
    super('INVALID_OPERATION', 'op.autocommit was called inside of op.autocommit.', {
      hint: 'One of them is enough: everything in it runs outside of the transaction.',
      data: {operation: 'autocommit'},
    })
  }
}

/** A revision wants a result where there is no database to give one. */
export class OfflineQueryError extends MigError {
  constructor(operation: string) {
    super('OFFLINE_QUERY', `op.${operation} needs a database, and this is a script for later.`, {
      hint: '`if (op.offline)` in the revision can say what is to be done instead.',
      data: {operation},
    })
  }
}
