import type {BundleOptions} from '../engine/bundle/bundle.ts'
import type {DatabaseOptions, TenantOptions, WriteOptions} from '../engine/databases.ts'
import type {NewRevisionOptions} from '../engine/new-revision.ts'
import type {ProjectOptions} from '../engine/project.ts'
import type {CompareModelsOptions} from '../autogenerate/compare-models.ts'
import * as checks from './checks/check.ts'
import * as baselines from './files/baseline.ts'
import * as blames from './files/blame.ts'
import * as revisions from './files/create-revision.ts'
import * as squashes from './files/squash.ts'
import * as projects from './init/init.ts'
import * as rebases from './files/rebase.ts'
import * as imports from './files/import-history.ts'
import * as listings from './files/listings.ts'
import * as hooks from './git/installed-hooks.ts'
import * as snapshots from './git/snapshots.ts'
import * as switches from './git/switch.ts'
import * as models from './models.ts'
import {checked} from './options.ts'
import type {OptionKinds} from './options.ts'
import * as states from './runs/current.ts'
import * as tables from './runs/ensure-version.ts'
import * as rehearsals from './runs/rehearse.ts'
import * as runs from './runs/migrate.ts'
import * as statuses from './status.ts'

const project: OptionKinds<ProjectOptions> = {cwd: 'text', config: 'text', environment: 'text', x: 'object'}
const tenants: OptionKinds<TenantOptions> = {
  tenants: 'texts',
  tenantsFile: 'text',
  parallel: 'number',
  continueOnError: 'flag',
}
const database: OptionKinds<DatabaseOptions> = {
  ...project,
  ...tenants,
  orm: 'object',
  em: 'object',
  createDatabase: 'flag',
  onEvent: 'function',
  signal: 'object',
}
const write: OptionKinds<WriteOptions> = {...database, lockTimeout: 'duration', tag: 'text'}
const unknown = {allowUnknown: 'flag'} as const
const bundled: OptionKinds<BundleOptions> = {bundle: 'object', settings: 'object'}
const plan = {...write, ...unknown, ...bundled, dryRun: 'flag'} as const
const listing = {...project, at: 'text', verbose: 'flag'} as const
const newRevision: OptionKinds<NewRevisionOptions> = {
  ...project,
  message: 'text',
  branchLabels: 'texts',
  dependsOn: 'texts',
  revisionId: 'text',
  versionPath: 'text',
  splice: 'flag',
  isSql: 'flag',
}
const compare: OptionKinds<CompareModelsOptions> = {
  ...database,
  ...unknown,
  scratch: 'flag',
  ask: 'function',
  renames: 'texts',
  drops: 'texts',
  answersFile: 'text',
}

/** Applies the target and its unapplied ancestors. */
export const upgrade = checked('upgrade', runs.upgrade, {
  ...plan,
  target: 'text or texts',
  acceptLoss: 'flag or function',
})

/** Reverts the revisions above the target. */
export const downgrade = checked(
  'downgrade',
  runs.downgrade,
  {...plan, target: 'text', baseline: 'flag', acceptLoss: 'flag or function'},
  ['target'],
)

/** Sets the recorded state of a database without running revisions. */
export const stamp = checked(
  'stamp',
  runs.stamp,
  {...write, ...bundled, dryRun: 'flag', target: 'text or texts', purge: 'flag'},
  ['target'],
)

/** Returns the current revisions of the databases. */
export const current = checked('current', states.current, {...database, ...unknown, ...bundled, verbose: 'flag'})

/** Returns the state of files, database and git. An unavailable part does not hide the rest. */
export const status = checked('status', statuses.status, {...database, ...unknown})

/** Creates missing tables of mig. */
export const ensureVersion = checked('ensureVersion', tables.ensureVersion, {...write, ...bundled})

/** Switches the database and the checkout together. */
export const switchTo = checked('switchTo', switches.switchTo, {
  ...write,
  ref: 'text',
  dryRun: 'flag',
  trust: 'flag',
  snapshot: 'flag',
  acceptLoss: 'flag or function',
})

/** Returns the snapshots of all databases. */
export const listSnapshots = checked('listSnapshots', snapshots.listSnapshots, database)

/** Deletes the snapshots of a branch or commit. */
export const forgetSnapshots = checked('forgetSnapshots', snapshots.forgetSnapshots, {...database, place: 'text'}, [
  'place',
])

/** Checks the project without changing anything. */
export const check = checked('check', checks.check, {
  ...database,
  ...unknown,
  names: 'texts',
  targets: 'texts',
  prove: 'flag',
  onto: 'text',
  headRef: 'text',
  scratch: 'flag',
  refs: 'text',
})

