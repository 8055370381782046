import type {DatabaseSchema} from '@mikro-orm/sql'
import type {Operation} from '../../operations/operation.ts'
import {UnknownAnswerError} from './answers.ts'
import type {Rename} from './answers.ts'
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

/** Returns a question for each value that an enum loses while it gets another one. */
export function questionsAboutEnums(
  live: DatabaseSchema,
  target: DatabaseSchema,
  isAnswered: (removed: string) => boolean,
): readonly Question[] {
  return Object.keys(live.getNativeEnums()).flatMap((name) => {
    const [before, after] = [itemsOf(live, name) ?? [], itemsOf(target, name)]
    if (after === undefined) return []
    const added = after.filter((item) => !before.includes(item))
    const removed = before.filter((item) => !after.includes(item))
    if (added.length === 0) return []
    return removed
      .map((value) => `${name}.${value}`)
      .filter((place) => !isAnswered(place))
      .map((place): Question => ({
        kind: 'value',
        removed: place,
        added,
        answers: [...added.map((to) => `--rename ${place}:${to}`), `--drop ${place}`],
      }))
  })
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
