import type {CheckResult} from '../api/checks/check.ts'
import type {RunEvent} from '../api/events.ts'
import type {BaselineResult} from '../api/files/baseline.ts'
import type {BlameResult, TableLogResult} from '../api/files/blame.ts'
import type {BundleResult} from '../api/files/bundle.ts'
import type {MergeResult} from '../api/files/create-revision.ts'
import type {ImportResult} from '../api/files/import-history.ts'
import type {BranchPointView, HistoryResult, ShownRevision} from '../api/files/listings.ts'
import type {SquashResult} from '../api/files/squash.ts'
import type {RebaseResult} from '../api/files/rebase.ts'
import type {HookResult} from '../api/git/hook-result.ts'
import type {HooksResult} from '../api/git/installed-hooks.ts'
import type {SnapshotsResult} from '../api/git/snapshots.ts'
import type {SwitchResult} from '../api/git/switch.ts'
import type {AutogenerateResult} from '../api/models.ts'
import type {RehearsalResult} from '../api/runs/rehearse.ts'
import type {CurrentResult} from '../api/runs/current.ts'
import type {LockView} from '../api/runs/lock.ts'
import type {ScriptResult} from '../api/runs/offline.ts'
import type {PartiallyAppliedView, RepairResult} from '../api/runs/repair.ts'
import type {StatusResult} from '../api/status.ts'
import type {NewRevisionResult} from '../engine/new-revision.ts'
import type {MigrateResult} from '../engine/results.ts'
import type {RevisionView} from '../engine/views.ts'

/** The result of each command, as `--json` prints it. The schemas in `schemas.json` are generated from these types. */
export interface CommandResults {
  readonly baseline: BaselineResult
  readonly blame: BlameResult
  readonly branch: NewRevisionResult | BranchPoints
  readonly branches: BranchPoints
  readonly bundle: BundleResult
  readonly check: CheckResult
  readonly completion: {readonly script: string}
  readonly current: CurrentResult
  readonly downgrade: MigrateResult | ScriptResult
  readonly edit: {readonly revisions: readonly RevisionView[]}
  readonly 'ensure-version': {readonly created: readonly string[]} | {readonly sql: string}
  readonly heads: {readonly heads: readonly RevisionView[]}
  readonly history: HistoryResult
  readonly hooks: HooksResult | HookResult
  readonly import: ImportResult
  readonly init: WrittenFiles
  readonly lock: {readonly locks: readonly LockView[]}
  readonly log: TableLogResult
  readonly merge: MergeResult
  readonly rebase: RebaseResult
  readonly rehearse: RehearsalResult
  readonly repair: {readonly partiallyApplied: readonly PartiallyAppliedView[]} | RepairResult
  readonly revision: NewRevisionResult | AutogenerateResult
  readonly show: {readonly revisions: readonly ShownRevision[]}
  readonly squash: SquashResult
  readonly stamp: MigrateResult | ScriptResult
  readonly status: StatusResult
  readonly switch: SwitchResult | SnapshotsResult
  readonly templates: {readonly templates: readonly {readonly name: string; readonly description: string}[]}
  readonly upgrade: MigrateResult | ScriptResult
}

/** The files that were created or changed. */
type WrittenFiles =
  | {readonly created: readonly string[]; readonly changed?: readonly string[]}
  | {readonly changed: readonly string[]}

interface BranchPoints {
  readonly branchPoints: readonly BranchPointView[]
}

/** The result of a command with `--json-lines`. */
export type RunResult = CommandResults[
  | 'downgrade'
  | 'ensure-version'
  | 'import'
  | 'rebase'
  | 'repair'
  | 'stamp'
  | 'switch'
  | 'upgrade']

/** An error, as `--json` prints it. */
export interface ErrorOutput {
  readonly error: ErrorView
}

interface ErrorView {
  /** A code listed in docs/errors.md. */
  readonly code: string
  readonly message: string
  /** A command or an edit that may help. */
  readonly hint: string | null
  /** Details, which depend on the code. */
  readonly data: object | null
  /** Set by `--debug`. */
  readonly stack?: string | undefined
}

/** An event, the result or the error of a run. */
export type OutputLine = RunEvent | ({readonly kind: 'result'} & RunResult) | ({readonly kind: 'error'} & ErrorView)

/** A line that `--json-lines` prints; the last one is the result or the error. */
export type JsonLine = {
  /** Time in ISO 8601. */
  readonly time: string
} & OutputLine
