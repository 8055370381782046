import type {ISchemaGenerator, MikroORM} from '@mikro-orm/core'
import type {AbstractSqlDriver} from '@mikro-orm/sql'
import {tableNamesOf} from '../../engine/databases.ts'
import {openProject} from '../../engine/project.ts'
import {lockTableOf} from '../../runner/state/lock-table.ts'
import {qualifiedName} from '../../runner/state/tables.ts'
import {MigratorUnsupportedError} from '../errors.ts'
import {printingHints} from './printed-hints.ts'

const extension = '@mikro-orm/schema-generator'
const watched = new WeakSet<ISchemaGenerator>()

/** Watches the schema generator of an ORM as soon as there is one, which may be long before its migrator is used. */
export function watchSchemaOnUse(orm: MikroORM<AbstractSqlDriver>): void {
  const {config, driver} = orm
  config.registerExtension(extension, () => {
    driver.getPlatform().lookupExtensions(orm)
    // Another generator of the project takes precedence over that of the platform.
    for (const other of config.get('extensions'))
      if ('name' in other && String(other.name).includes('SchemaGenerator')) other.register(orm)
    const generator = config.getExtension<ISchemaGenerator>(extension)
    if (generator === undefined) throw new RangeError('the driver has no schema generator')
    watchSchema(orm, generator)
    watchSchemaOnUse(orm)
    return generator
  })
}

/** Lets mig's tables be dropped wherever MikroORM drops those of its own migrator. */
export function watchSchema(orm: MikroORM<AbstractSqlDriver>, generator: ISchemaGenerator): void {
  if (watched.has(generator)) return
  watched.add(generator)
  const drop = generator.drop.bind(generator)
  generator.drop = async (options = {}) => {
    const {dropMigrationsTable = false, dropDb = false} = options
    const statements = dropMigrationsTable && !dropDb ? await printingHints(async () => stateDrops(orm)) : []
    await drop(options)
    // If the schema could not be dropped, its recorded state is still true.
    for (const statement of statements) await orm.em.fork().execute(statement)
  }
}

/** Returns the statements that drop mig's tables. */
async function stateDrops(orm: MikroORM<AbstractSqlDriver>): Promise<readonly string[]> {
  const project = await openProject({cwd: orm.config.get('baseDir')})
  if (project.settings.tenants !== undefined)
    throw new MigratorUnsupportedError(
      'schema.drop({dropMigrationsTable: true}) would leave the tenants as they are',
      'Revert them with `mig downgrade base`, or drop their schemas and the version tables there.',
    )
  const names = tableNamesOf(project)
  const platform = orm.em.getPlatform()
  const tables = [names.versionTable, names.logTable, lockTableOf(names)]
  return tables.map((table) => `drop table if exists ${qualifiedName(names, table, platform)}`)
}
