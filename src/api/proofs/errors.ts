import {MigError} from '../../errors.ts'
import type {Proof} from '../../rehearsal/commute/proof.ts'
import type {Finding} from '../../script/finding.ts'

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
