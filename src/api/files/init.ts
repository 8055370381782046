import {existsSync, readdirSync, writeFileSync} from 'node:fs'
import {dirname, join, resolve} from 'node:path'
import {FileExistsError, UnknownTemplateError} from '../../script/errors.ts'
import {renderTemplate, shippedTemplate, templateSets} from '../../script/template.ts'
import type {TemplateSet} from '../../script/template.ts'
import {writeNewFile} from '../../script/write.ts'
import {readProjectFile} from '../../script/project-file.ts'

export interface InitOptions {
  readonly cwd?: string | undefined
  /** Script directory; default: `migrations`. */
  readonly directory?: string | undefined
  /** Name of a template set; default: `generic`. */
  readonly template?: string | undefined
}

export interface InitResult {
  /** Written files, relative to the working directory. */
  readonly created: readonly string[]
  /** Command that runs `mig` in this project. */
  readonly runner: string
  /** MikroORM configuration in use, if one was found. */
  readonly orm: string | null
}

/** Kind of project in a folder. */
interface Surroundings {
  readonly isEsm: boolean
  readonly orm: string | undefined
  readonly runner: string
}

/**
 * Writes a configuration, the script directory with an editable template, and a `.gitignore` entry.
 *
 * @throws MigError FILE_EXISTS, FILE_UNWRITABLE, UNKNOWN_TEMPLATE
 */
export async function init(options: InitOptions): Promise<InitResult> {
  const cwd = resolve(options.cwd ?? process.cwd())
  const set = templateSetNamed(options.template ?? 'generic')
  const scriptDirectory = (options.directory ?? 'migrations').replace(/\/+$/, '')
  const {isEsm, orm, runner} = look(cwd)
  const taken = readdirSync(cwd).find((name) => /^mig\.config\.(?:ts|js|mjs)$/.test(name))
  if (taken !== undefined) throw new FileExistsError(taken)
  if (existsSync(join(cwd, scriptDirectory)) && readdirSync(join(cwd, scriptDirectory)).length > 0)
    throw new FileExistsError(scriptDirectory)

  const config = shippedTemplate(set, 'mig.config')
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
  const ignored = ignoreLocalDatabase(cwd) ? ['.gitignore'] : []
  return {created: [...files.map(({path}) => path), ...ignored], runner, orm: orm ?? null}
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

function look(cwd: string): Surroundings {
  const orm = ['mikro-orm.config.ts', 'src/mikro-orm.config.ts', 'mikro-orm.config.js', 'src/mikro-orm.config.js']
  return {
    isEsm: readManifest(cwd).type === 'module',
    orm: orm.filter((path) => existsSync(join(cwd, path))).map((path) => `./${path}`)[0],
    runner: runnerOf(cwd),
  }
}

interface Manifest {
  readonly type?: string
}

function readManifest(cwd: string): Manifest {
  try {
    return JSON.parse(readProjectFile(join(cwd, 'package.json'))) as Manifest
  } catch {
    return {}
  }
}

/** Returns the command that runs mig with the package manager of the project, judging by its lock file. */
function runnerOf(cwd: string): string {
  const runners: readonly (readonly [lockFile: string, runner: string])[] = [
    ['pnpm-lock.yaml', 'pnpm mig'],
    ['yarn.lock', 'yarn mig'],
    ['bun.lock', 'bunx --no-install mig'],
    ['bun.lockb', 'bunx --no-install mig'],
    ['package-lock.json', 'npx --no-install mig'],
  ]
  for (let folder = cwd; ; folder = dirname(folder)) {
    const found = runners.find(([lockFile]) => existsSync(join(folder, lockFile)))
    if (found !== undefined) return found[1]
    if (folder === dirname(folder)) return 'npx --no-install mig'
  }
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
