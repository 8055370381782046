import {readFileSync} from 'node:fs'
import {basename, join} from 'node:path'
import type {
  IMigrator,
  IMigratorStorage,
  MaybePromise,
  MigrateOptions,
  MigrationInfo,
  MigrationResult,
  MigrationRow,
  MigratorEvent,
  MikroORM,
  Transaction,
} from '@mikro-orm/core'
import type {AbstractSqlDriver, SqlEntityManager} from '@mikro-orm/sql'
import {headsOf} from '../../graph/applied.ts'
import type {RevisionId} from '../../graph/revision.ts'
import type {RevisionGraph} from '../../graph/revision-graph.ts'
import {openScripts} from '../../engine/project.ts'
import type {ScriptProject} from '../../engine/project.ts'
import type {StepView} from '../../engine/results.ts'
import type {RunEvent} from '../../runner/events.ts'
import type {ScriptRevision} from '../../script/revision-file.ts'
import {MigratorUnsupportedError} from '../errors.ts'
import {autogenerate, compareModels} from '../models.ts'
import {createRevision} from '../files/create-revision.ts'
import {current} from '../runs/current.ts'
import {downgrade, stamp, upgrade} from '../runs/migrate.ts'
import type {ExecutedRow} from './executed-rows.ts'
import {watchSchema} from './schema-drop.ts'

type Listener = (event: MigrationInfo) => MaybePromise<void>
type Wanted = string | readonly string[] | MigrateOptions | undefined

/** A migrator of MikroORM whose migrations are revisions, named by their files without extension or by their ids. */
export class HistoryMigrator implements IMigrator {
  readonly #orm: MikroORM<AbstractSqlDriver>
  readonly #listeners = new Map<MigratorEvent, Set<Listener>>()

  constructor(orm: MikroORM<AbstractSqlDriver>) {
    this.#orm = orm
    // An extension that was registered later may have replaced the generator that is watched.
    watchSchema(orm, orm.schema)
  }

  /**
   * Applies all revisions, or those that are named and the ones they stand on.
   *
   * @throws MigError as `upgrade`; MIGRATOR_UNSUPPORTED
   */
  async up(options?: string | string[] | MigrateOptions): Promise<MigrationInfo[]> {
    const {names, to, transaction} = this.#wanted(options, 'up')
    // After its database is dropped, the ORM is connected to another one.
    if (transaction === undefined) await this.#orm.schema.ensureDatabase({forceCheck: true})
    const graph = await this.#graph()
    const target = (names ?? (to === undefined ? undefined : [to]))?.map((name) => targetOf(graph, name)) ?? 'heads'
    return this.#run('up', graph, async (run) => (await upgrade({...run, target})).steps, transaction)
  }

  /**
   * Reverts the last revision, those that are named, or all above the one that `to` names; `to: 0` means all.
   *
   * @throws MigError as `downgrade`; MIGRATOR_UNSUPPORTED
   */
  async down(options?: string | string[] | Omit<MigrateOptions, 'from'>): Promise<MigrationInfo[]> {
    const {names, to, transaction} = this.#wanted(options, 'down')
    const graph = await this.#graph()
    const target = to === undefined ? '-1' : to === '0' ? 'base' : targetOf(graph, to)
    const reverted = names?.map((name) => targetOf(graph, name))
    return this.#run(
      'down',
      graph,
      async (run) => {
        if (reverted === undefined) return (await downgrade({...run, target})).steps
        const steps: StepView[] = []
        // A named revision is reverted alone: the plan refuses if others stand on it.
        for (const revision of reverted) steps.push(...(await this.#revertOne(run, graph, revision)))
        return steps
      },
      transaction,
    )
  }

  async #revertOne(
    run: RunOptions,
    graph: RevisionGraph<ScriptRevision>,
    revision: RevisionId,
  ): Promise<readonly StepView[]> {
    const target = `${revision}@-1`
    const {steps} = await downgrade({...run, target, dryRun: true})
    const others = steps.filter((step) => step.revision !== revision).map((step) => nameOf(graph, step.revision))
    if (others.length > 0)
      throw new MigratorUnsupportedError(
        `down('${revision}') would also revert ${others.join(', ')}`,
        'Name the revision to go back to: `down({to: …})`.',
      )
    return (await downgrade({...run, target})).steps
  }

