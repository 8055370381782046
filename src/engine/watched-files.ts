import {createHash} from 'node:crypto'
import {existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync} from 'node:fs'
import {basename, dirname, join, relative, resolve, sep} from 'node:path'
import {configModules} from '../config/find.ts'
import {hasLiteralPlaces} from '../config/load.ts'
import {locateRepository} from '../git/locate.ts'
import type {RepositoryPlace} from '../git/locate.ts'
import {versionLocationsOf} from '../script/script-directory.ts'
import type {Project} from './project.ts'

/**
 * Records in the git folder of a work tree which files concern the hooks of a project, so that they start mig only for
 * changes of those. A record holds for one content of the configuration; without a valid one, hooks always start mig. So
 * they do if code says where the revisions are, because it may depend on anything.
 *
 * @param options.isUpdate whether to record only what has a record
 */
export async function watchProject(
  project: Project,
  {isUpdate = false}: {readonly isUpdate?: boolean} = {},
): Promise<void> {
  const place = placeOf(project)
  if (place === undefined) return
  const file = recordIn(place, project)
  if (isUpdate && !existsSync(file)) return
  try {
    const isLiteral = await hasLiteralPlaces(project.configPlace, project.chosen.environment)
    const text = isLiteral ? textOf(project, place) : undefined
    if (text === undefined) rmSync(file, {force: true})
    else if (!existsSync(file) || readFileSync(file, 'utf8') !== text) write(file, text)
  } catch {
    // Without a record, a hook is slower.
  }
}

/** Removes the record of a project. */
export function unwatchProject(project: Project): void {
  const place = placeOf(project)
  if (place !== undefined) rmSync(recordIn(place, project), {force: true})
}

function placeOf({cwd, layout}: Project): RepositoryPlace | undefined {
  return locateRepository(resolve(cwd, versionLocationsOf(layout)[0] ?? '.'))
}

function recordIn(place: RepositoryPlace, {root}: Project): string {
  return join(place.gitFolder, 'mig/watched', relativeTo(place, root), 'files')
}

/** Returns lines of a word and its value, which a shell reads; undefined if a path cannot be in one. */
function textOf(project: Project, place: RepositoryPlace): string | undefined {
  const {settings, root, cwd, configPlace, chosen, layout} = project
  const {headsFile} = settings.policy
  const configs =
    configPlace.kind === 'none'
      ? [...configModules, 'package.json'].map((name) => join(root, name))
      : [configPlace.path]
  const paths = [
    ...configs,
    ...versionLocationsOf(layout).map((location) => resolve(cwd, location)),
    ...(headsFile === undefined ? [] : [resolve(root, headsFile)]),
  ].map((path) => relativeTo(place, path))
  const config = chosen.config === undefined ? '' : basename(configPlace.path)
  const values = [...paths, config, chosen.environment ?? '']
  if (paths.some((path) => path.startsWith('..'))) return undefined
  if (values.some((value) => value.trim() !== value || /[\n\\]/.test(value))) return undefined
  return [
    `chosen ${config}`,
    `environment ${chosen.environment ?? ''}`,
    ...configs.map((file) => `config ${idOf(file)} ${relativeTo(place, file)}`),
    ...paths.map((path) => `path ${path}`),
    ...(settings.gitHooks.database ? ['database'] : []),
    '',
  ].join('\n')
}

function relativeTo({root}: RepositoryPlace, path: string): string {
  return relative(root, path).split(sep).join('/') || '.'
}

/** Returns the id that `git hash-object` gives to a file, or an empty string if it is missing. */
function idOf(file: string): string {
  if (!existsSync(file)) return ''
  const bytes = readFileSync(file)
  return createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex')
}

function write(file: string, text: string): void {
  mkdirSync(dirname(file), {recursive: true})
  const temporary = `${file}.${process.pid}.tmp`
  writeFileSync(temporary, text)
  renameSync(temporary, file)
}
