import {readFileSync} from 'node:fs'
import {resolve} from 'node:path'
import {ConfigFailedError, InvalidConfigError} from '../../config/errors.ts'
import {placeInProject} from '../../util/stack.ts'
import type {TenantOptions} from '../databases.ts'
import type {Project} from '../project.ts'
import {InvalidTenantError, TenantsUnreadableError} from './tenant-errors.ts'

/** The longest name of a schema, in bytes: PostgreSQL cuts what is longer, and two could become one. */
const longestName = 63

/**
 * Returns the names of the tenants that something is to be done for, each once; undefined where there are none, and the
 * database as a whole is meant.
 *
 * @throws MigError INVALID_TENANT, INVALID_CONFIG, CONFIG_FAILED
 */
export async function tenantNamesOf(
  project: Project,
  {tenants: given, tenantsFile}: TenantOptions,
): Promise<readonly string[] | undefined> {
  const {settings, cwd} = project
  const isGiven = given !== undefined || tenantsFile !== undefined
  const fromFile = tenantsFile === undefined ? [] : read(resolve(cwd, tenantsFile), tenantsFile)
  const names = isGiven ? [...(given ?? []), ...fromFile] : await configured(project)
  if (names === undefined) return undefined
  for (const name of names) check(name)
  const where = 'the configuration'
  if (settings.databases !== undefined)
    throw new InvalidConfigError(where, ['tenants are those of one database, and it has `databases`'])
  if (settings.versionTableSchema !== undefined)
    throw new InvalidConfigError(where, [
      'each tenant has the version table in its own schema, so there can be no `versionTableSchema`',
    ])
  for (const schema of settings.sharedSchemas) check(schema)
  return [...new Set(names)]
}

async function configured({settings: {tenants}, root}: Project): Promise<readonly string[] | undefined> {
  if (typeof tenants !== 'function') return tenants
  let names: unknown
  try {
    names = await tenants()
  } catch (error) {
    throw new ConfigFailedError(placeInProject(error, root, 'tenants'), error)
  }
  if (!Array.isArray(names) || !names.every((name) => typeof name === 'string'))
    throw new InvalidConfigError('`tenants`', ['it must return an array of names'])
  return names
}

/** Returns the names in a file: one on a line, what is behind a # left out. */
function read(path: string, shown: string): readonly string[] {
  try {
    const lines = readFileSync(path, 'utf8')
      .replace(/^\uFEFF/, '')
      .split(/\r?\n/)
    return lines.map((line) => line.replace(/(?:^|\s)#.*$/, '').trim()).filter((line) => line !== '')
  } catch (error) {
    throw new TenantsUnreadableError(shown, error)
  }
}

/** Refuses names that MikroORM's query builder would read as something else than one name. */
function check(name: string): void {
  if (name === '') throw new InvalidTenantError(name, 'it is empty')
  if (Buffer.byteLength(name) > longestName) throw new InvalidTenantError(name, `it has more than ${longestName} bytes`)
  const [character] = /[\p{C}."`?\\]/u.exec(name) ?? []
  if (character !== undefined)
    throw new InvalidTenantError(name, `it has the character ${JSON.stringify(character)} in it`)
  if (/ as /i.test(name)) throw new InvalidTenantError(name, 'it has the word “as” in it')
}
