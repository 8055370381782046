import type {AnyDefinition, CommonDefinition, OperationRecord} from './definition.ts'
import {OperationArgumentError, OperationOptionError, UnfitValue, UnknownOptionError} from './errors.ts'
import {plainObject, printShape, readShape} from './fields.ts'
import type {Field, Shape} from './fields.ts'
import {layOut} from './source.ts'
import type {Source} from './source.ts'

/**
 * Returns the validated, frozen record of `op.kind(…args)`.
 *
 * @throws MigError INVALID_OPERATION
 */
export function recordOf<Op extends OperationRecord>(definition: CommonDefinition<Op>, args: readonly unknown[]): Op {
  const {kind, parameters} = definition
  const fields: Readonly<Record<string, Field<unknown>>> = definition.fields
  const surplus = args[parameters.length + 1]
  if (surplus !== undefined)
    throw new OperationArgumentError(kind, `at most ${parameters.length + 1} arguments`, surplus)
  const given: Record<string, unknown> = {}
  try {
    const options = plainObject(args[parameters.length] ?? {}, 'an object with options')
    const known = optionsOf(definition)
    for (const key of Object.keys(options)) if (!known.includes(key)) throw new UnknownOptionError(key, known)
    Object.assign(given, options)
    for (const [i, parameter] of parameters.entries()) given[parameter] = args[i]
    return frozenRecord(definition, readShape(fields as Shape<object>, given))
  } catch (error) {
    throw error instanceof UnfitValue
      ? argumentError(definition as unknown as AnyDefinition, error)
      : optionError(kind, error)
  }
}

/** Returns a record as its definition expands it, frozen. */
export function frozenRecord<Op extends OperationRecord>(definition: CommonDefinition<Op>, values: object): Op {
  const record = {kind: definition.kind, ...values} as unknown as Op
  return deepFreeze(definition.shorthand?.expand(record) ?? record)
}

/** Returns the arguments of `op.kind(…)` that produce a record. */
export function argumentsOf<Op extends OperationRecord>(definition: CommonDefinition<Op>, record: Op): unknown[] {
  const values = record as unknown as Readonly<Record<string, unknown>>
  const options = optionsOf(definition).filter((key) => values[key] !== undefined)
  const args = definition.parameters.map((key) => values[key])
  return options.length === 0 ? args : [...args, Object.fromEntries(options.map((key) => [key, values[key]]))]
}

/** Returns the call in a revision file that produces a record. */
export function sourceOf<Op extends OperationRecord>(definition: CommonDefinition<Op>, record: Op, indent = 0): string {
  return layOut(callSource(definition, record, 'op'), indent)
}

/** @param skipped the number of arguments that the receiver already provides */
export function callSource<Op extends OperationRecord>(
  definition: CommonDefinition<Op>,
  record: Op,
  receiver: string,
  skipped = 0,
): Source {
  const fields: Readonly<Record<string, Field<unknown>>> = definition.fields
  const values = record as unknown as Readonly<Record<string, unknown>>
  const args = definition.parameters.slice(skipped).map((key) => {
    const value = values[key]
    return value === undefined ? 'undefined' : (fields[key] as Field<unknown>).print(value)
  })
  const known = optionsOf(definition)
  const shape = Object.fromEntries(known.map((key) => [key, fields[key]]))
  const options = printShape<object>(shape, record)
  const hasOptions = typeof options !== 'string' && options.items.length > 0
  if (!hasOptions) while (args.at(-1) === 'undefined') args.pop()
  return {open: `${receiver}.${record.kind}(`, items: hasOptions ? [...args, options] : args, close: ')'}
}

function optionsOf<Op extends OperationRecord>({fields, parameters}: CommonDefinition<Op>): readonly string[] {
  const taken: readonly string[] = parameters
  return Object.keys(fields).filter((key) => !taken.includes(key))
}

function argumentError({kind, parameters, fields}: AnyDefinition, unfit: UnfitValue): OperationArgumentError {
  const {expected, received, path} = unfit
  const [first = '', ...rest] = path
  const isArgument = path.length > 0 && parameters.includes(first)
  if (path.length === 0 || (isArgument && rest.length === 0))
    return new OperationArgumentError(kind, expected, received)
  const where = [isArgument ? fields[first]?.expects : first, ...rest].join('.')
  return new OperationArgumentError(kind, `${expected} for ${where}`, received)
}

function optionError(kind: string, error: unknown): unknown {
  return error instanceof UnknownOptionError ? new OperationOptionError(kind, error.option, error.known) : error
}

function deepFreeze<T>(value: T): T {
  // Bytes cannot be frozen, and objects created by MikroORM or the user must not be.
  const isData = Array.isArray(value) || (typeof value === 'object' && value !== null && isPlain(value))
  if (!isData || Object.isFrozen(value)) return value
  for (const item of Object.values(value as object)) deepFreeze(item)
  return Object.freeze(value)
}

const isPlain = (value: object): boolean => [Object.prototype, null].includes(Object.getPrototypeOf(value) as object)
