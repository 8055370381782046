import type {AnyCustomDefinition} from './custom.ts'
import {irreversible, objects} from './definition.ts'
import type {AnyDefinition, Inverse, OperationRecord} from './definition.ts'
import {OperationDefinitionError} from './errors.ts'
import {projectFunction} from '../project-code.ts'
import {field, optional} from './fields.ts'
import type {Field} from './fields.ts'
import {nameOfSubject} from './subject.ts'
import type {Subject} from './subject.ts'

/** Names on `op` that are not operations. */
const taken: ReadonlySet<string> = new Set([
  ...['query', 'flush', 'autocommit', 'kysely', 'entityManager', 'dialect', 'database', 'x', 'offline'],
  ...['start', 'proceed', 'close', 'known', 'constructor'],
])

/** Returns a custom definition with everything that the registry requires. */
export function completedDefinition(definition: AnyCustomDefinition): AnyDefinition {
  const {kind, parameters, options = []} = definition
  if (!/^[a-z][A-Za-z0-9]*$/.test(kind)) throw new OperationDefinitionError(kind, '`kind` is not a valid method name')
  if (taken.has(kind)) throw new OperationDefinitionError(kind, '`op` already has a member of that name')
  if (!Array.isArray(parameters)) throw new OperationDefinitionError(kind, '`parameters` must be an array')
  if (typeof definition.sql !== 'function') throw new OperationDefinitionError(kind, '`sql` must be a function')
  const required = parameters.map((name: string) => [name, field(name, (value) => value !== undefined)] as const)
  const free = options.map((name) => [name, optional(field(name, () => true))] as const)
  const called = <Args extends readonly unknown[], Result>(
    name: string,
    run: (...args: Args) => Result,
  ): ((...args: Args) => Result) => projectFunction(`\`${name}\` of the operation ${kind}`, run)
  const completed: Omit<AnyDefinition, 'fields'> & {readonly fields: Readonly<Record<string, Field<unknown>>>} = {
    kind,
    parameters: parameters as never,
    fields: Object.fromEntries([...required, ...free]),
    sql: called('sql', (record, context) => definition.sql(record as never, context)),
    inverse: called(
      'inverse',
      (record) =>
        (definition.inverse?.(record as never) as Inverse | undefined) ?? irreversible('its definition has no inverse'),
    ),
    effects: called(
      'effects',
      (record) => definition.effects?.(record as never) ?? {reads: [], writes: objects('unknown', `op.${kind}`)},
    ),
    losesData: called('losesData', (record) => definition.losesData?.(record as never)),
    change: 'alters',
    stage: 'custom',
    subject: (record) => subjectOf(record),
    describe: (record) => {
      const {table, name} = namesIn(record)
      return [{what: `difference (${kind}) in`, name: nameOfSubject({type: 'custom', table, name})}]
    },
    written: 'unknown',
  }
  return completed as unknown as AnyDefinition
}

/** The subject of a custom operation is derived from the fields that operations usually have. */
function subjectOf(record: OperationRecord): Subject {
  const {table, name = record.kind, column} = namesIn(record)
  return column === undefined ? {type: 'custom', table, name} : {type: 'column', table, name: column}
}

function namesIn(record: object): {readonly table?: string; readonly name?: string; readonly column?: string} {
  return record
}
