import {createHash, randomBytes} from 'node:crypto'
import {setTimeout} from 'node:timers/promises'
import {MigError} from '../../errors.ts'
import {codeOf} from '../../util/error-info.ts'
import {connect} from '../connection/connect.ts'
import type {Connection} from '../connection/connect.ts'
import {onDatabase} from '../connection/other-database.ts'
import type {OptionsSource} from '../connection/orm-options.ts'
import {SnapshotFailedError, SnapshotsLockedError} from './errors.ts'
import type {Snapshot, SnapshotStore} from './snapshot.ts'

/** Options for a connection to the server. */
interface ManagementOptions {
  /** The folder that drivers are resolved from. */
  readonly root: string
  /** The connection timeout in milliseconds. */
  readonly timeout: number
  /** The database that is connected to while others are copied and renamed. */
  readonly management: string
}

type Run = <Row>(sql: string) => Promise<readonly Row[]>

interface SessionRow {
  readonly pid: number
  readonly role: string | null
  readonly name: string | null
}

/**
 * Snapshots of a PostgreSQL database: databases of the same server, which are copied with `create database … template` and
 * exchanged by renaming. Their comments say what they are.
 */
export class DatabaseSnapshots implements SnapshotStore {
  readonly #database: string
  readonly #settings: Readonly<Record<string, unknown>>
  readonly #options: ManagementOptions

  constructor(database: string, settings: Readonly<Record<string, unknown>>, options: ManagementOptions) {
    this.#database = database
    this.#settings = settings
    this.#options = options
  }

  async list(): Promise<readonly Snapshot[]> {
    return this.#managing('Listing the snapshots', async (run) => {
      const rows = await run<{readonly name: string; readonly comment: string; readonly bytes: string}>(
        `select datname as name, shobj_description(oid, 'pg_database') as comment, pg_database_size(oid) as bytes
         from pg_database where starts_with(shobj_description(oid, 'pg_database'), ${literal(this.#title)})
           and not starts_with(datname, ${literal(this.#temporary)}) order by 1`,
      )
      return rows.flatMap(({name, comment, bytes}) => {
        const {place, kept} = remark.exec(comment.slice(this.#title.length))?.groups ?? {}
        return place === undefined || kept === undefined ? [] : [{place, kept, bytes: Number(bytes), name}]
      })
    })
  }

