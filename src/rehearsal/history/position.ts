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
import type {Connection} from '../../runner/connection/connect.ts'
import type {Session} from '../../runner/connection/session.ts'
import type {RunStep} from '../../runner/prepare.ts'
import type {Run} from '../../runner/run.ts'
import type {ScratchSource} from '../scratch.ts'
import {openScratchDatabase} from '../scratch-database.ts'

/** Reads everything of a database but mig's own tables. */
export type ReadCatalogue = (session: Session) => Promise<Snapshot>

interface Opened {
  readonly connection: Connection
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
  #applied: Set<RevisionId> = new Set()

  constructor(context: RunContext<ScriptProject>, source: ScratchSource, read: ReadCatalogue) {
    this.#context = context
    this.#source = source
    this.#read = read
  }

  get applied(): ReadonlySet<RevisionId> {
    return this.#applied
  }

  /** Applies exactly these revisions, on a new database if others are applied. */
  async moveTo(revisions: ReadonlySet<RevisionId>): Promise<void> {
    if (!this.#applied.isSubsetOf(revisions)) await this.close()
    const {graph} = this.#context.project.scripts
    const pending = graph.sorted(revisions.difference(this.#applied))
    if (pending.length > 0) await this.#run(pending, 'upgrade')
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
    const {connection, database} = await this.#open()
    const {session} = database
    const driver = driverOfClass(connection.em.getDriver().constructor)?.kind ?? session.dialect
    return `${driver} ${await serverVersion(async (sql) => session.query(sql), session.dialect)}`
  }

  /** Drops the database; the next use creates another one. */
  async close(): Promise<void> {
    const opened = this.#opened
    this.#opened = undefined
    this.#applied = new Set()
    if (opened === undefined) return
    await opened.databases.close().finally(async () => opened.connection.close())
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
    opened.isNew = false
    await runSteps(run, prepared)
    this.#applied = after
    return statements
  }

  async #open(): Promise<Opened> {
    if (this.#opened !== undefined) return this.#opened
    const connection = await openScratchDatabase(this.#context, this.#source)
    try {
      const context = {...this.#context, em: connection.em, isOwnEm: true}
      const databases = await openDatabases(context, false)
      const database = {...(databases.databases[0] as OpenDatabase), name: this.#source.name}
      const run = await runOf(context, database, {graph: context.project.scripts.graph, applied: new Set()})
      this.#opened = {connection, databases, database, run: rehearsed(run), isNew: true}
      return this.#opened
    } catch (error) {
      await connection.close()
      throw error
    }
  }
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
