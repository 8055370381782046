import {relative, resolve, sep} from 'node:path'
import {findConfig} from '../../config/find.ts'
import {openProject} from '../../engine/project.ts'
import type {ProjectOptions} from '../../engine/project.ts'
import {DiskTree} from '../../script/disk.ts'
import {withCurrentImports} from '../../script/former-name.ts'
import {versionLocationsOf} from '../../script/script-directory.ts'
import {replaceFile} from '../../script/write.ts'

/**
 * Writes the name of this package into the imports of the configuration, the revisions and their templates, where they have
 * its former name.
 *
 * @returns the changed files, relative to the working directory
 * @throws MigError CONFIG_NOT_FOUND, FILE_UNREADABLE, FILE_UNWRITABLE
 */
export async function updateImports(options: ProjectOptions): Promise<readonly string[]> {
  const cwd = resolve(options.cwd ?? process.cwd())
  const tree = new DiskTree(cwd)
  const {kind, path} = findConfig(cwd, options.config)
  // The configuration cannot run while it imports a package that is not there.
  const config = kind === 'module' ? [relative(cwd, path).split(sep).join('/')] : []
  const changed = await update(config, tree)
  const {layout} = await openProject(options)
  const folders = [
    ...versionLocationsOf(layout).map((folder) => ({folder, recursive: layout.recursive})),
    {folder: layout.scriptDirectory, recursive: false},
  ]
  const files = await Promise.all(
    folders.map(async ({folder, recursive}) => (await tree.list(folder, {recursive})) ?? []),
  )
  const code = files.flat().filter((file) => /\.[cm]?[jt]s(?:\.eta)?$/.test(file))
  return [...changed, ...(await update([...new Set(code)], tree))]
}

async function update(files: readonly string[], tree: DiskTree): Promise<readonly string[]> {
  const texts = await tree.read(files)
  const changes = files.flatMap((file, i) => {
    const before = texts[i] ?? ''
    const text = withCurrentImports(before)
    return text === before ? [] : [{file, text}]
  })
  for (const {file, text} of changes) replaceFile(tree.absolute(file), tree.absolute(file), text, file)
  return changes.map(({file}) => file)
}
