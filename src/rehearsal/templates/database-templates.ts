import {setTimeout} from 'node:timers/promises'
import {codeOf} from '../../util/error-info.ts'
import type {Connection} from '../../runner/connection/connect.ts'
import {bestOf, digestOf, outgrown, parseTemplate, templateText} from './template.ts'
import type {Contents, Template} from './template.ts'

interface KeptDatabase extends Template {
  readonly name: string
  readonly bytes: number
  readonly used: number
}

/** The beginning of the names of templates. */
const prefix = 'mig_template_'

/**
 * Templates as databases of a PostgreSQL server, which `create database … template` copies. Their comments describe them. A
 * temporary database becomes one by its last change, a new name.
 */
export class DatabaseTemplates {
  readonly #admin: Connection
  readonly #prefix: string
  readonly #environment: string
  readonly #maxSize: number

  /**
   * @param admin a connection to another database of the server
   * @param environment a digest of all that a template depends on besides its revisions
   */
  constructor(admin: Connection, root: string, environment: string, maxSize: number) {
    this.#admin = admin
    this.#prefix = `${prefix}${digestOf(root, 8)}_`
    this.#environment = environment
    this.#maxSize = maxSize
  }

  /**
   * Creates a database as a copy of the best template.
   *
   * @returns the template, and why it could not be copied, if it could not
   */
  async copy(
    database: string,
    wanted: Contents,
  ): Promise<{readonly template: KeptDatabase; readonly failure?: string} | undefined> {
    const own = `${this.#prefix}${await this.#environmentDigest()}_`
    const template = bestOf(
      (await this.#list()).filter(({name}) => name.startsWith(own)),
      wanted,
    )
    if (template === undefined) return undefined
    try {
      await this.#execute(`create database ${quote(database)} template ${quote(template.name)}`)
    } catch (error) {
      if (codeOf(error).startsWith('55006')) return {template, failure: 'others are connected to it'}
      // Another process has dropped it.
      return undefined
    }
    // That it was used is of no importance to this run.
    await this.#describe(template.name, template).catch(() => {})
    return {template}
  }

  /** Returns whether a database may become a template: a copy would not have what belongs to the database itself. */
  async mayKeep(database: string): Promise<boolean> {
    const [row] = await this.#query<{readonly own: boolean; readonly bytes: string}>(
      `select datacl is not null or exists (select from pg_db_role_setting where setdatabase = d.oid)
         or shobj_description(d.oid, 'pg_database') is not null as own, pg_database_size(d.oid) as bytes
       from pg_database d where datname = ${literal(database)}`,
    )
    return row?.own === false && Number(row.bytes) <= this.#maxSize
  }

  /** Makes a temporary database without sessions a template; returns whether it is one. */
  async keep(database: string, template: Template): Promise<boolean> {
    const members = digestOf([...template.revisions].map((entry) => entry.join(' ')).toSorted())
    const name = `${this.#prefix}${await this.#environmentDigest()}_${members}`
    try {
      await this.#describe(database, template)
      await this.#execute(`alter database ${quote(database)} allow_connections false`)
      await this.#rename(database, name)
    } catch {
      // Another process has kept the same.
      return false
    }
    for (const old of outgrown(await this.#list(), this.#maxSize)) await this.#drop(old.name)
    return true
  }

  async forget({name}: KeptDatabase): Promise<void> {
    await this.#drop(name)
  }

  /** Drops all templates of the project, and returns their number. */
  async clean(): Promise<number> {
    const rows = await this.#query<{readonly name: string}>(
      `select datname as name from pg_database where starts_with(datname, ${literal(this.#prefix)})`,
    )
    for (const {name} of rows) await this.#drop(name)
    return rows.length
  }

  /** Copies belong to a role and to a version of the server. */
  async #environmentDigest(): Promise<string> {
    const [row] = await this.#query<object>(
      `select current_user, current_setting('server_version') as version, current_setting('search_path') as path`,
    )
    return digestOf([this.#environment, row], 8)
  }

  async #list(): Promise<readonly KeptDatabase[]> {
    const rows = await this.#query<{readonly name: string; readonly comment: string | null; readonly bytes: string}>(
      `select datname as name, shobj_description(oid, 'pg_database') as comment, pg_database_size(oid) as bytes
       from pg_database where starts_with(datname, ${literal(this.#prefix)})`,
    )
    return rows.flatMap(({name, comment, bytes}) => {
      const {template, more} = parseTemplate(comment ?? '') ?? {}
      const {used = ''} = (more ?? {}) as {readonly used?: string}
      return template === undefined ? [] : [{...template, name, bytes: Number(bytes), used: Date.parse(used) || 0}]
    })
  }

  async #describe(name: string, template: Template): Promise<void> {
    const text = templateText(template, {used: new Date().toISOString()})
    await this.#execute(`comment on database ${quote(name)} is ${literal(text)}`)
  }

  /** Sessions that were just closed need a moment to end. */
  async #rename(from: string, to: string): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        await this.#execute(`alter database ${quote(from)} rename to ${quote(to)}`)
        return
      } catch (error) {
        if (!codeOf(error).startsWith('55006') || attempt === 40) throw error
        await setTimeout(50)
      }
    }
  }

  /** It may be in use by a copy, or gone. */
  async #drop(name: string): Promise<void> {
    await this.#execute(`drop database if exists ${quote(name)}`).catch(() => {})
  }

  async #execute(sql: string): Promise<void> {
    await this.#admin.em.getDriver().getConnection().execute(sql)
  }

  async #query<Row>(sql: string): Promise<readonly Row[]> {
    return this.#admin.em.getDriver().getConnection().execute<Row[]>(sql)
  }
}

function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

/** An escape string has the same meaning whatever the settings of the session. */
function literal(text: string): string {
  return `E'${text.replaceAll('\\', String.raw`\\`).replaceAll("'", "''")}'`
}
