import {inspect} from 'node:util'
import {MigError} from '../errors.ts'
import type {FailureContext} from '../project-promises.ts'
import {placeOfCaller} from '../util/stack.ts'
import {didYouMean, listOf, plural} from '../util/text.ts'

/** An invalid part of an operation's arguments; it becomes an `OperationArgumentError`. */
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

  /** Returns the same error for the object that has the value under a key. */
  in(key: string): UnfitValue {
    return new UnfitValue(this.expected, this.received, [key, ...this.path])
  }
}

/** An object has an unknown key; it becomes an `OperationOptionError`. */
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
      hint: didYouMean(option, known, known.length === 0 ? 'It has no options.' : `Its options are ${listOf(known)}.`),
      data: {operation, option},
    })
  }
}

/** The definition of a custom operation is invalid. */
export class OperationDefinitionError extends MigError {
  constructor(kind: string, reason: string) {
    super('INVALID_OPERATION', `Invalid definition of the operation ${kind}: ${reason}.`, {
      hint: 'See docs/operations.md for how to define a custom operation.',
      data: {operation: kind},
    })
  }
}

/** A revision file passes an invalid argument to an operation. */
export class OperationArgumentError extends MigError {
  constructor(operation: string, expected: string, received: unknown) {
    const shown = Array.isArray(received) ? 'an array' : inspect(received, {depth: 0})
    super('INVALID_OPERATION', `op.${operation} expects ${expected}, but received ${shown}.`, {
      hint: 'See docs/operations.md for the arguments of every operation.',
      data: {operation},
    })
  }
}

/** The parameters of a SQL text do not match its placeholders. */
export class ParametersError extends MigError {
  constructor(
    operation: string,
    fault: {readonly count: number; readonly given: number} | {readonly undefinedAt: number},
  ) {
    const reason =
      'count' in fault
        ? `the SQL has ${plural(fault.count, 'placeholder')}, and the call has ${plural(fault.given, 'parameter')}`
        : `parameter ${fault.undefinedAt} is undefined`
    const hint =
      'count' in fault
        ? 'Pass one parameter for each `?`, and write `\\\\?` for a question mark that is not a placeholder.'
        : 'Pass null for a null value.'
    super('INVALID_OPERATION', `op.${operation} has invalid parameters: ${reason}.`, {hint, data: {operation}})
  }
}

/** An operation is not supported on the database that it is run on. */
export class OperationNotSupportedError extends MigError {
  constructor(
    operation: string,
    dialect: string,
    reason: string,
    hint = 'Check `op.dialect` in the revision to use a different operation on this database.',
  ) {
    super('OPERATION_NOT_SUPPORTED', `op.${operation} cannot run on ${dialect}: ${reason}.`, {
      hint,
      data: {operation, dialect},
    })
  }
}

/** An operation changes an object that the database does not have. */
export class MissingObjectError extends OperationNotSupportedError {
  constructor(operation: string, dialect: string, reason: string) {
    super(
      operation,
      dialect,
      reason,
      'Look for a change that was made outside of the revisions, or correct the name in the revision.',
    )
  }
}

interface LateOperation {
  readonly revision?: string
  /** The file, with the line of the call if known. */
  readonly place?: string | undefined
  /** The function that had returned, if not that of a revision. */
  readonly caller?: string
}

/** The function of a revision had returned when something that it started, and did not await, used `op`. */
export class LateOperationError extends MigError {
  readonly operation: string

  readonly place: string | undefined

  /** @param operation the call or query, as the beginning of a sentence */
  constructor(
    operation: string,
    {
      revision,
      place = placeOfCaller(new Error()),
      caller = "the revision's function",
      state,
      hint,
    }: LateOperation & FailureContext = {},
  ) {
    const at = place === undefined ? '' : ` at ${place}`
    const whose = revision === undefined ? caller : `the function of revision ${revision}`
    super('LATE_OPERATION', `${operation} was called${at} after ${whose} had returned.`, {
      details: state === undefined ? [] : [state],
      hint: hint ?? 'Await every promise in the function; `mig current` shows the applied heads.',
      data: {operation, revision: revision ?? null, place: place ?? null},
    })
    this.operation = operation
    this.place = place
  }
}

/** The function of a revision returned before something that it started was complete. */
export class PendingOperationError extends MigError {
  /**
   * @param what the call or timer that is not complete
   * @param site an error whose stack locates the call, if known
   * @param caller the function that started it
   */
  constructor(what: string, site?: Error, caller = "the revision's function") {
    super('PENDING_OPERATION', `${what} was still pending when ${caller} returned.`, {
      hint: 'Await every promise in the function: use `for … of` in place of `forEach` with an async function, and await what helpers return. The lint rule `@typescript-eslint/no-floating-promises` finds such calls.',
      data: {pending: what},
    })
    if (site?.stack !== undefined)
      this.stack = `${this.name}: ${this.message}\n${site.stack.split('\n').slice(1).join('\n')}`
  }
}

/** `op.autocommit` was called inside another `op.autocommit`. */
export class NestedAutocommitError extends MigError {
  constructor() {
    super('INVALID_OPERATION', 'op.autocommit was called inside op.autocommit.', {
      hint: 'Remove the inner call: everything in op.autocommit already runs outside the transaction.',
      data: {operation: 'autocommit'},
    })
  }
}

/** A revision needs a query result while no database is connected. */
export class OfflineQueryError extends MigError {
  constructor(operation: string) {
    super(
      'OFFLINE_QUERY',
      `op.${operation} requires a database connection, which is not available when generating a script.`,
      {
        hint: 'Check `op.offline` in the revision to skip the query in a script.',
        data: {operation},
      },
    )
  }
}
