/** A text that names a commit, taken apart. */
export interface Expression {
  /** A branch, a tag, an id, HEAD. */
  readonly name: string
  /** Which earlier state of the name is meant, or the branch that it follows. */
  readonly reflog?: number | 'upstream'
  /** How to go on from there: `~3` to the third ancestor, `^2` to the second parent; `^0` stays. */
  readonly steps: readonly {readonly kind: 'ancestor' | 'parent'; readonly count: number}[]
}

const grammar =
  /^(?<name>[^~^@{}]*(?:@(?!\{)[^~^@{}]*)*)(?:@\{(?<at>\d+|u|upstream)\})?(?<steps>(?:~\d*|\^(?:\d*|\{\w*\}))*)$/i
const illegalInRefs = /\.\.|[\s:?*[\\]|\/\/|^[/-]|\.lock$|[./]$/

/**
 * Reads what git calls a revision, as far as it means one commit by name: `main~2`, `v1^{commit}`, `stash@{1}`, `@{u}`.
 *
 * @see https://git-scm.com/docs/gitrevisions
 */
export function readExpression(text: string): Expression | undefined {
  const {name = '', at, steps = ''} = grammar.exec(text)?.groups ?? {}
  const isHead = name === '@' || (name === '' && at !== undefined)
  if ((name === '' && !isHead) || illegalInRefs.test(name)) return undefined
  return {
    name: isHead ? 'HEAD' : name,
    ...(at !== undefined && {reflog: /^\d/.test(at) ? Number(at) : 'upstream'}),
    steps: [...steps.matchAll(/(?<sign>[~^])(?<count>\{\w*\}|\d*)/g)].map(({groups = {}}) => ({
      kind: groups['sign'] === '~' ? 'ancestor' : 'parent',
      count: groups['count']?.startsWith('{') ? 0 : Number(groups['count'] || 1),
    })),
  }
}
