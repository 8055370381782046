/** Returns what is in any of the sets. */
export function union<T>(...sets: readonly ReadonlySet<T>[]): Set<T> {
  const all = new Set(sets[0])
  for (const set of sets.slice(1)) for (const item of set) all.add(item)
  return all
}

/** Returns what is in both sets, in the order of the first. */
export function intersection<T>(set: ReadonlySet<T>, other: ReadonlySet<T>): Set<T> {
  return new Set([...set].filter((item) => other.has(item)))
}

/** Returns what is in the first set and not in the second. */
export function difference<T>(set: ReadonlySet<T>, other: ReadonlySet<T>): Set<T> {
  return new Set([...set].filter((item) => !other.has(item)))
}
