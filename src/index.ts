export {MigError, errorCodes} from './errors.ts'
export type {ErrorCode} from './errors.ts'

// The graph: pure functions on revisions, applied sets and targets.
export {appliedFromHeads, headsOf} from './graph/applied.ts'
export {planHistory} from './graph/history.ts'
export {isAncestor, mergeBases, revisionsBetween} from './graph/merge-base.ts'
export {planDowngrade, planStamp, planUpgrade} from './graph/plan.ts'
export type {DowngradeStep, Plan, StampStep, Step, UpgradeStep} from './graph/plan.ts'
export {resolveTargets} from './graph/resolve.ts'
export type {Revision, RevisionId} from './graph/revision.ts'
export {buildRevisionGraph} from './graph/revision-graph.ts'
export type {RevisionGraph} from './graph/revision-graph.ts'

// What a configuration and a revision file are written with.
export {defineConfig} from './config/define.ts'
export type {ConfigExport} from './config/define.ts'
export type {ConfigContext} from './config/load.ts'
export type {Config} from './config/schema.ts'
export type {Operations} from './operations/operations.ts'
export type {Dialect} from './operations/operation.ts'

// The commands as functions: they return data, emit events, and print nothing.
export {branch, createRevision, merge} from './api/create-revision.ts'
export type {
  BranchOptions,
  CreateRevisionOptions,
  MergeOptions,
  NewRevisionOptions,
  NewRevisionResult,
} from './api/create-revision.ts'
export {current} from './api/current.ts'
export type {CurrentResult, CurrentView, TenantState} from './api/current.ts'
export type {DatabaseOptions} from './api/databases.ts'
export {ensureVersion} from './api/ensure-version.ts'
export {init} from './api/init.ts'
export type {InitOptions, InitResult} from './api/init.ts'
export {branches, heads, history, show} from './api/listings.ts'
export type {BranchPointView, HeadsOptions, HistoryOptions, ListingOptions, ShowOptions} from './api/listings.ts'
export {downgrade, stamp, upgrade} from './api/migrate.ts'
export type {
  DowngradeOptions,
  MigrateOptions,
  MigrateResult,
  StampOptions,
  StepView,
  UpgradeOptions,
} from './api/migrate.ts'
export type {ProjectOptions} from './api/project.ts'
export {templates} from './api/templates.ts'
export type {RevisionView} from './api/views.ts'
export type {TenantReport} from './api/tenants.ts'
export type {RunEvent, StepInfo} from './runner/events.ts'
export type {
  AfterRunEvent,
  AppliedEvent,
  BeforeRunEvent,
  Hooks,
  PlannedStep,
  VersionApplyEvent,
} from './runner/hooks.ts'
