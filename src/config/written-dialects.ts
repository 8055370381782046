import {readRegularFile} from '../util/regular-file.ts'
import type {Dialect} from '../dialects/dialect.ts'
import {defaultDialect} from '../dialects/dialect.ts'
import {driverOfClass, driverOfUrl, drivers} from '../dialects/drivers.ts'
import type {OrmSetting, Settings} from './config.ts'
import {fileOf, isPlace} from './database.ts'
import {driverPackages} from './find-orm.ts'
import type {ConfigPlace} from './find.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** A configuration, of which git hooks may have read only what they need. */
interface WrittenConfiguration {
  readonly settings: Pick<Settings, 'orm' | 'databases'>
  readonly place: ConfigPlace
  /** The absolute path of the folder of the configuration. */
  readonly root: string
  /** The name of the environment that was chosen, if any. */
  readonly environment: string | undefined
}

/**
 * Returns the dialects of the databases of a configuration, as far as its text tells them: neither MikroORM nor its
 * configuration is loaded, and nothing is run. Without any sign, the default one is returned.
 */
export async function writtenDialects(
  configuration: WrittenConfiguration,
  variables: Environment,
): Promise<readonly [Dialect, ...Dialect[]]> {
  const {root} = configuration
  const url = variables['MIG_DATABASE_URL'] ? driverOfUrl(variables['MIG_DATABASE_URL'])?.dialect : undefined
  const found = url === undefined ? await configured(configuration, variables) : [url]
  const [first, ...others] = new Set(found)
  if (first !== undefined) return [first, ...others]
  // Packages are also there for tests and scripts.
  const [only, ...more] = new Set(dialectsOfPackages(driverPackages(root)))
  return [more.length > 0 ? defaultDialect : (only ?? defaultDialect)]
}

async function configured(
  {settings, place, root, environment}: WrittenConfiguration,
  variables: Environment,
): Promise<readonly Dialect[]> {
  const text = place.kind === 'module' ? (textOf(place.path) ?? '') : ''
  const {orm, databases} =
    settings.orm === undefined && settings.databases === undefined ? await literals(text, environment) : settings
  const all = databases === undefined ? [orm] : Object.values(databases).map((one) => one.orm)
  return all.flatMap((one) => dialectsOf(one, {text, root, variables}))
}

/** Returns the settings of databases in the text of a configuration that was not run, if they are literals. */
async function literals(
  text: string,
  environment: string | undefined,
): Promise<Pick<WrittenConfiguration['settings'], 'orm' | 'databases'>> {
  const {writtenSettings} = await import('./written-settings.ts')
  const found = writtenSettings(text, ['orm', 'databases'], environment)
  const isWritten = found !== undefined || !/\b(?:orm|databases)\b/.test(text)
  // Its text is read as that of MikroORM's configuration.
  return isWritten ? (found ?? {}) : {orm: () => ({})}
}

interface Surroundings {
  /** The text of the configuration. */
  readonly text: string
  readonly root: string
  readonly variables: Environment
}

function dialectsOf(orm: OrmSetting | undefined, {text, root, variables}: Surroundings): readonly Dialect[] {
  if (typeof orm === 'function') return dialectsIn(text)
  if (typeof orm === 'string') {
    const driver = driverOfUrl(orm)
    if (driver !== undefined) return [driver.dialect]
  }
  if (typeof orm === 'object' && !isPlace(orm)) {
    const {driver, clientUrl} = orm as Readonly<Record<string, unknown>>
    const known = driverOfClass(driver) ?? (typeof clientUrl === 'string' ? driverOfUrl(clientUrl) : undefined)
    return known === undefined ? [] : [known.dialect]
  }
  const file = fileOf(orm, root, variables)
  if (file !== undefined) return dialectsIn(textOf(file) ?? '')
  const {MIKRO_ORM_TYPE: kind, MIKRO_ORM_CLIENT_URL: url} = variables
  const named = url ? driverOfUrl(url) : drivers.find((driver) => driver.kind === kind)
  return named === undefined ? [] : [named.dialect]
}

/** Returns the dialects whose drivers, packages or URLs a configuration names. */
function dialectsIn(text: string): readonly Dialect[] {
  const found = drivers.filter(
    ({package: name, driver, schemes}) =>
      text.includes(`'${name}'`) ||
      text.includes(`"${name}"`) ||
      new RegExp(`\\b${driver}\\b|['"\`](?:${schemes.join('|')}):`).test(text),
  )
  return found.map(({dialect}) => dialect)
}

const dialectsOfPackages = (packages: readonly string[]): readonly Dialect[] =>
  drivers.filter((driver) => packages.includes(driver.package)).map(({dialect}) => dialect)

function textOf(path: string): string | undefined {
  try {
    return readRegularFile(path)
  } catch {
    return undefined
  }
}
