import {ImportRefusedError} from '../errors.ts'
import {messageOfName, namesIn} from '../folder.ts'
import type {ForeignMigration, Tool} from '../history.ts'
import {codeMigration, isCode} from '../record-code.ts'
import type {MigrationCode, Recording, RunCode} from '../record-code.ts'

/** The methods of MikroORM's class `Migration` that are used. */
interface Migration {
  up(): unknown
  down(): unknown
  getQueries(): readonly unknown[]
  isTransactional(): boolean
}

type MigrationClass = new (driver: unknown, config: unknown) => Migration

export const mikroOrm: Tool = {
  title: 'MikroORM',
  table: 'mikro_orm_migrations',
  files: {pattern: /^(?![^/]*\.d\.[cm]?ts$)[^/]+\.[cm]?[jt]s$/, described: 'there is no .ts or .js file'},
  async read(folder) {
    const migrations: ForeignMigration[] = []
    for (const file of namesIn(folder, 'file').filter(isCode)) {
      const name = file.replace(/\.[cm]?[jt]s$/, '')
      const migration = await codeMigration(folder, {name, id: name, message: messageOfName(name), file}, (module) => {
        const found = Object.values(module).find(isMigration)
        if (found === undefined)
          throw new ImportRefusedError(
            `${folder.shown}/${file}`,
            'it exports no class with a method `up` and the method `getQueries` of `Migration`',
            'Move the file away if it is no migration.',
          )
        return codeOf(found)
      })
      migrations.push(migration)
    }
    return migrations
  },
  applied: (rows) => rows.map(({name}) => ({name: String(name).replace(/\.[jt]s$/, '')})),
}

function isMigration(value: unknown): value is MigrationClass {
  if (typeof value !== 'function') return false
  const {prototype} = value as {readonly prototype?: Partial<Migration>}
  return typeof prototype?.up === 'function' && typeof prototype.getQueries === 'function'
}

function codeOf(found: MigrationClass): MigrationCode {
  const run =
    (direction: 'up' | 'down'): RunCode =>
    async (recording) => {
      const migration = new found(withoutDatabase(recording, 'driver'), withoutDatabase(recording, 'configuration'))
      Object.assign(migration, {
        execute: () => recording.refuse('it calls `this.execute()`'),
        getEntityManager: () => recording.refuse('it calls `this.getEntityManager()`'),
      })
      await migration[direction]()
      for (const query of migration.getQueries()) recording.statements.push(textOf(query, recording))
    }
  const transactional = new found(undefined, undefined).isTransactional()
  return {up: run('up'), down: hasDown(found) ? run('down') : undefined, transactional}
}

/** Whether a class has a `down` of its own: that of `Migration` throws. */
function hasDown(found: MigrationClass): boolean {
  const {prototype} = found as unknown as {readonly prototype: object}
  for (let at: object | null = prototype; at !== null; at = Object.getPrototypeOf(at) as object | null)
    if (Object.hasOwn(at, 'down')) return !Object.hasOwn(at, 'getQueries')
  return false
}

/** Returns a stand-in that only an import sees. */
function withoutDatabase(recording: Recording, name: string): object {
  return new Proxy({}, {get: () => recording.refuse(`it uses the ${name} of MikroORM`)})
}

/** Returns the text of a query: a string, a fragment of `raw()`, or a query builder. */
function textOf(query: unknown, recording: Recording): string {
  if (typeof query === 'string') return query
  const {sql, params} = (query ?? {}) as {readonly sql?: unknown; readonly params?: unknown}
  if (typeof sql === 'string' && Array.isArray(params) && params.length === 0) return sql
  return recording.refuse('it adds a query with parameters')
}
