import {SchemaModel} from '../sql/model/schema-model.ts'
import type {RowChange} from '../sql/model/row-changes.ts'
import type {Item} from '../sql/model/items.ts'
import type {Touch} from '../sql/model/revision-notes.ts'
import {applyStatement} from '../sql/model/statements.ts'
import type {RevisionStatements} from './revision-statements.ts'

/** A revision that was applied to the schema before it. */
export interface AppliedRevision {
  readonly name: string
  readonly content: RevisionStatements
  /** The objects that it names. */
  readonly touched: ReadonlyMap<string, Touch>
  readonly rowChanges: readonly RowChange[]
  /** The objects that it names and that nothing created. */
  readonly foreign: readonly Item[]
  /** The words in the code that runs for these rows, such as that of triggers. */
  readonly codeWords: ReadonlySet<string>
  /** The objects that it removes. */
  readonly removed: readonly Item[]
  /** The parts that are not known, as noun phrases. */
  readonly unclear: readonly string[]
  /** Those of which at least all objects are known. */
  readonly vague: readonly string[]
  /** Why it fails, if it does. */
  readonly refused: string | undefined
  /** Whether nothing before the statement that fails is unknown. */
  readonly isFailureCertain: boolean
  /** The schemas named like a role that it creates, renames or drops. */
  readonly userSchemas: ReadonlySet<string>
  /** Whether it has names without a schema. */
  readonly usesPath: boolean
  /** The indexes and constraints that it names and of which only the name is known. */
  readonly placeless: readonly Item[]
}

/**
 * Applies revisions one after the other to a copy of a schema, which receives what they assume.
 *
 * @returns the revisions in this order, and the schema after them
 */
export function appliedTo(
  before: SchemaModel,
  revisions: readonly {readonly name: string; readonly content: RevisionStatements}[],
): {readonly revisions: readonly AppliedRevision[]; readonly model: SchemaModel} {
  const model = new SchemaModel(before)
  return {revisions: revisions.map(({name, content}) => applied(name, content, model, before)), model}
}

/** Applies the revisions of two sides to a schema, which receives what either of them assumes. */
export function appliedSides(
  before: SchemaModel,
  ours: Parameters<typeof appliedTo>[1],
  theirs: Parameters<typeof appliedTo>[1],
): readonly [ours: readonly AppliedRevision[], theirs: readonly AppliedRevision[]] {
  const {revisions} = appliedTo(before, ours)
  const count = before.adopted.length
  const others = appliedTo(before, theirs).revisions
  // Ours may name what only theirs assume.
  return [before.adopted.length === count ? revisions : appliedTo(before, ours).revisions, others]
}

function applied(name: string, content: RevisionStatements, model: SchemaModel, before: SchemaModel): AppliedRevision {
  model.begin(name)
  const unclear = [...content.unclear]
  const vague = [...content.vague]
  let refused: string | undefined
  let isFailureCertain = false
  let readTo = content.unreadAt ?? content.statements.length
  for (const [i, statement] of content.statements.entries()) {
    const outcome = applyStatement(model, statement)
    if (outcome === undefined) continue
    if ('unclear' in outcome) {
      readTo = Math.min(readTo, i)
      ;(outcome.isAnywhere ? unclear : vague).push(outcome.unclear)
    } else if (refused === undefined) {
      refused = outcome.refused
      isFailureCertain = i < readTo
    }
  }
  const {touched, rowChanges, codeWords, foreign, removed, userSchemas, usesPath} = model.notes
  const placeless = namedOnly(before, touched)
  const noted = {touched, rowChanges, codeWords, foreign, removed, userSchemas, usesPath}
  return {name, content, ...noted, unclear, vague, refused, isFailureCertain, placeless}
}

function namedOnly(before: SchemaModel, touched: ReadonlyMap<string, Touch>): readonly Item[] {
  const named = [...touched.values()].map(({object}) => object)
  if (!named.some(({kind}) => kind === 'index' || kind === 'constraint')) return []
  const names = new Set(named.map(({kind, name}) => `${kind} ${name}`))
  return before.items.filter(
    (item) => item.isOpen && (item.kind === 'index' || item.kind === 'constraint') && names.has(before.describe(item)),
  )
}

/** Returns a schema after revisions, of which one that fails has the effect of its other statements. */
export function continued(before: SchemaModel, revisions: readonly AppliedRevision[]): SchemaModel {
  const model = new SchemaModel(before, true)
  for (const {name, content} of revisions) {
    model.begin(name)
    for (const statement of content.statements) applyStatement(model, statement)
  }
  return model
}

/** Returns a clause that says of a revision which part of it is not known. */
export function unknownClause(name: string, part: string): string {
  return part.startsWith('whether') ? `it is not known of ${name} ${part}` : `${name} has ${part}`
}
