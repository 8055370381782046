import type {Step} from './plan.ts'
import type {GraphState, RecordedRevision} from './recorded.ts'
import type {RevisionId} from './revision.ts'

/** The change of the rows of the version table by a step, where they are not those of the revisions of the step. */
export interface RowChange {
  readonly removed: readonly RevisionId[]
  readonly headsBefore: readonly RevisionId[]
  readonly headsAfter: readonly RevisionId[]
}

type Rows = Pick<GraphState, 'rows' | 'originalsOf'>

/**
 * Returns steps with the changes of rows that belong to them: a squash may be recorded by the rows of its originals, and
 * originals by that of a squash.
 */
export function withRowChanges<S extends Step>(
  steps: readonly S[],
  {rows: start, originalsOf}: Rows,
): readonly (S & {readonly rows: RowChange})[] {
  let before = start
  return steps.map((step) => {
    const after = rowsAfter(step, {rows: before, originalsOf})
    const ids = new Set(after.map(({revision}) => revision))
    const change = {
      removed: before.flatMap(({revision}) => (ids.has(revision) ? [] : revision)),
      headsBefore: headsIn(before),
      headsAfter: headsIn(after),
    }
    before = after
    return {...step, rows: change}
  })
}

/** Returns the rows after a step. */
export function rowsAfter(step: Step, {rows, originalsOf}: Rows): readonly RecordedRevision[] {
  const gone = new Set(removedIn(step).flatMap((revision) => [...originalsOf({revision, isHead: false})]))
  const added = addedIn(step)
  const kept = [
    ...rows.filter((row) => originalsOf(row).isDisjointFrom(gone) && !added.includes(row.revision)),
    ...added.map((revision): RecordedRevision => ({revision, isHead: false})),
  ]
  const heads = new Set(step.heads.flatMap((id) => rowsFor(id, {rows: kept, originalsOf})))
  return kept.map((row) => ({...row, isHead: heads.has(row.revision)}))
}

/** Returns the revisions that a step applies or records. */
export function addedIn(step: Step): readonly RevisionId[] {
  if (step.direction === 'stamp') return step.added
  return step.direction === 'upgrade' ? [step.revision] : []
}

/** Returns the revisions that a step reverts or no longer records. */
export function removedIn(step: Step): readonly RevisionId[] {
  if (step.direction === 'stamp') return step.removed
  return step.direction === 'downgrade' ? [step.revision] : []
}

function headsIn(rows: readonly RecordedRevision[]): readonly RevisionId[] {
  return rows.flatMap(({revision, isHead}) => (isHead ? revision : []))
}

/** Returns the rows that are marked if a revision is a head: that of the largest squash with it, or those of its originals. */
function rowsFor(id: RevisionId, {rows, originalsOf}: Rows): readonly RevisionId[] {
  const wanted = originalsOf({revision: id, isHead: false})
  const [whole] = rows
    .filter((row) => wanted.isSubsetOf(originalsOf(row)))
    .toSorted((a, b) => originalsOf(b).size - originalsOf(a).size)
  if (whole !== undefined) return [whole.revision]
  const parts = rows.filter((row) => originalsOf(row).isSubsetOf(wanted))
  const marked = headsIn(parts)
  return marked.length > 0 ? marked : parts.map(({revision}) => revision)
}
