import {completed, inverseOf} from '../operations/inverse.ts'
import type {Operation} from '../operations/operation.ts'
import {MigError} from '../errors.ts'
import type {Directive, ProcessDirectives} from '../config/autogenerate.ts'
import type {OperationRegistry} from '../operations/registry.ts'

/** An operation that a hook has put in cannot be undone, and nothing says what undoes it. */
class NoDowngradeError extends MigError {
  constructor(kind: string, why: string) {
    super('IRREVERSIBLE', `op.${kind}, which a hook has put into the revision, cannot be undone: ${why}.`, {
      hint: 'Let the hook return a `downgrade`, too.',
    })
  }
}

/**
 * Returns what a revision is to do, having asked the hook of the configuration.
 *
 * @throws MigError IRREVERSIBLE
 */
export async function processDirectives(
  directives: readonly Omit<Directive, 'downgrade'>[],
  process: ProcessDirectives | undefined,
  registry: OperationRegistry,
): Promise<readonly Directive[]> {
  const complete = (operation: Operation): Operation => completed(operation, registry)
  const given = directives.map((one) => ({...one, downgrade: undone(one.upgrade, registry)}))
  const processed = (await process?.(given)) ?? given
  return processed.map((one) => {
    const before = given.find(({database}) => database === one.database)
    const upgrade = one.upgrade.map(complete)
    const isFollowing = one.downgrade === before?.downgrade && one.upgrade !== before.upgrade
    return {...one, upgrade, downgrade: isFollowing ? undone(upgrade, registry) : one.downgrade.map(complete)}
  })
}

function undone(upgrade: readonly Operation[], registry: OperationRegistry): readonly Operation[] {
  const inverse = inverseOf(upgrade, registry)
  if ('operations' in inverse) return inverse.operations
  throw new NoDowngradeError(inverse.operation.kind, inverse.irreversible)
}
