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
export {buildRevisionGraph} from './graph/build.ts'
export type {RevisionGraph} from './graph/revision-graph.ts'

// For configurations and revision files.
export {defineConfig} from './config/define.ts'
export type {ConfigExport} from './config/define.ts'
export type {ConfigContext} from './config/load.ts'
export type {Config} from './config/config.ts'
export type {Operations, RecordedOperations, RevisionContext} from './operations/operations.ts'
export type {Dialect, Operation} from './operations/operation.ts'
// All of it, so that `declare module 'migdag'` can add to `CustomOperations`.
export * from './operations/custom.ts'
export type {ColumnBuilder, ColumnTypes} from './operations/columns/column-builder.ts'
export type {ColumnDefinition} from './operations/columns/column.ts'
export type {TableDefinition} from './operations/tables/table.ts'
export type {
  Effects,
  Inverse,
  ObjectKind,
  OperationDefinition,
  OperationRecord,
  SchemaObject,
  SqlContext,
  SqlResult,
} from './operations/definition.ts'

// The commands as functions: they return data, emit events, and print nothing.
export {
  autogenerate,
  baseline,
  blame,
  branch,
  branches,
  check,
  compareModels,
  createRevision,
  current,
  downgrade,
  ensureVersion,
  forgetSnapshots,
  gitHooks,
  heads,
  history,
  importHistory,
  init,
  installGitHooks,
  listSnapshots,
  merge,
  produceOperations,
  rebase,
  rehearse,
  show,
  squash,
  stamp,
  status,
  switchTo,
  tableLog,
  uninstallGitHooks,
  upgrade,
  verifyBaseline,
} from './api/public.ts'
export type {AutogenerateOptions, AutogenerateResult} from './autogenerate/autogenerate.ts'
export type {CompareModelsOptions, ModelDifference} from './autogenerate/compare-models.ts'
export type {RehearsalResult, RehearseOptions} from './api/runs/rehearse.ts'
export {renderRevision} from './autogenerate/render/revision.ts'
export type {RevisionOperations} from './autogenerate/render/revision.ts'
export {rewriter} from './autogenerate/rewriter.ts'
export type {Rewriter, Rules} from './autogenerate/rewriter.ts'
export type {
  ColumnComparison,
  CompareColumn,
  CustomComparator,
  Directive,
  ProcessDirectives,
} from './config/autogenerate.ts'
export type {ComparedObject, Filters} from './config/autogenerate.ts'
export type {Detected} from './autogenerate/describe.ts'
export type {Question} from './autogenerate/renames/questions.ts'
export type {UnknownObject} from './autogenerate/unknown.ts'
export type {CheckResult} from './api/checks/check.ts'
export type {Finding} from './api/checks/check-options.ts'
export type {Check, CheckOptions} from './api/checks/check-options.ts'
export type {Proof} from './api/proofs/proof.ts'
export type {CommuteCheck} from './api/checks/check-commute.ts'
export type {HeadsCheck} from './api/checks/check-heads.ts'
export type {MergeCheck} from './api/checks/merge-check.ts'
export type {Divergence, RevisionPair} from './engine/divergence.ts'
export type {ImportOptions, ImportResult} from './api/files/import-history.ts'
export type {BlameResult, TableLogResult, TableOptions} from './api/files/blame.ts'
export type {BaselineResult} from './api/files/baseline.ts'
export type {BaselineOptions} from './baseline/baseline.ts'
export type {BranchOptions, MergeOptions, MergeResult} from './api/files/create-revision.ts'
export type {CreateRevisionOptions, NewRevisionOptions, NewRevisionResult} from './engine/new-revision.ts'
export type {CurrentOptions, CurrentResult, CurrentView} from './api/runs/current.ts'
export type {TenantState} from './engine/tenants/tenant-state.ts'
export type {Bundle, BundleOptions} from './engine/bundle/bundle.ts'
export type {DatabaseOptions} from './engine/databases.ts'
export type {HooksResult} from './api/git/installed-hooks.ts'
export {MigMigrator} from './api/migrator/mig-migrator.ts'
export type {InitOptions, InitResult} from './api/init/init.ts'
export type {EffectsView} from './engine/effects.ts'
export type {
  BranchPointView,
  HeadsOptions,
  HistoryOptions,
  HistoryResult,
  ListingOptions,
  ShownRevision,
  ShowOptions,
} from './api/files/listings.ts'
export type {DowngradeOptions, StampOptions, UpgradeOptions} from './api/runs/migrate.ts'
export type {MigrateOptions} from './engine/migrate.ts'
export type {MigrateResult, StepView} from './engine/results.ts'
export type {ProjectOptions, ReadOptions} from './engine/project.ts'
export type {GitStatus, StatusResult, Unavailable} from './api/status.ts'
export type {DatabaseStatus} from './api/status-database.ts'
export type {ForgetOptions, SnapshotsResult} from './api/git/snapshots.ts'
export type {SwitchOptions, SwitchResult} from './api/git/switch.ts'
export {templates} from './api/files/templates.ts'
export type {RevisionView} from './engine/views.ts'
export type {TenantReport} from './engine/results.ts'
export type {RunEvent, StepInfo} from './runner/events.ts'
export type {
  AfterRunEvent,
  AppliedEvent,
  BeforeRunEvent,
  Hooks,
  PlannedStep,
  VersionApplyEvent,
} from './runner/lifecycle-hooks.ts'
