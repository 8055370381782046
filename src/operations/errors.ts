import {inspect} from 'node:util'
import {MigError} from '../errors.ts'
import {didYouMean, listOf} from '../util/text.ts'

/** Says that a part of what an operation was given cannot be taken; it becomes an `OperationArgumentError`. */
export class UnfitValue extends Error {
  readonly expected: string
  readonly received: unknown
  readonly path: readonly string[]

  constructor(expected: string, received: unknown, path: readonly string[] = []) {
    super(`expected ${expected}`)
    this.expected = expected
    this.received = received
    this.path = path
  }

  /** Returns the same for the object that has the value under a key. */
  in(key: string): UnfitValue {
    return new UnfitValue(this.expected, this.received, [key, ...this.path])
  }
}

/** Says that an object has a key that nothing reads; it becomes an `OperationOptionError`. */
export class UnknownOptionError extends Error {
  readonly option: string
  readonly known: readonly string[]

  constructor(option: string, known: readonly string[]) {
    super(`unknown option ${option}`)
    this.option = option
    this.known = known
  }
}

/** A revision file passes an option that an operation does not have. */
export class OperationOptionError extends MigError {
  constructor(operation: string, option: string, known: readonly string[]) {
    super('INVALID_OPERATION', `op.${operation} has no option ${option}.`, {
      hint: didYouMean(option, known, known.length === 0 ? 'It has none.' : `Its options are ${listOf(known)}.`),
      data: {operation, option},
    })
  }
}

/** A custom operation cannot be defined as it is. */
export class OperationDefinitionError extends MigError {
  constructor(kind: string, reason: string) {
    super('INVALID_OPERATION', `The operation ${kind} cannot be defined: ${reason}.`, {
      hint: 'docs/operations.md shows how a custom operation is defined.',
      data: {operation: kind},
    })
  }
}

/** A revision file passes something that an operation cannot take. */
export class OperationArgumentError extends MigError {
  constructor(operation: string, expected: string, received: unknown) {
    const shown = Array.isArray(received) ? 'an array' : inspect(received, {depth: 0})
    super('INVALID_OPERATION', `op.${operation} takes ${expected}, but received ${shown}.`, {
      hint: 'docs/operations.md shows every operation.',
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
