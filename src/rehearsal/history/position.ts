import type {Snapshot} from '../../catalogue/snapshot/snapshot.ts'
import {serverVersion} from '../../catalogue/snapshot/read.ts'
import {driverOfClass} from '../../dialects/drivers.ts'
import {openDatabases} from '../../engine/databases.ts'
import type {OpenDatabase, OpenDatabases} from '../../engine/databases.ts'
import {runOf} from '../../engine/migrate.ts'
import type {ScriptProject} from '../../engine/project.ts'
import type {RunContext} from '../../engine/run-context.ts'
import {headsOf} from '../../graph/applied.ts'
import type {RevisionId} from '../../graph/revision.ts'
import type {Session} from '../../runner/connection/session.ts'
import type {PreparedStep, RunStep} from '../../runner/prepare.ts'
import {OutsideError} from '../errors.ts'
import type {Run} from '../../runner/run.ts'
import type {ScratchSource} from '../scratch.ts'
import {openScratchDatabase} from '../scratch-database.ts'
import type {ScratchDatabase} from '../scratch-database.ts'
import {contentsOf} from '../templates/contents.ts'
import type {Contents, Template} from '../templates/template.ts'
import {once} from '../../util/once.ts'

/** Reads everything of a database but mig's own tables. */
export type ReadCatalogue = (session: Session) => Promise<Snapshot>

interface Opened {
  readonly scratch: ScratchDatabase
  readonly databases: OpenDatabases
  readonly database: OpenDatabase
  readonly run: Run
  isNew: boolean
}

/** A temporary database and the revisions that are applied to it. */
export class Position {
  readonly #context: RunContext<ScriptProject>
  readonly #source: ScratchSource
  readonly #read: ReadCatalogue
  #opened: Opened | undefined
  #applied: ReadonlySet<RevisionId> = new Set()
  readonly #contents: () => Promise<Contents>
  /** Whether this position may keep a template: one is enough, and copies take time and space. */
  #mayKeep = true

  constructor(context: RunContext<ScriptProject>, source: ScratchSource, read: ReadCatalogue) {
    this.#context = context
    this.#source = source
    this.#read = read
    this.#contents = once(async () => contentsOf(context.project))
  }

  get applied(): ReadonlySet<RevisionId> {
    return this.#applied
  }

