import type {Operation} from '../operations/operation.ts'
import type {OperationRegistry} from '../operations/registry.ts'
import {nameOfSubject} from '../operations/subject.ts'

/** A human-readable line for a difference that an operation resolves. */
export interface Detected {
  /** The kind of the operation that resolves it. */
  readonly kind: Operation['kind']
  /** The name of the object that differs, qualified by its table. */
  readonly name: string
  readonly text: string
}

/** Returns a line for each detected difference, including each object in a new table. */
export function detectedBy(operations: readonly Operation[], registry: OperationRegistry): readonly Detected[] {
  const detected = operations.flatMap((operation) => {
    const {describe, subject} = registry.definitionOf(operation)
    const descriptions =
      typeof describe === 'string'
        ? [{what: describe, name: nameOfSubject(subject(operation as never))}]
        : describe(operation as never)
    return descriptions.map(({what, name, more = ''}) => ({
      kind: operation.kind,
      name,
      text: `Detected ${what} '${name}'${more}`,
    }))
  })
  return withoutReplaced(detected)
}

/** An object that is dropped and recreated under the same name is reported once, as changed. */
function withoutReplaced(detected: readonly Detected[]): readonly Detected[] {
  const texts = new Set(detected.map(({text}) => text))
  const isReplaced = (text: string, from: string, to: string): boolean =>
    text.startsWith(`Detected ${from} `) && texts.has(text.replace(from, to))
  return detected
    .filter(({text}) => !isReplaced(text, 'removed', 'added'))
    .map((line) =>
      isReplaced(line.text, 'added', 'removed') ? {...line, text: line.text.replace('added', 'changed')} : line,
    )
}