  async size(): Promise<number> {
    return this.#managing('Measuring the database', async (run) => {
      const [row] = await run<{readonly bytes: string}>(`select pg_database_size(${literal(this.#database)}) as bytes`)
      return Number(row?.bytes)
    })
  }

  async users(): Promise<readonly string[]> {
    return this.#managing('Looking for other sessions', async (run) => {
      for (let attempt = 1; ; attempt++) {
        const users = await this.#usersOf(this.#database, run)
        // Sessions that were just closed need a moment to end.
        if (users.length === 0 || attempt === 20) return users
        await setTimeout(50)
      }
    })
  }

  /** The lock ends with its session, so a killed process leaves none. */
  async lock(): Promise<() => Promise<void>> {
    const connection = await this.#connect()
    const run = runOn(connection)
    const key = `hashtextextended(${literal(`mig snapshots of ${this.#database}`)}, 0)`
    try {
      const name = literal('mig switch --snapshot')
      const [row] = await run<{readonly isTaken: boolean}>(
        `select pg_try_advisory_lock(${key}) as "isTaken", set_config('application_name', ${name}, false)`,
      )
      if (row?.isTaken !== true) throw new SnapshotsLockedError(this.#database, await this.#holderOf(key, run))
      return async () => connection.close()
    } catch (error) {
      await connection.close()
      throw error instanceof MigError ? error : new SnapshotFailedError('Locking the snapshots', error)
    }
  }

  async keep(place: string): Promise<void> {
    await this.#managing(`Keeping a snapshot of ${place}`, async (run) => {
      await this.#dropTemporary(run)
      const copy = this.#temporaryName()
      const [own] = await run<{readonly owner: string; readonly limit: number; readonly isTemplate: boolean}>(
        `select pg_get_userbyid(datdba) as owner, datconnlimit as limit, datistemplate as "isTemplate"
         from pg_database where datname = ${literal(this.#database)}`,
      )
      const clauses =
        own === undefined
          ? ''
          : ` owner ${quote(own.owner)} connection limit ${own.limit} is_template ${own.isTemplate}`
      await run(`create database ${quote(copy)} template ${quote(this.#database)}${clauses}`)
      try {
        await this.#copySettings(copy, run)
        await this.#copyPrivileges(copy, run)
        const comment = this.#commentOf(place, await this.#comment(this.#database, run))
        await this.#replace(place, copy, [commentOn(copy, comment)], run)
      } catch (error) {
        await drop(copy, run)
        throw error
      }
    })
  }

  async exchange(left: string, entered: string): Promise<void> {
    await this.#managing(`Bringing back the snapshot of ${entered}`, async (run) => {
      await this.#dropTemporary(run)
      const kept = this.#temporaryName()
      const source = this.#nameOf(entered)
      const [here, there] = [await this.#comment(this.#database, run), await this.#comment(source, run)]
      await this.#replace(
        left,
        kept,
        [
          rename(this.#database, kept),
          rename(source, this.#database),
          commentOn(kept, this.#commentOf(left, here)),
          commentOn(this.#database, there?.split('\n').slice(1).join('\n') ?? ''),
        ],
        run,
      )
    })
  }

  async remove({name, place}: Snapshot): Promise<void> {
    await this.#managing(`Removing the snapshot of ${place}`, async (run) => {
      await drop(name, run)
    })
  }

  async tidy(): Promise<void> {
    await this.#managing('Removing unfinished copies', async (run) => this.#dropTemporary(run))
  }

  source({name}: Snapshot): OptionsSource {
    return onDatabase({kind: 'options', options: this.#settings, from: 'a snapshot'}, name)
  }

  /** Gives a database the name of a snapshot, in one transaction with the statements before, and drops the former one. */
  async #replace(place: string, database: string, before: readonly string[], run: Run): Promise<void> {
    const name = this.#nameOf(place)
    const former = this.#temporaryName()
    const [existing] = await run<object>(`select from pg_database where datname = ${literal(name)}`)
    // The exchange itself may take it away.
    const isThere = existing !== undefined && !before.includes(rename(name, this.#database))
    // Statements of one message are one transaction.
    await run([...before, ...(isThere ? [rename(name, former)] : []), rename(database, name)].join(';\n'))
    if (isThere) await drop(former, run)
  }

  /** A copy has neither the settings nor the privileges that belong to a database. */
  async #copySettings(copy: string, run: Run): Promise<void> {
    const rows = await run<{readonly setting: string}>(
      `select unnest(setconfig) as setting from pg_db_role_setting
       where setrole = 0 and setdatabase = (select oid from pg_database where datname = ${literal(this.#database)})`,
    )
    for (const {setting} of rows) {
      const equals = setting.indexOf('=')
      const value = setting.slice(equals + 1)
      const name = setting.slice(0, equals)
      // The value of a list is already quoted.
      await run(`alter database ${quote(copy)} set ${name} to ${lists.test(name) ? value : literal(value)}`)
    }
  }

  async #copyPrivileges(copy: string, run: Run): Promise<void> {
    const rows = await run<{readonly privilege: string; readonly role: string | null; readonly isGrantable: boolean}>(
      `select privilege_type as privilege, is_grantable as "isGrantable",
         case grantee when 0 then null else pg_get_userbyid(grantee) end as role
       from pg_database, aclexplode(datacl) where datname = ${literal(this.#database)}`,
    )
    // Without any, the defaults of a new database are those of this one, too.
    if (rows.length > 0) await run(`revoke all on database ${quote(copy)} from public`)
    for (const {privilege, role, isGrantable} of rows) {
      const to = role === null ? 'public' : quote(role)
      const option = isGrantable ? ' with grant option' : ''
      await run(`grant ${privilege} on database ${quote(copy)} to ${to}${option}`)
    }
  }

  async #comment(database: string, run: Run): Promise<string | undefined> {
    const [row] = await run<{readonly comment: string | null}>(
      `select shobj_description(oid, 'pg_database') as comment from pg_database where datname = ${literal(database)}`,
    )
    return row?.comment ?? undefined
  }

  /** The comment that the database has itself comes after that of the snapshot. */
  #commentOf(place: string, own: string | undefined): string {
    const first = `${this.#title}${place}, kept ${new Date().toISOString()}`
    return own === undefined ? first : `${first}\n${own}`
  }

  get #title(): string {
    return `mig snapshot of ${this.#database} for `
  }

  #nameOf(place: string): string {
    const words = place
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, '_')
      .slice(0, 20)
    return `${firstBytes(this.#database, 26)}_mig_${words}_${digestOf(`${this.#database} ${place}`)}`
  }

  #temporaryName(): string {
    return `${this.#temporary}${randomBytes(4).toString('hex')}`
  }

  get #temporary(): string {
    return `mig_snapshot_${digestOf(this.#database)}_`
  }

  /** Drops what a killed process has left. */
  async #dropTemporary(run: Run): Promise<void> {
    const rows = await run<{readonly name: string}>(
      `select datname as name from pg_database where starts_with(datname, ${literal(this.#temporary)})`,
    )
    for (const {name} of rows) await drop(name, run)
  }

  async #usersOf(database: string, run: Run): Promise<readonly string[]> {
    const rows = await run<SessionRow>(
      `select pid, usename as role, application_name as name from pg_stat_activity
       where datname = ${literal(database)} and backend_type = 'client backend' order by pid`,
    )
    return rows.map(describeSession)
  }

  async #holderOf(key: string, run: Run): Promise<string> {
    const [session] = await run<SessionRow>(
      `select a.pid, a.usename as role, a.application_name as name from pg_locks l join pg_stat_activity a on a.pid = l.pid
       where l.locktype = 'advisory' and l.granted and l.objsubid = 1 and a.datname = current_database()
         and l.classid = (${key} >> 32 & 4294967295)::oid and l.objid = (${key} & 4294967295)::oid`,
    )
    return session === undefined ? 'it has just ended' : describeSession(session)
  }

  /** Connects to the maintenance database of the server. */
  async #connect(): Promise<Connection> {
    const {root, timeout, management} = this.#options
    const source: OptionsSource = {kind: 'options', options: this.#settings, from: 'a snapshot'}
    return connect(onDatabase(source, management), root, {timeout})
  }

  /** Runs work on the maintenance database of the server. */
  async #managing<Result>(doing: string, work: (run: Run) => Promise<Result>): Promise<Result> {
    const connection = await this.#connect()
    const run = runOn(connection)
    try {
      return await work(run)
    } catch (error) {
      const isInUse = codeOf(error).startsWith('55006')
      throw new SnapshotFailedError(doing, error, isInUse ? await this.#usersOf(this.#database, run) : [])
    } finally {
      await connection.close()
    }
  }
}

