import {databasesOf} from '../config/database.ts'
import {MigError} from '../errors.ts'
import {InvalidRangeError} from '../graph/target-errors.ts'
import type {DatabaseSource} from '../runner/connection/connect.ts'
import {listOf} from '../util/text.ts'
import type {ScriptOptions} from './script-options.ts'
import type {Project} from './project.ts'
import {shellCommand} from '../util/shell.ts'

/** Thrown when a downgrade script has no start revision. */
export class OfflineRangeError extends MigError {
  constructor(target: string) {
    super('OFFLINE_RANGE', `A downgrade script needs a start revision, and ${target} does not include one.`, {
      hint: `Pass a range, for example \`${shellCommand`mig downgrade ${`heads:${target}`} --sql`}\`.`,
      data: {target},
    })
  }
}

/** Thrown when the script of a range would do nothing, because its ends are in the wrong order. */
export class WrongDirectionError extends InvalidRangeError {
  constructor(range: string, direction: 'upgrade' | 'downgrade') {
    const [reason, other] =
      direction === 'upgrade'
        ? ['its end is already applied at its start', 'downgrade']
        : ['its end is not applied at its start', 'upgrade']
    super(
      range,
      `${reason}, so there is nothing to ${direction}`,
      `Swap the ends, or use \`${shellCommand`mig ${other} ${range} --sql`}\`.`,
    )
  }
}

/** Thrown when a script is requested without choosing one of several databases. */
class DatabaseNotChosenError extends MigError {
  constructor(names: readonly string[], chosen: string | undefined) {
    super(
      'DATABASE_NOT_CHOSEN',
      chosen === undefined
        ? 'A script is written for one database, and the configuration has several.'
        : `Unknown database ${chosen}: it is not in the configuration.`,
      {hint: `Choose one with \`--database\`: ${listOf(names, Infinity, 'or')}.`, data: {databases: names}},
    )
  }
}

/** Returns the database to write a script for. */
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
  const [found] = name === undefined ? all : all.filter((database) => database.name === name)
  if (found === undefined) throw new DatabaseNotChosenError([], name)
  return found
}
