import {MigError} from '../errors.ts'
import type {RevisionId} from '../graph/revision.ts'
import type {ProofDifference} from '../rehearsal/commute/outcome.ts'
import {listOf} from '../util/text.ts'

/** Revisions that cannot become one. */
export class SquashRefusedError extends MigError {
  constructor(reason: string, hint: string, revisions: readonly RevisionId[]) {
    super('SQUASH_REFUSED', `No squash was written: ${reason}.`, {hint, data: {revisions}})
  }
}

/** A squash that was tried out makes something else than the revisions. */
export class SquashDiffersError extends MigError {
  /** @param step the step after which the databases differ */
  constructor(step: 'upgrade' | 'downgrade', {kind, name, first, second}: ProofDifference, on: string) {
    const sides = [
      ['the revisions', first],
      ['the squash', second],
    ] as const
    super('SQUASH_DIFFERS', `No squash was written: after its ${step}, ${kind} ${name} is another one (${on}).`, {
      details: sides.map(([who, text]) => `  ${who}: ${text ?? 'not there'}`),
      hint: 'Write the squash by hand with `mig revision`, and add `replaces`; `mig rehearse` tries it out.',
      data: {step, kind, name, first, second},
    })
  }
}

/** A squash that the database refuses. */
export class SquashFailedError extends MigError {
  constructor(step: 'upgrade' | 'downgrade', error: MigError) {
    super('SQUASH_DIFFERS', `No squash was written: its ${step} fails: ${error.message}`, {
      hint: 'Squash a shorter range, or write the squash by hand with `mig revision`, and add `replaces`.',
      data: {step},
      cause: error,
    })
  }
}

/** A revision in the middle of a history decides by the rows of each database. */
export class ReadingRevisionError extends SquashRefusedError {
  constructor(revision: RevisionId) {
    super(
      `revision ${revision} queries the database, and what it does depends on rows that only your databases have`,
      `Leave ${revision} out of the range, or write the squash by hand with \`mig revision\`, and add \`replaces\`.`,
      [revision],
    )
  }
}

/** The files of replaced revisions, which other databases may need. */
export class PruneRefusedError extends MigError {
  constructor(revisions: readonly RevisionId[]) {
    super('SQUASH_REFUSED', `The files of ${listOf(revisions, 3)} may be needed by databases that have some of them.`, {
      hint: 'Keep the files until every database has the squash; then `--prune --force` deletes them.',
      data: {revisions},
    })
  }
}
