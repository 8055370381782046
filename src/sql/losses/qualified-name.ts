import {joinName} from '../../operations/names.ts'

/** Returns the name of a table as operations have it, from its name and what may precede it. */
export function qualifiedName(parts: readonly string[]): string {
  const [name = '', schema = ''] = parts.toReversed()
  return joinName(schema === '' ? undefined : schema, name)
}
