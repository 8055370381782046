import {splitName} from '../operations/names.ts'
import type {TableHistory} from './table-history.ts'

/** A table, with the part of it that a name means. */
export interface FoundTable {
  readonly table: TableHistory
  readonly part: string | undefined
}

/**
 * Returns what `TABLE` or `TABLE.PART` means. A table of this name comes before a part, a current one before a former one,
 * and one in the default schema before one in another.
 */
export function findTable(histories: readonly TableHistory[], name: string): FoundTable | undefined {
  const table = tableNamed(histories, name)
  if (table !== undefined) return {table, part: undefined}
  for (const [owner, part] of splits(name)) {
    const found = tableNamed(histories, owner)
    if (found !== undefined) return {table: found, part}
  }
  return undefined
}

/** Whether two names are the same; the case makes no difference. */
export const isSameName = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase()

function tableNamed(histories: readonly TableHistory[], name: string): TableHistory | undefined {
  const wanted = withoutDefaultSchema(name)
  const exact = histories.find((one) => one.name === wanted)
  if (exact !== undefined) return exact
  const named = histories.filter((one) => isSameName(one.name, wanted))
  const former = histories.filter((one) => [...one.formerNames].some((past) => isSameName(past, wanted)))
  const elsewhere = histories.filter((one) => isSameName(splitName(one.name).name, wanted))
  return [...named.filter(({isDropped}) => !isDropped), ...named, ...former, ...elsewhere][0]
}

function withoutDefaultSchema(name: string): string {
  const {schema, name: own} = splitName(name)
  return schema === 'public' ? own : name
}

/** Returns the ways to read a name as that of a part, those with the longest name of the table first. */
function splits(name: string): readonly (readonly [table: string, part: string])[] {
  const dots = [...name.matchAll(/\./g)].map(({index}) => index).toReversed()
  return dots.map((at) => [name.slice(0, at), unquoted(name.slice(at + 1))] as const)
}

const unquoted = (part: string): string => splitName(part).name
