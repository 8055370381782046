import {MigError} from '../errors.ts'
import {inverseOf} from '../operations/inverse.ts'
import type {Operation} from '../operations/operation.ts'
import {OperationsRecorder} from '../operations/recorder.ts'
import type {Operations, Recorded, RecordingContext, RevisionContext} from '../operations/operations.ts'
import {argumentsOf} from '../operations/record.ts'
import type {OperationRegistry} from '../operations/registry.ts'
import {awaitProject} from '../project-promises.ts'

/** Derived downgrade of a revision that declares none. */
export interface AutomaticDowngrade {
  /**
   * Checks that the upgrade can be reverted.
   *
   * @throws MigError IRREVERSIBLE, naming the operation that cannot be reverted
   */
  check(context: RevisionContext): Promise<void>
  /** Records the inverse of each operation of the upgrade, last first. */
  run(op: Operations): Promise<void>
}

/**
 * @param code what messages call the upgrade, as the beginning of a sentence
 * @param refuse creates the error for an upgrade that cannot be reverted
 */
export function automaticDowngrade(
  upgrade: (op: Operations) => unknown,
  code: string,
  refuse: (why: string) => MigError,
  registry: OperationRegistry,
): AutomaticDowngrade {
  const inverses = async (
    context: RevisionContext,
  ): Promise<readonly (readonly [Operation, outsideTransaction: boolean])[]> => {
    const found = (await recordedBy(upgrade, code, {...context, registry}, refuse))
      .toReversed()
      .map(({operation, outsideTransaction}) => {
        const inverse = inverseOf([operation], registry)
        if ('operations' in inverse) return inverse.operations.map((undo) => [undo, outsideTransaction] as const)
        const {table, name} = operation as {readonly table?: unknown; readonly name?: unknown}
        const target = [table, name].filter((part) => typeof part === 'string').join('.')
        const call = `op.${operation.kind}${target === '' ? '' : ` of ${target}`}`
        throw refuse(`it has no downgrade, and ${call} cannot be reverted: ${inverse.irreversible}`)
      })
    return found.flat()
  }
  return {
    check: async (context) => {
      await inverses(context)
    },
    run: async (op) => {
      const methods = op as unknown as Readonly<Record<string, (...args: readonly unknown[]) => void>>
      for (const [operation, outsideTransaction] of await inverses({...contextOf(op), offline: true})) {
        const record = (): void =>
          methods[operation.kind]?.(...argumentsOf(registry.definitionOf(operation), operation as never))
        await (outsideTransaction ? op.autocommit(record) : record())
      }
    },
  }
}

const contextOf = ({dialect, database, x, offline, rehearsing}: Operations): RevisionContext => ({
  dialect,
  database,
  x,
  offline,
  rehearsing,
})

/** Returns the operations of an upgrade, recorded without a database. */
async function recordedBy(
  upgrade: (op: Operations) => unknown,
  code: string,
  context: RecordingContext,
  refuse: (why: string) => MigError,
): Promise<readonly Recorded[]> {
  const recorder = new OperationsRecorder({...context, offline: true})
  try {
    await awaitProject(code, async () => recorder.start(upgrade))
  } catch (error) {
    if (error instanceof MigError && error.code === 'OFFLINE_QUERY')
      throw refuse('it has no downgrade, and its upgrade depends on data it reads from the database')
    throw error
  }
  return recorder.known
}
