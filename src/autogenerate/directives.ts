import {completed, inverseOf} from '../operations/inverse.ts'
import type {Operation} from '../operations/operation.ts'
import {MigError} from '../errors.ts'
import type {Directive, ProcessDirectives} from '../config/autogenerate.ts'
import type {OperationRegistry} from '../operations/registry.ts'

/** An operation added by a hook cannot be undone, and the hook returned no downgrade. */
class NoDowngradeError extends MigError {
  constructor(kind: string, why: string) {
    super('IRREVERSIBLE', `op.${kind}, added by the processRevisionDirectives hook, cannot be reverted: ${why}.`, {
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
  const given = directives.map((directive) => ({...directive, downgrade: undone(directive.upgrade, registry)}))
  const processed = (await process?.(given)) ?? given
  return processed.map((directive) => {
    const before = given.find(({database}) => database === directive.database)
    const upgrade = directive.upgrade.map(complete)
    const isFollowing = directive.downgrade === before?.downgrade && directive.upgrade !== before.upgrade
    return {
      ...directive,
      upgrade,
      downgrade: isFollowing ? undone(upgrade, registry) : directive.downgrade.map(complete),
    }
  })
}

function undone(upgrade: readonly Operation[], registry: OperationRegistry): readonly Operation[] {
  const inverse = inverseOf(upgrade, registry)
  if ('operations' in inverse) return inverse.operations
  throw new NoDowngradeError(inverse.operation.kind, inverse.irreversible)
}
