/** Returns the names that a SQL text may mention, quoted or not, as they are written. */
export function wordsOf(sql: string): ReadonlySet<string> {
  const found = sql.matchAll(/`(?<ticked>(?:[^`]|``)+)`|"(?<quoted>(?:[^"]|"")+)"|(?<plain>[\p{L}\p{N}_$]+)/gu)
  return new Set(
    [...found].flatMap(({groups: {ticked, quoted, plain} = {}}) => {
      if (ticked !== undefined) return [ticked.replaceAll('``', '`')]
      // Where double quotes are those of a value, names may be in it.
      if (quoted !== undefined) return [quoted.replaceAll('""', '"'), ...wordsOf(quoted)]
      return plain ?? []
    }),
  )
}

/** Returns the names that the texts in a value may mention, and the texts themselves. */
export function wordsIn(value: unknown): ReadonlySet<string> {
  const found = new Set<string>()
  const values = [value]
  for (const next of values)
    if (typeof next === 'string') for (const word of [next, ...wordsOf(next)]) found.add(word)
    else if (typeof next === 'object' && next !== null) values.push(...Object.values(next))
  return found
}
