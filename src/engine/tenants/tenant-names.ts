import {readFileSync} from 'node:fs'
import {resolve} from 'node:path'
import {ConfigFailedError, InvalidConfigError} from '../../config/errors.ts'
import {awaitProject} from '../../project-promises.ts'
import {placeInProject} from '../../util/stack.ts'
import type {TenantOptions} from '../databases.ts'
import type {Project} from '../project.ts'
import {MigError} from '../../errors.ts'
import {InvalidTenantError, TenantsUnreadableError} from './tenant-errors.ts'

/** The maximum length of a schema name, in bytes: PostgreSQL truncates longer names, so that two could collide. */
const longestName = 63

/**
 * Returns the unique names of the tenants to run for; undefined if there are no tenants.
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
    throw new InvalidConfigError(where, ['tenants are not supported together with `databases`'])
  if (settings.versionTableSchema !== undefined)
    throw new InvalidConfigError(where, [
      '`versionTableSchema` is not supported with tenants: each tenant has a version table in its own schema',
    ])
  for (const schema of settings.sharedSchemas) check(schema)
  return [...new Set(names)]
}

async function configured({settings: {tenants}, root}: Project): Promise<readonly string[] | undefined> {
  if (typeof tenants !== 'function') return tenants
  let names: unknown
  try {
    names = await awaitProject('`tenants` in the configuration', tenants)
  } catch (error) {
    if (error instanceof MigError) throw error
    throw new ConfigFailedError(placeInProject(error, root, 'tenants'), error)
  }
  if (!Array.isArray(names) || !names.every((name) => typeof name === 'string'))
    throw new InvalidConfigError('`tenants`', ['it must return an array of names'])
  return names
}

/** Returns the names in a file with one name per line and # comments. */
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

/** Rejects names that MikroORM's query builder would not treat as a single identifier. */
function check(name: string): void {
  if (name === '') throw new InvalidTenantError(name, 'it is empty')
  if (Buffer.byteLength(name) > longestName)
    throw new InvalidTenantError(name, `it is longer than ${longestName} bytes`)
  const [character] = /[\p{C}."`?\\]/u.exec(name) ?? []
  if (character !== undefined)
    throw new InvalidTenantError(name, `it contains the character ${JSON.stringify(character)}`)
  if (/ as /i.test(name)) throw new InvalidTenantError(name, 'it contains the word “as”')
}