function runOn({em}: Connection): Run {
  return async (sql) => em.getDriver().getConnection().execute(sql)
}

/** A database that is a template cannot be dropped. */
async function drop(database: string, run: Run): Promise<void> {
  const [row] = await run<{readonly isTemplate: boolean}>(
    `select datistemplate as "isTemplate" from pg_database where datname = ${literal(database)}`,
  )
  if (row?.isTemplate === true) await run(`alter database ${quote(database)} is_template false`)
  await run(`drop database if exists ${quote(database)}`)
}

function describeSession({pid, role, name}: SessionRow): string {
  return `session ${pid} (${[role, name].filter(Boolean).join(', ') || 'unknown'})`
}

const remark = /^(?<place>[^\n]+), kept (?<kept>\S+)(?:\n|$)/

/** Settings that are lists of names. */
const lists = /^(?:search_path|temp_tablespaces|(?:local|session|shared)_preload_libraries)$/i

const rename = (from: string, to: string): string => `alter database ${quote(from)} rename to ${quote(to)}`

const commentOn = (database: string, text: string): string =>
  `comment on database ${quote(database)} is ${text === '' ? 'null' : literal(text)}`

function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

/** An escape string has the same meaning whatever the settings of the session. */
function literal(text: string): string {
  return `E'${text.replaceAll('\\', String.raw`\\`).replaceAll("'", "''")}'`
}

function digestOf(text: string): string {
  return createHash('sha1').update(text).digest('hex').slice(0, 8)
}

function firstBytes(text: string, length: number): string {
  return Buffer.from(text)
    .subarray(0, length)
    .toString()
    .replace(/\uFFFD+$/, '')
}
