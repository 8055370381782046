import {MikroORM} from '@mikro-orm/core'
import type {AnyEntity, EntitySchema} from '@mikro-orm/core'
import {autogenerate} from '../../src/autogenerate/autogenerate.ts'
import type {AutogenerateOptions, AutogenerateResult} from '../../src/autogenerate/autogenerate.ts'
import {downgrade, upgrade} from '../../src/api/runs/migrate.ts'
import type {SqlOrm} from '../../src/runner/connection/connect.ts'
import {withSession} from './session.ts'
import {optionsOf} from '../../src/runner/connection/orm-options.ts'
import {catalogueOf} from './catalogue.ts'
import {clearDatabase} from './changes/clear.ts'
import {createDatabase} from './databases.ts'
import type {DatabaseKind, TestDatabase} from './databases.ts'
import {Folder} from './folder.ts'

export type Entities = readonly (EntitySchema<AnyEntity> | EntitySchema | object)[]

/** A project with entities, and a database that it is on. */
export class ModelProject {
  readonly folder = new Folder().write({'mig.config.js': 'export default {}\n', 'migrations/versions/.gitkeep': ''})
  readonly database: TestDatabase
  #orm: SqlOrm | undefined
  readonly #written: string[] = []

  readonly #kind: DatabaseKind

  private constructor(database: TestDatabase, kind: DatabaseKind) {
    this.database = database
    this.#kind = kind
  }

  static async open(kind: DatabaseKind): Promise<ModelProject> {
    return new ModelProject(await createDatabase(kind), kind)
  }

  get cwd(): string {
    return this.folder.path
  }

  get orm(): SqlOrm {
    if (this.#orm === undefined) throw new Error('there are no entities yet')
    return this.#orm
  }

  /** Takes other entities. */
  async use(entities: Entities, options: object = {}): Promise<void> {
    await this.#orm?.close(true)
    const source = {kind: 'options', from: 'the test', url: this.database.url} as const
    const all = await optionsOf(
      {...source, options: {entities, logger: () => {}, discovery: {warnWhenNoEntities: false}, ...options}},
      process.cwd(),
    )
    this.#orm = (await MikroORM.init(all as Parameters<typeof MikroORM.init>[0])) as unknown as SqlOrm
  }

  async generate(options: AutogenerateOptions = {}): Promise<AutogenerateResult> {
    const result = await autogenerate({cwd: this.cwd, orm: this.orm, message: 'generated', ...options})
    if (result.revision?.file) this.#written.push(result.revision.file)
    return result
  }

  async upgrade(): Promise<void> {
    await upgrade({cwd: this.cwd, orm: this.orm})
  }

  async downgrade(target: string): Promise<void> {
    await downgrade({cwd: this.cwd, orm: this.orm, target})
  }

  /** Forgets all revisions. */
  removeRevisions(): void {
    for (const file of this.folder.list('migrations/versions')) this.folder.remove(file)
  }

  /** Forgets all entities and revisions, and drops everything in the database. */
  async clear(): Promise<void> {
    await this.#orm?.close(true)
    this.#orm = undefined
    this.removeRevisions()
    await clearDatabase(this.database, this.#kind)
  }

  /** Forgets the revision that was generated last. */
  removeLast(): void {
    const file = this.#written.pop()
    if (file !== undefined) this.folder.remove(file)
  }

  /** Returns all that the database says of its schema, mig's own tables left out. */
  async catalogue(): Promise<readonly string[]> {
    const connection = {em: this.orm.em, name: 'the test', close: async () => {}}
    const lines = await withSession(connection, undefined, catalogueOf)
    return lines.filter((line) => !/\bmig_(?:version|log)/.test(line))
  }

  /** Runs statements, with the entities of the project or, before there are any, without. */
  async query(...statements: readonly string[]): Promise<void> {
    if (this.#orm === undefined) await this.database.query(...statements)
    else for (const sql of statements) await this.#orm.em.getConnection().execute(sql)
  }

  async rows(sql: string): Promise<readonly object[]> {
    return (await this.orm.em.getConnection().execute(sql)) as object[]
  }

  /** Returns the text of the last revision that was written. */
  read({revision}: AutogenerateResult): string {
    return this.folder.read(revision?.file ?? '')
  }

  async close(): Promise<void> {
    await this.#orm?.close(true)
    await this.database.drop()
  }
}
