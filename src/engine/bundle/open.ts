import {resolve} from 'node:path'
import {parseRunSettings} from '../../config/run-settings.ts'
import type {RunSettings} from '../../config/run-settings.ts'
import {BundleTree} from '../../script/bundle-tree.ts'
import {once} from '../../util/once.ts'
import type {Project} from '../project.ts'
import {checkBundle} from './bundle.ts'
import type {Bundle} from './bundle.ts'
import {BundleSettingsError} from './errors.ts'

/**
 * Returns the project of a bundle, which has no files and no database.
 *
 * @param given settings of the caller
 * @throws MigError INVALID_BUNDLE, INVALID_CONFIG
 */
export async function openBundle(
  bundle: Bundle,
  given: RunSettings,
  workingDirectory: string | undefined,
): Promise<Project> {
  checkBundle(bundle)
  const missing = bundle.code.filter((name) => !(name in given))
  if (missing.length > 0) throw new BundleSettingsError(missing)
  const cwd = resolve(workingDirectory ?? process.cwd())
  const settings = parseRunSettings(bundle.settings, given)
  const registry = once(async () => {
    const {createRegistry} = await import('../../operations/registry.ts')
    return createRegistry(settings.operations)
  })
  if (settings.operations.length > 0) await registry()
  return {
    settings,
    environments: [],
    root: cwd,
    configPlace: {kind: 'bundle', path: cwd, root: cwd},
    chosen: {},
    cwd,
    tree: new BundleTree(bundle.files),
    layout: {scriptDirectory: '.', versionLocations: bundle.locations, recursive: true},
    registry,
  }
}