/** Runs revisions up, down, and up again on temporary databases, and compares the catalogues. */
export const rehearse = checked('rehearse', rehearsals.rehearse, {
  ...project,
  orm: 'object',
  em: 'object',
  onEvent: 'function',
  signal: 'object',
  range: 'text',
  all: 'flag',
  clean: 'flag',
})

/** Writes a revision that replaces a range of others, after proving that it makes the same. */
export const squash = checked(
  'squash',
  squashes.squash,
  {
    ...project,
    orm: 'object',
    em: 'object',
    onEvent: 'function',
    signal: 'object',
    range: 'text',
    message: 'text',
    branchLabels: 'texts',
    revisionId: 'text',
    versionPath: 'text',
    isSql: 'flag',
    prune: 'flag',
    force: 'flag',
  },
  ['range'],
)

/** Moves revisions that others do not have yet after those that they have. */
export const rebase = checked('rebase', rebases.rebase, {
  ...write,
  targets: 'texts',
  onto: 'text',
  replay: 'flag',
  prove: 'flag',
  dryRun: 'flag',
  acceptLoss: 'flag or function',
})

/** Compares the entities with the schema that the revisions create: one result per database. */
export const compareModels = checked('compareModels', models.compareModels, compare)

/** Returns the operations of a revision, in both directions, after the hooks of the configuration. */
export const produceOperations = checked('produceOperations', models.produceOperations, compare)

/** Writes a revision that brings the database in line with the entities. */
export const autogenerate = checked('autogenerate', models.autogenerate, {
  ...newRevision,
  ...compare,
  head: 'text',
  allowEmpty: 'flag',
  amend: 'flag',
})

/** Writes the first revision of a history from an existing database or a dump, and records it in the database. */
export const baseline = checked('baseline', baselines.baseline, {
  ...write,
  message: 'text',
  branchLabels: 'texts',
  revisionId: 'text',
  versionPath: 'text',
  isSql: 'flag',
  fromSql: 'text',
})

/** Records the baseline in databases that have exactly its schema. */
export const verifyBaseline = checked('verifyBaseline', baselines.verifyBaseline, write)

/** Writes a revision for each migration of another tool that is not imported yet. */
export const importHistory = checked(
  'importHistory',
  imports.importHistory,
  {...write, tool: 'text', folder: 'text', stamp: 'flag', table: 'text', onWritten: 'function'},
  ['tool', 'folder'],
)

/** Returns the heads of the script directory. */
export const heads = checked('heads', listings.heads, {
  ...listing,
  ...bundled,
  resolveDependencies: 'flag',
  write: 'flag',
})

/** Returns the branch points: revisions with more than one child. */
export const branches = checked('branches', listings.branches, listing)

/** Returns revisions, newest first. */
export const history = checked('history', listings.history, {
  ...database,
  ...listing,
  ...bundled,
  range: 'text',
  indicateCurrent: 'flag',
  all: 'flag',
  touches: 'text',
})

/** Returns the revisions that a target refers to. */
export const show = checked(
  'show',
  listings.show,
  {...database, at: 'text', target: 'text', effects: 'flag', diff: 'flag', elsewhere: 'flag'},
  ['target'],
)

/** Returns each part of a table with the revision that gave it its current form. */
export const blame = checked('blame', blames.blame, {...project, at: 'text', table: 'text'}, ['table'])

/** Returns the revisions that change a table, newest first. */
export const tableLog = checked('tableLog', blames.tableLog, {...project, at: 'text', table: 'text'}, ['table'])

/** Writes a new revision. */
export const createRevision = checked('createRevision', revisions.createRevision, {...newRevision, head: 'text'})

/** Writes a revision that joins branches. */
export const merge = checked(
  'merge',
  revisions.merge,
  {...newRevision, targets: 'texts', prove: 'flag', orm: 'object', em: 'object', onEvent: 'function', signal: 'object'},
  ['targets'],
)

/** Writes the first revision of a new branch. */
export const branch = checked('branch', revisions.branch, {...newRevision, name: 'text', from: 'text'}, ['name'])

/** Writes a configuration, the script directory with an editable template, and a `.gitignore` entry. */
export const init = checked('init', projects.init, {cwd: 'text', directory: 'text', template: 'text'})

/** Installs git hooks of a project. */
export const installGitHooks = checked('installGitHooks', hooks.installGitHooks, {...project, hooks: 'texts'})

/** Removes git hooks of a project. */
export const uninstallGitHooks = checked('uninstallGitHooks', hooks.uninstallGitHooks, {...project, hooks: 'texts'})

/** Returns the git hooks of a project. */
export const gitHooks = checked('gitHooks', hooks.gitHooks, project)
