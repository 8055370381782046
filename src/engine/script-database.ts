import {databasesOf} from '../config/database.ts'
import {MigError} from '../errors.ts'
import type {DatabaseSource} from '../runner/connection/connect.ts'
import {listOf} from '../util/text.ts'
import type {ScriptOptions} from './script-options.ts'
import type {Project} from './project.ts'

/** A downgrade as a script does not say where it begins. */
export class OfflineRangeError extends MigError {
  constructor(target: string) {
    super('OFFLINE_RANGE', `A script cannot ask the database where it stands, and ${target} does not say it.`, {
      hint: `Say where it begins: \`mig downgrade heads:${target} --sql\`.`,
      data: {target},
    })
  }
}

/** A script is for one database, and the configuration has several. */
class DatabaseNotChosenError extends MigError {
  constructor(names: readonly string[], chosen: string | undefined) {
    super(
      'DATABASE_NOT_CHOSEN',
      chosen === undefined
        ? 'A script is for one database, and the configuration has several.'
        : `The configuration has no database ${chosen}.`,
      {hint: `Say which: \`--database ${listOf(names, Infinity, 'or')}\`.`, data: {databases: names}},
    )
  }
}

/** Returns the database that a script is written for. */
export async function databaseForScript(
  {settings, root}: Project,
  {database, dialect}: ScriptOptions,
): Promise<{readonly name: string | undefined; readonly source: DatabaseSource}> {
  const {anyDatabase} = await import('../runner/offline/platform.ts')
  const names = Object.keys(settings.databases ?? {})
  if (names.length > 0 && !names.includes(database ?? '')) throw new DatabaseNotChosenError(names, database)
  const name = names.length > 0 ? database : undefined
  const source = dialect === undefined ? await configured({settings, root}, name) : anyDatabase(dialect)
  return {name, source}
}

async function configured(
  {settings, root}: Pick<Project, 'settings' | 'root'>,
  name: string | undefined,
): Promise<DatabaseSource> {
  const all = await databasesOf(settings, root, process.env)
  const [found] = name === undefined ? all : all.filter((one) => one.name === name)
  if (found === undefined) throw new DatabaseNotChosenError([], name)
  return found
}