  /** Returns the revisions that are not applied, in the order of an upgrade. */
  async getPending(): Promise<MigrationInfo[]> {
    const graph = await this.#graph()
    const {pending} = await current(this.#options())
    return pending.map((id) => this.#infoOf(graph, id))
  }

  /** Returns the applied revisions, in the order in which they were applied. */
  async getExecuted(): Promise<MigrationRow[]> {
    const project = await openScripts(this.#options())
    const rows = await this.#executed(project)
    return rows.map(({revision, appliedAt}, i) => ({
      id: i + 1,
      name: nameOf(project.scripts.graph, revision),
      executed_at: appliedAt,
    }))
  }

  /** Returns whether the entities differ from what the revisions make. */
  async checkSchema(): Promise<boolean> {
    const differences = await compareModels(this.#options())
    return differences.some(({operations}) => operations.length > 0)
  }

  /**
   * Writes a revision with the differences between entities and database, or an empty one.
   *
   * @throws MigError as `autogenerate`; MIGRATOR_UNSUPPORTED
   */
  async create(path?: string, blank = false, initial = false, name?: string): Promise<MigrationResult> {
    if (initial) return this.createInitial()
    const place = {message: name ?? 'migration', ...(path !== undefined && {versionPath: path})}
    const {revision} = blank
      ? await createRevision({...this.#options(), ...place})
      : await autogenerate({...this.#options(), ...place})
    if (revision === null) return {fileName: '', code: '', diff: {up: [], down: []}}
    const {revision: id, file} = revision
    const {steps} = await upgrade({...this.#options(), target: id, dryRun: true})
    const up = steps.find((step) => step.revision === id)?.statements ?? []
    const code = file === null ? '' : readFileSync(join(this.#root, file), 'utf8')
    return {fileName: file ?? '', code, diff: {up: [...up], down: []}}
  }

  /** @throws MigError MIGRATOR_UNSUPPORTED */
  async createInitial(): Promise<MigrationResult> {
    throw new MigratorUnsupportedError(
      'createInitial() is not supported',
      'In an empty database, use `create()`; docs/existing-database.md tells of one that has tables.',
    )
  }

  /** @throws MigError MIGRATOR_UNSUPPORTED */
  async rollup(): Promise<MigrationResult> {
    throw new MigratorUnsupportedError('rollup() is not supported', 'Revisions that are applied somewhere stay.')
  }

  /** Calls a listener before or after each revision; listeners are awaited when the run has ended. */
  on(event: MigratorEvent, listener: Listener): this {
    const listeners = this.#listeners.get(event) ?? new Set()
    this.#listeners.set(event, listeners.add(listener))
    return this
  }

  off(event: MigratorEvent, listener: Listener): this {
    this.#listeners.get(event)?.delete(listener)
    return this
  }

  /** Records a revision and its ancestors as applied. */
  async logMigration(name: string): Promise<void> {
    const graph = await this.#graph()
    await stamp({...this.#options(), target: targetOf(graph, name)})
  }

  /**
   * Records a revision as not applied.
   *
   * @throws MigError as `stamp`
   */
  async unlogMigration(name: string): Promise<void> {
    const project = await openScripts(this.#options())
    const {graph} = project.scripts
    const revision = targetOf(graph, name)
    const rest = (await this.#executed(project)).filter((row) => row.revision !== revision)
    const heads = headsOf(
      graph,
      rest.map((row) => row.revision),
    )
    await stamp({...this.#options(), target: heads.length === 0 ? 'base' : heads})
  }

  getStorage(): IMigratorStorage {
    return {
      executed: async () => (await this.getExecuted()).map(({name}) => name),
      getExecutedMigrations: async () => this.getExecuted(),
      logMigration: async ({name}) => this.logMigration(String(name)),
      unlogMigration: async ({name}) => this.unlogMigration(String(name)),
      getMigrationName: (name) => withoutExtension(name),
      setMasterMigration: refuseTransaction,
      unsetMasterMigration: () => {},
    }
  }

  get #root(): string {
    return this.#orm.config.get('baseDir')
  }

  #em(transaction?: Transaction): SqlEntityManager {
    const em = this.#orm.em.fork()
    if (transaction !== undefined) em.setTransactionContext(transaction)
    return em
  }

  #options(transaction?: Transaction): RunOptions {
    return {cwd: this.#root, em: this.#em(transaction)}
  }

  async #executed(project: ScriptProject): Promise<readonly ExecutedRow[]> {
    const {executedRows} = await import('./executed-rows.ts')
    return executedRows(project, this.#em())
  }

  async #graph(): Promise<RevisionGraph<ScriptRevision>> {
    return (await openScripts(this.#options())).scripts.graph
  }

  #wanted(options: Wanted, method: 'up' | 'down'): WantedMigrations {
    if (typeof options === 'string') return {names: [options]}
    if (isList(options)) return {names: options}
    const {from, to, migrations, transaction, schema} = options ?? {}
    if (from !== undefined)
      throw new MigratorUnsupportedError(
        `${method}({from}) is not supported`,
        'The database knows where it is: leave it out.',
      )
    if (schema !== undefined)
      throw new MigratorUnsupportedError(`${method}({schema}) is not supported`, 'Set `tenants` in the configuration.')
    return {
      ...(migrations !== undefined && {names: migrations}),
      ...(to !== undefined && {to: String(to)}),
      ...(transaction !== undefined && {transaction}),
    }
  }

  async #run(
    direction: 'up' | 'down',
    graph: RevisionGraph<ScriptRevision>,
    run: (options: RunOptions) => Promise<readonly StepView[]>,
    transaction?: Transaction,
  ): Promise<MigrationInfo[]> {
    const told: Promise<void>[] = []
    const tell = (event: MigratorEvent, revision: RevisionId): void => {
      for (const listener of this.#listeners.get(event) ?? [])
        told.push(Promise.resolve(listener(this.#infoOf(graph, revision))))
    }
    const [before, after] =
      direction === 'up' ? (['migrating', 'migrated'] as const) : (['reverting', 'reverted'] as const)
    const onEvent = (event: RunEvent): void => {
      if (event.kind === 'step-start') tell(before, event.revision)
      if (event.kind === 'step-done') tell(after, event.revision)
    }
    const steps = await run({...this.#options(transaction), onEvent})
    await Promise.all(told)
    return steps.map(({revision}) => this.#infoOf(graph, revision))
  }

  #infoOf(graph: RevisionGraph<ScriptRevision>, id: RevisionId): MigrationInfo {
    return {name: nameOf(graph, id), ...(graph.has(id) && {path: join(this.#root, graph.get(id).file)})}
  }
}

/** The options of a run. */
interface RunOptions {
  readonly cwd: string
  readonly em: SqlEntityManager
  readonly onEvent?: (event: RunEvent) => void
}

function refuseTransaction(): never {
  throw new MigratorUnsupportedError('transactions of the storage are not supported', 'Use `up({transaction})`.')
}

interface WantedMigrations {
  readonly names?: readonly string[]
  readonly to?: string
  readonly transaction?: Transaction
}

function isList(value: Wanted): value is readonly string[] {
  return Array.isArray(value)
}

/** Returns the name of a revision as MikroORM names migrations: that of its file. */
function nameOf(graph: RevisionGraph<ScriptRevision>, id: RevisionId): string {
  return graph.has(id) ? withoutExtension(basename(graph.get(id).file)) : id
}

/** Returns a target for the name of a file, or the text itself, which may be any target. */
function targetOf(graph: RevisionGraph<ScriptRevision>, name: string): string {
  const wanted = withoutExtension(name)
  return graph.topological.find((id) => nameOf(graph, id) === wanted) ?? wanted
}

function withoutExtension(name: string): string {
  return name.replace(/\.(?:[cm]?[jt]s|sql)$/, '')
}
