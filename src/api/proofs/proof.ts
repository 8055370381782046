export type {Proof} from '../../rehearsal/commute/proof.ts'
