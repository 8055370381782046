import {MikroORM} from '@mikro-orm/core'
import {optionsOf} from '../../../src/runner/connection/orm-options.ts'
import type {SqlOrm} from '../../../src/runner/connection/connect.ts'
import {catalogueOf} from '../catalogue.ts'
import {createDatabase} from '../databases.ts'
import type {DatabaseKind, TestDatabase} from '../databases.ts'
import type {Entities} from '../models.ts'
import {withSession} from '../session.ts'
import {clearDatabase} from './clear.ts'
import {comparable} from './comparable.ts'
import {entitiesOf} from './entity-text.ts'

/** MikroORM could not create these entities in an empty database. */
export class InvalidEntitiesError extends Error {}

/** A database whose schema is always made by MikroORM itself. */
export class ReferenceDatabase {
  readonly #database: TestDatabase
  readonly #kind: DatabaseKind
  readonly #known = new Map<string, readonly string[]>()

  private constructor(database: TestDatabase, kind: DatabaseKind) {
    this.#database = database
    this.#kind = kind
  }

  static async open(kind: DatabaseKind): Promise<ReferenceDatabase> {
    return new ReferenceDatabase(await createDatabase(kind), kind)
  }

  /**
   * Returns the catalogue of an empty database after MikroORM's schema generator created all entities.
   *
   * @throws InvalidEntitiesError
   */
  async catalogueOf(text: string): Promise<readonly string[]> {
    const known = this.#known.get(text)
    if (known !== undefined) return known
    const catalogue = await this.#catalogueOf(entitiesOf(text), extensionsOf(text))
    this.#known.set(text, catalogue)
    return catalogue
  }

  async #catalogueOf(entities: Entities, extensions: readonly string[]): Promise<readonly string[]> {
    await clearDatabase(this.#database, this.#kind)
    const source = {kind: 'options', from: 'the test', url: this.#database.url} as const
    const options = {entities, logger: () => {}, discovery: {warnWhenNoEntities: false}}
    let orm: SqlOrm | undefined
    try {
      const all = await optionsOf({...source, options}, process.cwd())
      // SQLite's driver takes one statement at a time.
      const one = {...all, multipleStatements: false} as Parameters<typeof MikroORM.init>[0]
      orm = (await MikroORM.init(one)) as unknown as SqlOrm
      for (const name of extensions) await orm.em.getConnection().execute(`create extension if not exists "${name}"`)
      await orm.schema.create()
      const connection = {em: orm.em, name: 'the reference', close: async () => {}}
      return comparable(await withSession(connection, undefined, catalogueOf), this.#kind, this.#database.url)
    } catch (error) {
      throw new InvalidEntitiesError(error instanceof Error ? error.message : String(error), {cause: error})
    } finally {
      await orm?.close(true)
    }
  }

  async close(): Promise<void> {
    await this.#database.drop()
  }
}

/** The extensions that MikroORM expects to exist for types of columns. */
function extensionsOf(text: string): readonly string[] {
  return ['citext', 'hstore', 'ltree'].filter((name) => text.includes(`columnType('${name}`))
}
