import {existsSync, realpathSync} from 'node:fs'
import {dirname, extname, relative, resolve, sep} from 'node:path'
import {writtenRunSettings} from '../../config/run-settings.ts'
import {DiskTree} from '../../script/disk.ts'
import {readProjectFile} from '../../script/project-file.ts'
import {readScriptDirectory} from '../../script/script-directory.ts'
import type {ScriptDirectory} from '../../script/script-directory.ts'
import {replaceFile, writeNewFile} from '../../script/write.ts'
import {listOf} from '../../util/text.ts'
import {layoutOf} from '../project.ts'
import type {Project} from '../project.ts'
import {bundleFormat} from './bundle.ts'
import {bundleModule} from './compile.ts'
import {BundleRefusedError} from './errors.ts'

const mark = '// Written by `mig bundle`. Do not edit.\n'
const extensions = ['.mjs', '.js', '.mts', '.ts']

/** A bundle and its file. */
interface WrittenBundle {
  readonly text: string
  readonly revisions: number
}

/**
 * Returns the text of the bundle of a project.
 *
 * @param extension that of its file
 * @throws MigError BUNDLE_REFUSED, BUNDLER_MISSING, and as `readScriptDirectory`
 */
async function bundleText(project: Project, extension: string): Promise<WrittenBundle> {
  const {settings} = project
  if (settings.databases !== undefined)
    throw new BundleRefusedError(
      `The configuration has several databases (${listOf(Object.keys(settings.databases))}), and a bundle is for one`,
      'Bundle a history of its own for each database, or deploy the revision files.',
    )
  // Paths must not depend on the working directory, nor on where the project is.
  const root = realpathSync(project.root)
  const tree = new DiskTree(root)
  const scripts = await readScriptDirectory(tree, layoutOf(settings, root, root))
  const paths = scripts.graph.sources.map(({file}) => file).toSorted()
  const texts = await tree.read(paths)
  const files = paths.map((path, i) => ({path, text: (texts[i] ?? '').replaceAll('\r\n', '\n')}))
  const module = moduleOf(scripts, files, project)
  const code = paths.find(isCode)
  const text = code === undefined ? module : await bundleModule(module, root, code)
  const unchecked = extension.endsWith('ts') ? '// @ts-nocheck\n' : ''
  return {text: `${mark}${unchecked}/* eslint-disable */\n${text}`, revisions: paths.length}
}

interface TextFile {
  readonly path: string
  readonly text: string
}

/** Returns a module that imports the code of each revision when it is asked for. */
function moduleOf({locations}: ScriptDirectory, files: readonly TextFile[], {settings}: Project): string {
  const {values, code} = writtenRunSettings(settings)
  const entries = files.map(({path, text}) => {
    const load = isCode(path) ? `\n      load: () => import(${JSON.stringify(importOf(path))}),` : ''
    return `    ${JSON.stringify(path)}: {\n      text: ${JSON.stringify(text)},${load}\n    },\n`
  })
  return `export default {
  format: ${bundleFormat},
  settings: ${JSON.stringify(values)},
  code: ${JSON.stringify(code)},
  locations: ${JSON.stringify(locations)},
  files: {
${entries.join('')}  },
}
`
}

function isCode(path: string): boolean {
  return !path.toLowerCase().endsWith('.sql')
}

function importOf(path: string): string {
  return path.startsWith('../') ? path : `./${path}`
}

/**
 * Writes a bundle, unless its file is up to date.
 *
 * @param out the path of the file, relative to the working directory
 * @param isCheck whether to write nothing
 * @returns whether the file was up to date
 * @throws MigError BUNDLE_REFUSED, BUNDLER_MISSING, FILE_UNREADABLE, FILE_UNWRITABLE, and as `readScriptDirectory`
 */
export async function writeBundle(
  project: Project,
  out: string,
  isCheck: boolean,
): Promise<{readonly isUpToDate: boolean; readonly revisions: number}> {
  const path = resolve(project.cwd, out)
  checkPlace(project, path, out)
  const {text, revisions} = await bundleText(project, extname(path))
  const existing = existsSync(path) ? readProjectFile(path, out).replaceAll('\r\n', '\n') : undefined
  if (existing?.startsWith(mark) === false)
    throw new BundleRefusedError(`${out} is not a bundle`, 'Choose another file, or move or delete this one.')
  const isUpToDate = existing === text
  if (!isUpToDate && !isCheck) {
    if (existing === undefined) writeNewFile(path, text, out)
    else replaceFile(path, path, text, out)
  }
  return {isUpToDate, revisions}
}

/** @throws MigError BUNDLE_REFUSED */
function checkPlace({layout, cwd, root, settings}: Project, path: string, out: string): void {
  if (!extensions.includes(extname(path)))
    throw new BundleRefusedError(
      `${out} is not a module, whose name ends with ${listOf(extensions, Infinity, 'or')}`,
      'Choose a name such as history.mjs.',
    )
  const locations = layoutOf(settings, root, root).versionLocations ?? [`${settings.scriptDirectory}/versions`]
  const inside = locations.find((location) => {
    const between = relative(resolve(root, location), dirname(path)).split(sep)
    return between[0] === '' || (layout.recursive && between[0] !== '..')
  })
  if (inside !== undefined)
    throw new BundleRefusedError(
      `${out} is in ${relative(cwd, resolve(root, inside)) || '.'}, where files are revisions`,
      'Write the bundle to another folder.',
    )
}
