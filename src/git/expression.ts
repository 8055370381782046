/** A parsed commit expression. */
export interface Expression {
  /** A branch, a tag, an id, HEAD. */
  readonly name: string
  /** Reflog entry of the name, or its upstream branch. */
  readonly reflog?: number | 'upstream'
  /** Steps from there: `~3` to the third ancestor, `^2` to the second parent; `^0` stays. */
  readonly steps: readonly {readonly kind: 'ancestor' | 'parent'; readonly count: number}[]
}

const grammar =
  /^(?<name>[^~^@]*(?:@(?!\{)[^~^@]*)*)(?:@\{(?<at>\d+|u|upstream)\})?(?<steps>(?:~\d*|\^(?:\d*|\{\w*\}))*)$/i
const illegalInRefs = /\.\.|[\s:?*[\\]|\/\/|^[/-]|\.lock$|[./]$/

/**
 * Parses a git revision expression that names a single commit: `main~2`, `v1^{commit}`, `stash@{1}`, `@{u}`.
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
