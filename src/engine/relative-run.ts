import {MigError} from '../errors.ts'
import type {Plan, Step} from '../graph/plan.ts'
import {relativeReading, resolveDowngrade} from '../graph/resolve.ts'
import type {RevisionId} from '../graph/revision.ts'
import type {RevisionGraph} from '../graph/revision-graph.ts'
import {formatTarget, readPlanTargets} from '../graph/target.ts'
import type {Target} from '../graph/target.ts'
import type {RunEvent} from '../runner/events.ts'
import {shellWord} from '../util/shell.ts'
import {capitalized, listOf} from '../util/text.ts'
import type {WriteOptions} from './databases.ts'
import type {Migration, Planned, Request} from './plan-migration.ts'
import type {TenantReport} from './results.ts'
import {selectionFlags} from './tenants/selection-flags.ts'
import {isPartial, TenantsFailedError, TenantsInterruptedError} from './tenants/tenant-errors.ts'

/** The plan for one database. */
interface DatabasePlan extends Pick<Planned<Plan>, 'graph' | 'applied'> {
  readonly tenant: string | undefined
  readonly steps: readonly Step[]
}

type RelativeMigration = Pick<Migration<Plan>, 'command' | 'plan'>
type RelativeRequest = Pick<Request<Plan>, 'targets' | 'dryRun'> & {readonly migration: RelativeMigration}

/** More tenants than these are not listed in a command. */
const longestList = 50

/**
 * A run whose target counts from the current revision, such as `-1`. The same command would count from where the failed run
 * left each database, so its errors name commands that finish the run and do nothing more.
 */
export class RelativeRun {
  readonly #migration: RelativeMigration
  readonly #targets: readonly Target[]
  readonly #options: WriteOptions
  readonly #plans: DatabasePlan[] = []
  /** The number of steps done, by tenant. */
  readonly #done = new Map<string | undefined, number>()

  private constructor({migration, targets}: RelativeRequest, options: WriteOptions) {
    this.#migration = migration
    this.#targets = targets
    this.#options = options
  }

  /** Returns the run, if its target counts from the current revision. */
  static of(graph: RevisionGraph, request: RelativeRequest, options: WriteOptions): RelativeRun | undefined {
    const {migration, targets, dryRun} = request
    const counts = targets.map((target) => relativeReading(graph, target))
    const isRelative = counts.some((count) => count !== undefined && count.from === undefined)
    // A stamp of a relative target is refused where anything is applied.
    return isRelative && !dryRun && migration.command !== 'stamp' ? new RelativeRun(request, options) : undefined
  }

  /** Records the plan for a database. */
  planned(tenant: string | undefined, {graph, applied, plan}: Planned<Plan>): void {
    this.#plans.push({tenant, graph, applied, steps: plan.steps})
  }

  /** Records what is done. */
  hear(event: RunEvent): void {
    if (event.kind === 'step-done' && event.direction !== 'stamp')
      this.#done.set(event.tenant, (this.#done.get(event.tenant) ?? 0) + 1)
  }

  /** Returns an error of the run with a hint that names how to finish it. */
  explain(error: unknown): unknown {
    if (!(error instanceof MigError)) return error
    const hint =
      error instanceof TenantsFailedError || error instanceof TenantsInterruptedError
        ? this.#hintForTenants(error, error.reports)
        : this.#hintForDatabases(error)
    if (hint === undefined) return error
    return new MigError(error.code, error.message, {hint, data: error.data, cause: error})
  }

