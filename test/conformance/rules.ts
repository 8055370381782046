import type {Model} from '../support/model.ts'
import type {Query} from './records.ts'

/** What mig answers: a value that is compared and checked for faults of its own, or an error. */
export interface Outcome {
  readonly value?: unknown
  readonly error?: unknown
  readonly fault?: string | undefined
  /** For a stamp: the revisions that its targets mean, and the heads that it ends with. */
  readonly stamped?: {readonly asked: readonly string[]; readonly heads: readonly string[]}
}

/** How a rule wants mig to answer, where the recorded answer is no guide. */
type Wanted =
  /** an error with a code */
  | 'an error'
  /** a value without fault, judged by the model alone */
  | 'a sound answer'
  /** either of the two */
  | 'anything sound'

export interface Rule {
  readonly name: string
  readonly why: string
  readonly wants: Wanted
  /** Whether a recorded answer that mig does not give falls under this rule. */
  covers(query: Query, model: Model, outcome: Outcome): boolean
}

const targetsOf = (query: Query): readonly string[] => {
  switch (query.q) {
    case 'resolve':
    case 'upgrade':
    case 'downgrade':
      return [query.target]
    case 'stamp':
      return query.targets
    case 'history':
      return query.range?.split(':').filter(Boolean) ?? []
    default:
      return []
  }
}
const crashed = (query: Query): boolean => 'crash' in query
/** The plan stands, only the bookkeeping of Alembic's rows failed on the way. */
const plannedAllTheSame = (query: Query): boolean => 'failedStep' in query || 'revisions' in query
const asksForParent = (query: Query): boolean => 'message' in query && query.message === 'Ambiguous walk'
/** Alembic takes any text that begins like a relative target for one. */
const looksRelative = /^(?:.+?@)?[\p{L}\p{N}_]*[+-]\d+/su

/**
 * Every case in which mig answers otherwise than Alembic did, on purpose. The comparison asks these rules only after the
 * two answers turned out to differ, counts which rule excused which, and prints the counts.
 */
export const rules: readonly Rule[] = [
  {
    name: 'an empty target or an empty part of one is an error',
    why: 'Alembic fails with an assertion, or ignores the empty part.',
    wants: 'an error',
    covers: (query) => targetsOf(query).some((t) => t === '' || t.startsWith('@') || t.endsWith('@')),
  },
  {
    name: 'a relative target is the whole text, and an exact name wins',
    why: 'Alembic reads "+1x" as "+1" and cannot name a label like "v-1".',
    wants: 'anything sound',
    covers: (query, model) =>
      targetsOf(query).some((t) => {
        const part = looksRelative.exec(t)?.[0]
        return part !== undefined && (part !== t || model.names.has(t.slice(t.lastIndexOf('@') + 1)))
      }),
  },
  {
    name: 'a short number is no abbreviation',
    why: 'Alembic takes "1" for the revision that begins with it, where "-1" was meant.',
    wants: 'an error',
    covers: (query) => targetsOf(query).some((t) => /(?:^|@)\d{1,3}(?:$|[-+@])/.test(t)),
  },
  {
    name: 'downgrade -N with several heads is refused',
    why: 'Alembic warns and takes the first row of the version table.',
    wants: 'an error',
    covers: (query, model) =>
      query.q === 'downgrade' && /^-\d+$/.test(query.target) && model.heads(model.closure(query.current)).length > 1,
  },
  {
    name: 'a last step down from a merge point is no question if it reverts the same either way',
    why: 'Alembic asks for one of the parents, and then reverts the merge point, whichever it is.',
    wants: 'a sound answer',
    covers: (query, _, {error}) => query.q === 'downgrade' && asksForParent(query) && error === undefined,
  },
  {
    name: 'a downgrade by label@-N wants one current revision on the branch',
    why: 'Alembic fails with an assertion.',
    wants: 'an error',
    covers: (query) => query.q === 'downgrade' && crashed(query) && !plannedAllTheSame(query),
  },
  {
    name: 'an upgrade target that walks too far is an error, one that ends at the base does nothing',
    why: 'Alembic fails with an assertion.',
    wants: 'anything sound',
    covers: (query) => query.q === 'upgrade' && crashed(query) && !plannedAllTheSame(query),
  },
  {
    name: '-N may reach the base, but not go past it',
    why: 'Alembic answers with a list that holds the base.',
    wants: 'anything sound',
    covers: (query, model) => targetsOf(query).some((t) => model.walksToTheBase(t)),
  },
  {
    name: 'a range whose lower end is only a dependency, or a branch without a label of its own',
    why: 'Alembic fails with an assertion.',
    wants: 'anything sound',
    covers: (query) => query.q === 'history' && crashed(query),
  },
  {
    name: 'every revision that is stamped stands afterwards',
    why: 'Alembic drops a row that was asked for when another target stands above or below it.',
    wants: 'a sound answer',
    covers: (query, model, {stamped}) => {
      if (query.q !== 'stamp' || stamped === undefined || 'error' in query) return false
      const recorded = query.steps?.at(-1)?.heads ?? query.current
      return stamped.heads.join() === model.heads(model.closure([...recorded, ...stamped.asked])).join()
    },
  },
  {
    name: 'stamping several or repeated targets never fails on bookkeeping',
    why: 'Alembic fails with a KeyError or an assertion.',
    wants: 'anything sound',
    covers: (query) => query.q === 'stamp' && crashed(query),
  },
  {
    name: 'redundant rows say no more than the heads of what they stand for',
    why: 'Alembic writes such rows itself, at a downgrade with dependencies, and fails on them later.',
    wants: 'anything sound',
    covers: (query) => 'currentNonMinimal' in query,
  },
]