  /** Applies exactly these revisions, on a new database if others are applied. */
  async moveTo(revisions: ReadonlySet<RevisionId>): Promise<void> {
    if (!this.#applied.isSubsetOf(revisions)) await this.close()
    const isNew = this.#opened === undefined
    if (revisions.size > 0) await this.#open(revisions)
    if (isNew && this.#mayKeep) await this.#replayAndKeep(revisions)
    await this.#upgradeTo(revisions)
  }

  async #upgradeTo(revisions: ReadonlySet<RevisionId>): Promise<readonly string[]> {
    const pending = this.#context.project.scripts.graph.sorted(revisions.difference(this.#applied))
    return pending.length > 0 ? this.#run(pending, 'upgrade') : []
  }

  /** Applies those revisions whose result can be kept, and keeps it if that saves much. */
  async #replayAndKeep(revisions: ReadonlySet<RevisionId>): Promise<void> {
    const contents = await this.#contents()
    const {graph} = this.#context.project.scripts
    const kept = new Map<RevisionId, string>()
    for (const id of graph.sorted(revisions)) {
      const content = contents.get(id)
      if (content !== undefined && graph.parents(id).every((parent) => kept.has(parent))) kept.set(id, content)
    }
    if (kept.size === 0 || !this.#applied.isSubsetOf(new Set(kept.keys()))) return
    const statements = await this.#upgradeTo(new Set(kept.keys()))
    if (statements.length < leastStatements) return
    this.#mayKeep = false
    const {scratch, databases, database} = await this.#open()
    const template = {revisions: kept, version: await versionOf(database.session)}
    if ((await scratch.keep?.(template, async () => databases.close())) !== true) return
    this.#opened = undefined
    this.#applied = new Set()
    await this.#open(revisions)
  }

  /** Runs a revision and returns its statements. */
  async run(revision: RevisionId, direction: RunStep['direction']): Promise<readonly string[]> {
    return this.#run([revision], direction)
  }

  async session(): Promise<Session> {
    return (await this.#open()).database.session
  }

  async catalogue(): Promise<Snapshot> {
    return this.#read(await this.session())
  }

  /** Returns the kind and the version of the temporary database. */
  async description(): Promise<string> {
    const {scratch, database} = await this.#open()
    const {session} = database
    const driver = driverOfClass(scratch.connection.em.getDriver().constructor)?.kind ?? session.dialect
    return `${driver} ${await versionOf(session)}`
  }

  /** Drops the database; the next use creates another one. */
  async close(): Promise<void> {
    const opened = this.#opened
    this.#opened = undefined
    this.#applied = new Set()
    if (opened === undefined) return
    await opened.databases.close().finally(async () => opened.scratch.connection.close())
  }

  async #run(revisions: readonly RevisionId[], direction: RunStep['direction']): Promise<readonly string[]> {
    const opened = await this.#open()
    const {graph} = this.#context.project.scripts
    const start = new Set(this.#applied)
    const after = new Set(start)
    const steps = revisions.map((revision): RunStep => {
      if (direction === 'upgrade') after.add(revision)
      else after.delete(revision)
      return {direction, revision, heads: headsOf(graph, after)}
    })
    const statements: string[] = []
    const run: Run = {
      ...opened.run,
      start: {applied: start, missing: opened.isNew ? opened.run.start.missing : []},
      caller: {
        onEvent: (event) => {
          if (event.kind === 'statement') statements.push(event.sql)
        },
        signal: this.#context.signal,
      },
    }
    const {prepareRun, runSteps} = await import('../../runner/runner.ts')
    const prepared = await prepareRun(run, steps)
    refuseOutside(prepared, opened.scratch.guard)
    opened.isNew = false
    await runSteps(run, prepared)
    this.#applied = after
    return statements
  }

  /** @param revisions the revisions that a new database is for */
  async #open(revisions: ReadonlySet<RevisionId> = new Set()): Promise<Opened> {
    if (this.#opened !== undefined) return this.#opened
    const wanted = new Map([...(await this.#contents())].filter(([id]) => revisions.has(id)))
    const opened = (await this.#openCopy(wanted)) ?? (await this.#openFrom(new Map()))
    this.#opened = opened
    this.#applied = new Set(opened.scratch.template?.revisions.keys())
    return opened
  }

  /** Opens a copy of a template; a template that is not as described is forgotten. */
  async #openCopy(wanted: Contents): Promise<Opened | undefined> {
    if (wanted.size === 0) return undefined
    let scratch: ScratchDatabase | undefined
    try {
      scratch = await openScratchDatabase(this.#context, this.#source, wanted)
      const opened = await this.#using(scratch)
      const {template} = scratch
      if (template === undefined || (await isAsDescribed(opened.database, template))) return opened
      await opened.databases.close()
      await scratch.connection.close()
    } catch (error) {
      if (this.#context.signal?.aborted || scratch?.template === undefined) throw error
    }
    await scratch.template?.forget()
    return undefined
  }

  async #openFrom(wanted: Contents): Promise<Opened> {
    return this.#using(await openScratchDatabase(this.#context, this.#source, wanted))
  }

  async #using(scratch: ScratchDatabase): Promise<Opened> {
    const {connection} = scratch
    let databases: OpenDatabases | undefined
    try {
      const context = {...this.#context, em: connection.em, isOwnEm: true}
      databases = await openDatabases(context, false)
      const database = {...(databases.databases[0] as OpenDatabase), name: this.#source.name}
      const {graph} = context.project.scripts
      const run = await runOf(context, database, {graph, applied: new Set()})
      return {scratch, databases, database, run: rehearsed(run), isNew: true}
    } catch (error) {
      await databases?.close()
      await connection.close()
      throw error
    }
  }
}

/** A template is kept if it saves at least this number of statements: a copy takes as long as some dozens. */
const leastStatements = 100

async function versionOf(session: Session): Promise<string> {
  return serverVersion(async (sql) => session.query(sql), session.dialect)
}

async function isAsDescribed(database: OpenDatabase, {revisions, version}: Template): Promise<boolean> {
  const applied = new Set(database.state.applied.map(({revision}) => revision))
  const isSame = applied.size === revisions.size && [...applied].every((id) => revisions.has(id))
  return isSame && (await versionOf(database.session)) === version
}

/** Returns a run that calls no hooks: they are for the databases of the project. */
function rehearsed(run: Run): Run {
  return {
    ...run,
    context: {...run.context, rehearsing: true},
    policy: {...run.policy, hooks: {}},
    // No other run uses the database.
    fence: [],
  }
}

/** @throws MigError REVISION_FAILED if a statement would change more than the temporary database */
function refuseOutside(prepared: readonly PreparedStep[], guard: ScratchDatabase['guard']): void {
  for (const {step, statements} of prepared)
    for (const {sql} of statements) {
      const outside = guard?.outside(sql)
      if (outside !== undefined) throw new OutsideError(step.revision, outside)
    }
}
