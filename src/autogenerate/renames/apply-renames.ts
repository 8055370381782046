import {MigError} from '../../errors.ts'
import type {Operation} from '../../operations/operation.ts'
import type {OperationRegistry} from '../../operations/registry.ts'
import {nameOfSubject} from '../../operations/subject.ts'
import {applyOperations} from '../../rehearsal/apply-operations.ts'
import {reasonOf} from '../../rehearsal/reason.ts'
import {CommandFailure} from '../../runner/connection/command.ts'
import {hintForLimit} from '../../runner/connection/connection-errors.ts'
import type {Session} from '../../runner/connection/session.ts'
import {isConnectionLost} from '../../runner/errors.ts'

/** Thrown when the database does not rename an object, so that nothing can be compared under its new name. */
class RenameRefusedError extends MigError {
  constructor(what: string, to: string, error: CommandFailure) {
    super('RENAME_REFUSED', `The ${what} cannot be renamed to ${to}: ${reasonOf(error).replace(/\.$/, '')}.`, {
      hint: 'Drop what prevents it in a revision of its own, apply that, and run this command again.',
      data: {what, to},
      cause: error.cause,
    })
  }
}

/**
 * Applies renames one by one, within a rehearsal.
 *
 * @throws MigError RENAME_REFUSED
 */
export async function applyRenames(
  session: Session,
  renames: readonly Operation[],
  registry: OperationRegistry,
): Promise<void> {
  for (const operation of renames)
    try {
      await applyOperations(session, [operation], registry)
    } catch (error) {
      throw refusalOf(error, operation, registry) ?? error
    }
}

/** Returns nothing if the reason is not the rename, such as a locked table. */
function refusalOf(error: unknown, operation: Operation, registry: OperationRegistry): MigError | undefined {
  if (!(error instanceof CommandFailure) || !('to' in operation) || typeof operation.to !== 'string') return undefined
  if (isConnectionLost(error.cause) || hintForLimit(error.cause) !== undefined) return undefined
  const subject = registry.definitionOf(operation).subject(operation as never)
  return new RenameRefusedError(`${subject.type} ${nameOfSubject(subject)}`, operation.to, error)
}
