import type {Operation} from '../operations/operation.ts'
import type {OperationRegistry} from '../operations/registry.ts'
import {nameOfSubject} from '../operations/subject.ts'

/** A line for a person: what was found that an operation mends. */
export interface Detected {
  /** What is to be done about it: the kind of the operation. */
  readonly kind: Operation['kind']
  /** The name of what differs, with that of its table. */
  readonly name: string
  readonly text: string
}

/** Returns what was found: a line for each thing, also for each thing in a new table. */
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

/** What is dropped and made anew under its name has changed, and is one thing. */
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
