import {MigError} from '../../errors.ts'
import type {RevisionId} from '../../graph/revision.ts'
import type {FailedRevision, Proof} from '../../rehearsal/commute/proof.ts'
import type {Finding} from '../../script/finding.ts'
import {shellCommand} from '../../util/shell.ts'

/** A merge whose branches do not give the same in every order. */
export class MergeNotProvedError extends MigError {
  constructor(proof: Proof, findings: readonly Finding[]) {
    const [first] = findings
    super('MERGE_NOT_PROVED', `Nothing was written: ${first?.message ?? 'the branches do not commute.'}`, {
      hint: first?.hint,
      data: {proof},
    })
  }
}

/** A rebase whose revisions fail in their new place. */
export class RebaseFailsError extends MigError {
  constructor({revision, error}: FailedRevision, onto: RevisionId, proof?: Proof) {
    super('REBASE_REFUSED', `Nothing was changed: revision ${revision} fails after ${onto}: ${error}`, {
      hint: `Run \`mig rebase --no-prove\`, and edit it for its new place: \`${shellCommand`mig edit ${revision}`}\`.`,
      data: {revision, onto, ...(proof !== undefined && {proof})},
    })
  }
}
