import {joinName} from '../../operations/names.ts'
import {Refusal} from './items.ts'
import type {Item} from './items.ts'
import type {SchemaModel} from './schema-model.ts'
import {familyOf} from './type-families.ts'

/** Returns the overloads of a function that its arguments may mean. */
export function overloadsFor(found: readonly Item[], families: readonly (string | undefined)[]): readonly Item[] {
  if (found.length < 2) return found
  const isFit = ({name}: Item): boolean => {
    const types = name
      .slice(name.indexOf('(') + 1, -1)
      .split(', ')
      .filter(Boolean)
    return (
      types.length === families.length &&
      families.every((family, i) => family === undefined || familyOf(types[i] ?? '') === family)
    )
  }
  const fit = found.filter(isFit)
  return fit.length > 0 ? fit : found
}

/** Notes that a revision means a function by its name alone, which overloads share. */
export function touchOverloads(model: SchemaModel, parts: readonly string[], isWritten: boolean): void {
  const [name = '', schema = model.searchPath[0]] = parts.toReversed()
  model.touchObject({kind: 'function', name: joinName(schema === 'public' ? undefined : schema, name)}, isWritten)
}

/** Returns the functions of a name; a call does not reveal which of several is meant. */
export function functionsNamed(model: SchemaModel, parts: readonly string[]): readonly Item[] {
  const [name = '', schema] = parts.toReversed()
  const places = schema === undefined ? model.searchPath : [schema]
  const owners = places.flatMap((place) => model.find('schema', undefined, place) ?? [])
  const found = owners.flatMap((owner) =>
    model.within(owner, 'function').filter((item) => item.name.slice(0, item.name.indexOf('(')) === name),
  )
  for (const item of found) model.touch(item, false)
  const signature = `${name}(`
  if (found.length === 0 && owners.some((owner) => model.isGoneLike('function', owner.id, signature)))
    throw new Refusal(`function ${parts.join('.')} does not exist`)
  return found
}
