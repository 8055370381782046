/** The checks that a command line names, and the revisions after the only one that has some. */
export interface NamedChecks {
  readonly names: readonly string[]
  readonly targets: readonly string[]
  /** Whether one may replay a history, for which WebAssembly should be optimized. */
  readonly mayReplay: boolean
}

const replaying: ReadonlySet<string> = new Set(['models', 'rehearsal', 'commute'])

/** Returns the checks and revisions in the arguments of `mig check`. */
export function namedChecks(words: readonly string[], prove: boolean): NamedChecks {
  const [first] = words
  const [names, targets] = first === 'commute' ? [[first], words.slice(1)] : [words, []]
  return {names, targets, mayReplay: prove || names.length === 0 || names.some((name) => replaying.has(name))}
}
