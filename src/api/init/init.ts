import {existsSync, readdirSync, statSync, writeFileSync} from 'node:fs'
import {join, resolve} from 'node:path'
import {FileExistsError, UnknownTemplateError} from '../../script/errors.ts'
import {renderTemplate, shippedTemplate, templateSets} from '../../script/template.ts'
import type {TemplateSet} from '../../script/template.ts'
import {writeNewFile} from '../../script/write.ts'
import {readProjectFile} from '../../script/project-file.ts'
import {namesIn, otherMigrations} from './other-tools.ts'
import type {OtherMigrations} from './other-tools.ts'
import {hasMikroOrmMigrations, lookAround} from './surroundings.ts'

export interface InitOptions {
  readonly cwd?: string | undefined
  /** Script directory; default: `migrations`, or another if that is in use. */
  readonly directory?: string | undefined
  /** Name of a template set; default: `generic`. */
  readonly template?: string | undefined
}

export interface InitResult {
  /** Written files, relative to the working directory. */
  readonly created: readonly string[]
  /** Whether `.gitignore` was there before. */
  readonly changesGitignore: boolean
  /** Command that runs `mig` in this project. */
  readonly runner: string
  /** Command that installs what the first commands need, if anything is missing. */
  readonly install: string | null
  /** MikroORM configuration in use, if one was found. */
  readonly orm: string | null
  /** Why the script directory is another than usual. */
  readonly reason: string | null
  /** Folder with migrations of MikroORM, if there is one. */
  readonly mikroOrmMigrations: string | null
  /** Migrations of a tool whose history can be imported, if there are any. */
  readonly otherMigrations: OtherMigrations | null
}

/**
 * Writes a configuration, the script directory with an editable template, and a `.gitignore` entry.
 *
 * @throws MigError FILE_EXISTS, FILE_UNWRITABLE, UNKNOWN_TEMPLATE
 */
export async function init(options: InitOptions): Promise<InitResult> {
  const cwd = resolve(options.cwd ?? process.cwd())
  const set = templateSetNamed(options.template ?? 'generic')
  const other = otherMigrations(cwd)
  const surroundings = lookAround(cwd, process.env)
  const {isEsm, orm, packageManager, missing, rootDir} = surroundings
  const taken = readdirSync(cwd).find((name) => /^mig\.config\.(?:ts|js|mjs)$/.test(name))
  if (taken !== undefined)
    throw new FileExistsError(
      taken,
      'mig is set up here already: `mig status` shows what is next. Existing files are never overwritten.',
    )
  const {directory: scriptDirectory, reason} = directoryFor(cwd, options.directory, rootDir)

  // A compiler would refuse a configuration in TypeScript outside of its folder.
  const config = shippedTemplate(rootDir !== undefined && set === 'generic' ? 'javascript' : set, 'mig.config')
  const script = shippedTemplate(set, 'script')
  const extensionOf = (extension: string): string => (extension === '.js' && !isEsm ? '.mjs' : extension)
  const files = [
    {
      path: `${scriptDirectory}/script${extensionOf(script.extension)}.eta`,
      text: script.text,
    },
    {
      path: `mig.config${extensionOf(config.extension)}`,
      text: await renderTemplate(config, {scriptDirectory, orm}),
    },
  ]
  for (const {path, text} of files) writeNewFile(join(cwd, path), text, path)
  const hadGitignore = existsSync(join(cwd, '.gitignore'))
  const ignored = ignoreLocalDatabase(cwd) ? ['.gitignore'] : []
  return {
    created: [...files.map(({path}) => path), ...ignored],
    changesGitignore: hadGitignore && ignored.length > 0,
    runner: packageManager.run,
    install: missing.length === 0 ? null : `${packageManager.install} ${missing.join(' ')}`,
    orm: orm ?? null,
    reason: reason ?? null,
    mikroOrmMigrations: other?.tool === 'mikro-orm' ? other.folder : null,
    otherMigrations: other ?? null,
  }
}

function templateSetNamed(name: string): TemplateSet {
  const sets = templateSets()
  const found = sets.find((set) => set.name === name)
  if (found === undefined)
    throw new UnknownTemplateError(
      name,
      sets.map((set) => set.name),
    )
  return found.name
}

/**
 * Returns the script directory: the one that was named, or one that is empty and that the project's compiler accepts.
 *
 * @throws MigError FILE_EXISTS
 */
function directoryFor(
  cwd: string,
  named: string | undefined,
  rootDir: string | undefined,
): {readonly directory: string; readonly reason?: string} {
  const isFree = (folder: string): boolean => {
    const stats = statSync(join(cwd, folder), {throwIfNoEntry: false})
    return stats === undefined || (stats.isDirectory() && namesIn(join(cwd, folder)).length === 0)
  }
  const usual = rootDir === undefined ? 'migrations' : `${rootDir}/migrations`
  const directory = named?.replace(/\/+$/, '') ?? usual
  if (isFree(directory)) {
    const isMoved = named === undefined && rootDir !== undefined
    return isMoved ? {directory, reason: `tsconfig.json has rootDir ${rootDir}`} : {directory}
  }
  const other = rootDir === undefined ? 'revisions' : `${rootDir}/revisions`
  if (named !== undefined || !isFree(other)) throw new FileExistsError(directory)
  const isFolder = statSync(join(cwd, usual)).isDirectory()
  const found = hasMikroOrmMigrations(join(cwd, usual)) ? 'has migrations of MikroORM' : 'is not empty'
  if (!isFolder) return {directory: other, reason: `${usual} is a file`}
  return {directory: other, reason: `${usual} ${found}`}
}

/** Adds the embedded database to `.gitignore`. Returns whether the file was changed. */
function ignoreLocalDatabase(cwd: string): boolean {
  const path = join(cwd, '.gitignore')
  const before = existsSync(path) ? readProjectFile(path) : ''
  if (/^\/?\.mig\/?$/m.test(before)) return false
  const separator = before === '' || before.endsWith('\n') ? '' : '\n'
  writeFileSync(path, `${before}${separator}.mig/\n`)
  return true
}
