import type {AnyCustomDefinition} from './custom.ts'
import type {AnyDefinition, Effects, SqlContext} from './definition.ts'
import {OperationDefinitionError} from './errors.ts'
import {projectFunction} from '../project-code.ts'
import {field, optional} from './fields.ts'

/** What `op` has that is no operation. */
const taken: ReadonlySet<string> = new Set([
  ...['query', 'flush', 'autocommit', 'kysely', 'entityManager', 'dialect', 'database', 'x', 'offline'],
  ...['start', 'proceed', 'close', 'known', 'constructor'],
])

/** Returns the definition as the registry has it. */
export function completedDefinition(definition: AnyCustomDefinition): AnyDefinition {
  const {kind, parameters, options = []} = definition
  if (!/^[a-z][A-Za-z0-9]*$/.test(kind)) throw new OperationDefinitionError(kind, '`kind` is no name for a method')
  if (taken.has(kind)) throw new OperationDefinitionError(kind, '`op` has something else of that name')
  if (!Array.isArray(parameters)) throw new OperationDefinitionError(kind, '`parameters` must be an array')
  if (typeof definition.sql !== 'function') throw new OperationDefinitionError(kind, '`sql` must be a function')
  const required = parameters.map((name) => [name, field(name, (value) => value !== undefined)] as const)
  const free = options.map((name) => [name, optional(field(name, () => true))] as const)
  const called = <Args extends readonly unknown[], Result>(
    name: string,
    run: (...args: Args) => Result,
  ): ((...args: Args) => Result) => projectFunction(`\`${name}\` of the operation ${kind}`, run)
  const completed = {
    kind,
    parameters,
    fields: Object.fromEntries([...required, ...free]),
    sql: called('sql', (record: never, context: SqlContext) => definition.sql(record, context)),
    inverse: called(
      'inverse',
      (record: never) => definition.inverse?.(record) ?? {irreversible: 'its definition has no inverse'},
    ),
    effects: called(
      'effects',
      (record: never): Effects =>
        definition.effects?.(record) ?? {reads: [], writes: [{kind: 'unknown', name: `op.${kind}`}]},
    ),
    losesData: called('losesData', (record: never) => definition.losesData?.(record)),
  }
  return completed as unknown as AnyDefinition
}
