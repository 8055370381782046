import type {Operation} from '../operations/operation.ts'
import type {Directive, ProcessDirectives} from '../config/autogenerate.ts'

type OfKind<K extends Operation['kind']> = Extract<Operation, {readonly kind: K}>

/**
 * Replacements for operations, by kind: one or several operations, an empty list to remove it, undefined to keep it.
 */
export type Rules = {
  readonly [K in Operation['kind']]?: (
    operation: OfKind<K>,
    directive: Directive,
  ) => Operation | readonly Operation[] | undefined
}

/** A function for `processRevisionDirectives` that can be chained. */
export interface Rewriter {
  (directives: readonly Directive[]): Promise<readonly Directive[]>
  /** Returns a rewriter that runs this one, then another. */
  chain(next: ProcessDirectives): Rewriter
}

/**
 * Returns a rewriter that replaces operations that were found. The downgrade is derived automatically.
 *
 * @example rewriter({createIndex: (operation) => ({...operation, concurrently: true})})
 */
export function rewriter(rules: Rules): Rewriter {
  return withChain(async (directives) =>
    directives.map((directive) => ({
      ...directive,
      upgrade: directive.upgrade.flatMap((operation) => rewritten(operation, rules, directive)),
    })),
  )
}

function rewritten(operation: Operation, rules: Rules, directive: Directive): readonly Operation[] {
  const rule = rules[operation.kind] as
    | ((original: Operation, of: Directive) => ReturnType<NonNullable<Rules['execute']>>)
    | undefined
  const result = rule?.(operation, directive)
  if (result === undefined) return [operation]
  return Array.isArray(result) ? (result as readonly Operation[]) : [result as Operation]
}

function withChain(process: (directives: readonly Directive[]) => Promise<readonly Directive[]>): Rewriter {
  return Object.assign(async (directives: readonly Directive[]) => process(directives), {
    chain: (next: ProcessDirectives): Rewriter =>
      withChain(async (directives) => {
        const first = await process(directives)
        return (await next(first)) ?? first
      }),
  })
}
