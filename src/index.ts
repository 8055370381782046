export {MigError, errorCodes, type ErrorCode} from './errors.ts'
export {appliedFromHeads, headsOf} from './graph/applied.ts'
export {planHistory} from './graph/history.ts'
export {
  planDowngrade,
  planStamp,
  planUpgrade,
  type DowngradeStep,
  type Plan,
  type StampStep,
  type Step,
  type UpgradeStep,
} from './graph/plan.ts'
export {resolveTargets} from './graph/resolve.ts'
export type {Revision, RevisionId} from './graph/revision.ts'
export {buildRevisionGraph, type RevisionGraph} from './graph/revision-graph.ts'
