import {completed, inverseOf} from '../operations/inverse.ts'
import type {Operation} from '../operations/operation.ts'
import {MigError} from '../errors.ts'
import type {Directive, ProcessDirectives} from '../config/autogenerate.ts'
import type {OperationRegistry} from '../operations/registry.ts'

/** An operation added by a hook cannot be undone, and the hook returned no downgrade. */
class NoDowngradeError extends MigError {
  constructor(kind: string, why: string) {
    super('IRREVERSIBLE', `op.${kind}, added by the processRevisionDirectives hook, cannot be undone: ${why}.`, {
      hint: 'Return a `downgrade` from the hook as well.',
    })
  }
}

/**
 * Returns the operations of a revision after the hook of the configuration has processed them.
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
