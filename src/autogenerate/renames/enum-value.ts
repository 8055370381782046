import type {DatabaseSchema} from '@mikro-orm/sql'
import {nextTo, splitName} from '../../operations/names.ts'
import type {Operation} from '../../operations/operation.ts'
import {without} from '../../util/objects.ts'
import {UnknownAnswerError} from './answers.ts'
import type {Rename} from './answers.ts'
import {question} from './questions.ts'
import type {Question} from './questions.ts'

/**
 * Returns the operation that renames a value of an enum; undefined if the rename is not about an enum.
 *
 * @throws MigError UNKNOWN_ANSWER
 */
export function renameEnumValue(
  {text, table: name, column: value, to}: Rename,
  live: DatabaseSchema,
  target: DatabaseSchema,
): Operation | undefined {
  const before = itemsOf(live, name)
  if (before === undefined || value === undefined) return undefined
  const after = itemsOf(target, name) ?? []
  const missing = (from: readonly string[], others: readonly string[]): readonly string[] =>
    from.filter((item) => !others.includes(item)).map((item) => `${name}.${item}`)
  if (!before.includes(value) || after.includes(value))
    throw new UnknownAnswerError(text, `no value ${name}.${value} was removed`, missing(before, after))
  if (!after.includes(to) || before.includes(to))
    throw new UnknownAnswerError(text, `no value ${name}.${to} was added`, missing(after, before))
  return {kind: 'renameEnumValue', name, value, to}
}

/** Returns a question for each value that an enum loses while it gets another one, and for each enum that is replaced. */
export function questionsAboutEnums(
  live: DatabaseSchema,
  target: DatabaseSchema,
  isAnswered: (removed: string) => boolean,
): readonly Question[] {
  const newNames = Object.keys(target.getNativeEnums()).filter((name) => itemsOf(live, name) === undefined)
  return Object.keys(live.getNativeEnums())
    .flatMap((name): readonly Question[] => {
      const [before, after] = [itemsOf(live, name) ?? [], itemsOf(target, name)]
      if (after === undefined) {
        const isBeside = (other: string): boolean => splitName(other).schema === splitName(name).schema
        const alike = newNames.filter((other) => isBeside(other) && isAlike(before, itemsOf(target, other) ?? []))
        return [question('enum', name, alike)]
      }
      const added = after.filter((item) => !before.includes(item))
      const removed = before.filter((item) => !after.includes(item))
      return removed.map((value) => question('value', `${name}.${value}`, added))
    })
    .filter(({removed, added}) => added.length > 0 && !isAnswered(removed))
}

/** Two enums are similar when they share at least half of their values. */
function isAlike(one: readonly string[], other: readonly string[]): boolean {
  return one.filter((item) => other.includes(item)).length * 2 >= Math.max(one.length, other.length)
}

/** Returns whether a database has an enum. */
export function hasEnum(schema: DatabaseSchema, name: string): boolean {
  return itemsOf(schema, name) !== undefined
}

/**
 * Returns the operation that renames an enum, and renames it in the schema.
 *
 * @throws MigError UNKNOWN_ANSWER
 */
export function renameEnum({text, table: name, to}: Rename, live: DatabaseSchema, target: DatabaseSchema): Operation {
  const plain = splitName(to).name
  const after = nextTo(name, plain)
  const enums = live.getNativeEnums()
  const onlyIn = (from: DatabaseSchema, other: DatabaseSchema): readonly string[] =>
    Object.keys(from.getNativeEnums()).filter((one) => !hasEnum(other, one))
  const found = enums[name]
  if (found === undefined || hasEnum(target, name))
    throw new UnknownAnswerError(text, `no enum ${name} was removed`, onlyIn(live, target))
  if (!hasEnum(target, after) || hasEnum(live, after))
    throw new UnknownAnswerError(text, `no enum ${after} was added`, onlyIn(target, live))
  live.setNativeEnums({...without(enums, name), [after]: {...found, name: plain}})
  return {kind: 'renameEnum', name, to: plain}
}

/** Returns the values that enums lose: `mood.ok`. */
export function removedValues(live: DatabaseSchema, target: DatabaseSchema): readonly string[] {
  return Object.keys(live.getNativeEnums()).flatMap((name) => {
    const after = itemsOf(target, name)
    const removed = after === undefined ? [] : (itemsOf(live, name) ?? []).filter((item) => !after.includes(item))
    return removed.map((item) => `${name}.${item}`)
  })
}

function itemsOf(schema: DatabaseSchema, name: string): readonly string[] | undefined {
  const enums = schema.getNativeEnums()
  return Object.hasOwn(enums, name) ? enums[name]?.items : undefined
}
