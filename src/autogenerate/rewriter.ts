import type {Operation} from '../operations/operation.ts'
import type {Directive, ProcessDirectives} from '../config/autogenerate.ts'

type OfKind<K extends Operation['kind']> = Extract<Operation, {readonly kind: K}>

/** What becomes of operations, by their kinds: another one, several, none for an empty list, itself for undefined. */
export type Rules = {
  readonly [K in Operation['kind']]?: (
    operation: OfKind<K>,
    directive: Directive,
  ) => Operation | readonly Operation[] | undefined
}

/** A function for `processRevisionDirectives`, and the beginning of a chain of them. */
export interface Rewriter {
  (directives: readonly Directive[]): Promise<readonly Directive[]>
  /** Returns a rewriter that does what this one does, and then what another one does. */
  chain(next: ProcessDirectives): Rewriter
}

/**
 * Returns what puts other operations in the place of those that were found. The downgrade follows by itself.
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
    | ((one: Operation, of: Directive) => ReturnType<NonNullable<Rules['execute']>>)
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