  #hintForDatabases(error: MigError): string | undefined {
    const done = this.#done.get(undefined) ?? 0
    const total = this.#plans.reduce((sum, {steps}) => sum + steps.length, 0)
    const isUnchanged = done === 0 && !isPartial({error}) && error.code !== 'INTERRUPTED'
    if (done === total || isUnchanged) return undefined
    const target = this.#absoluteFor(this.#plans, true)
    return this.#hint(error, target === undefined ? [] : [this.#command(target, this.#options)], isPartial({error}))
  }

  #hintForTenants(error: MigError, reports: readonly TenantReport[]): string | undefined {
    const isUnchanged = this.#done.size === 0 && !reports.some(isPartial) && error.code !== 'INTERRUPTED'
    if (isUnchanged) return undefined
    const left = reports.filter(
      ({status}) => status === 'failed' || status === 'interrupted' || status === 'not started',
    )
    return this.#hint(error, this.#commandsFor(reports, left), left.some(isPartial))
  }

  /** Returns the commands that do what is left: one for all tenants if they come to the same revision. */
  #commandsFor(reports: readonly TenantReport[], left: readonly TenantReport[]): readonly string[] {
    const plans = reports.map(({tenant}) => this.#planOf(tenant))
    const known = plans.filter((plan) => plan !== undefined)
    const common = known.length === plans.length ? this.#absoluteFor(known, true) : undefined
    if (common !== undefined) return [this.#command(common, this.#options)]
    const byTarget = Map.groupBy(left, (report) => this.#targetFor(report))
    byTarget.delete(undefined)
    return [...byTarget].map(([target = '', tenants]) => {
      const names = tenants.map(({tenant}) => tenant)
      const isMissing = tenants.some(({error}) => error?.code === 'TENANT_MISSING')
      const options = names.length > longestList ? {tenantsFile: 'FILE'} : {tenants: names}
      return this.#command(target, {createDatabase: isMissing || this.#options.createDatabase, ...options})
    })
  }

  /** Returns the target that finishes the run for a tenant, if one is known. */
  #targetFor({tenant, error}: TenantReport): string | undefined {
    const plan = this.#planOf(tenant)
    const target = plan && this.#absoluteFor([plan], false)
    const isChanged = this.#done.has(tenant) || isPartial({error})
    return target ?? (isChanged ? undefined : formatTarget(this.#target))
  }

  #planOf(name: string): DatabasePlan | undefined {
    return this.#plans.find(({tenant}) => tenant === name)
  }

  /**
   * Returns an absolute target that means the same for all of these databases.
   *
   * @param isForDone whether it must change nothing where the run is done
   */
  #absoluteFor(plans: readonly DatabasePlan[], isForDone: boolean): string | undefined {
    const candidates = new Set(plans.flatMap((plan) => this.#candidatesFor(plan)))
    return [...candidates].find((target) =>
      plans.every(
        ({graph, applied, steps}) =>
          this.#does(target, {graph, applied}, steps) &&
          (!isForDone || this.#does(target, {graph, applied: appliedAfter(applied, steps)}, [])),
      ),
    )
  }

  #candidatesFor({graph, applied, steps}: DatabasePlan): readonly string[] {
    if (this.#migration.command === 'upgrade') return steps.slice(-1).map(({revision}) => revision)
    const {place, branch} = resolveDowngrade(graph, this.#target, applied)
    const name = place ?? 'base'
    return branch === undefined ? [name] : [name, `${branch}@${name}`]
  }

  /** Returns whether these steps are the plan for a target. */
  #does(target: string, {graph, applied}: Pick<DatabasePlan, 'graph' | 'applied'>, steps: readonly Step[]): boolean {
    try {
      const plan = this.#migration.plan(graph, applied, readPlanTargets(target))
      return plan.steps.map(({revision}) => revision).join(' ') === steps.map(({revision}) => revision).join(' ')
    } catch (error) {
      if (error instanceof MigError) return false
      throw error
    }
  }

  #command(target: string, options: Pick<WriteOptions, 'tenants' | 'tenantsFile' | 'createDatabase'>): string {
    const create = options.createDatabase ? ' --create-database' : ''
    return `\`mig ${this.#migration.command} ${shellWord(target)}${selectionFlags(options)}${create}\``
  }

  #hint({code}: MigError, commands: readonly string[], hasPartial: boolean): string {
    const finish = commands.length === 0 ? 'pass a revision as the target' : `run ${listOf(commands)}`
    const repair = 'run `mig repair` to see how to resume or resolve partially applied revisions, then '
    const first = code === 'INTERRUPTED' ? '' : 'Fix the cause, '
    const text = capitalized(`${first}${hasPartial ? repair : first === '' ? '' : 'then '}${finish}.`)
    const places = this.#plans.some(({tenant}) => tenant !== undefined) ? 'tenant' : 'database'
    return `${text} Do not run the same command again: ${formatTarget(this.#target)} would count from where each ${places} is now.`
  }

  get #target(): Target {
    const [target] = this.#targets
    if (target === undefined) throw new RangeError('there is no target')
    return target
  }
}

function appliedAfter(applied: ReadonlySet<RevisionId>, steps: readonly Step[]): ReadonlySet<RevisionId> {
  const after = new Set(applied)
  for (const {direction, revision} of steps)
    if (direction === 'downgrade') after.delete(revision)
    else after.add(revision)
  return after
}
