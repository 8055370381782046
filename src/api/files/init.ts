import {existsSync, readdirSync, readFileSync, writeFileSync} from 'node:fs'
import {dirname, join, resolve} from 'node:path'
import {FileExistsError, UnknownTemplateError} from '../../script/errors.ts'
import {renderTemplate, shippedTemplate, templateSets} from '../../script/template.ts'
import type {TemplateSet} from '../../script/template.ts'
import {writeNewFile} from '../../script/write.ts'

export interface InitOptions {
  readonly cwd?: string | undefined
  /** The script directory; `migrations` when left out. */
  readonly directory?: string | undefined
  /** The name of a set of templates; `generic` when left out. */
  readonly template?: string | undefined
}

export interface InitResult {
  /** The files that were written, relative to the working directory. */
  readonly created: readonly string[]
  /** How `mig` is started in this project. */
  readonly runner: string
  /** The MikroORM configuration that was found and is used. */
  readonly orm: string | null
}

/** What kind of project a folder is. */
interface Surroundings {
  readonly isEsm: boolean
  readonly orm: string | undefined
  readonly runner: string
}

/**
 * Writes a configuration, the script directory with an editable template, and a line for `.gitignore`.
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
    return JSON.parse(readFileSync(join(cwd, 'package.json'), 'utf8')) as Manifest
  } catch {
    return {}
  }
}

/** Tells by the lock file which package manager the project uses. */
function runnerOf(cwd: string): string {
  const runners: readonly (readonly [lockFile: string, runner: string])[] = [
    ['pnpm-lock.yaml', 'pnpm mig'],
    ['yarn.lock', 'yarn mig'],
    ['bun.lock', 'bunx mig'],
    ['bun.lockb', 'bunx mig'],
    ['package-lock.json', 'npx mig'],
  ]
  for (let folder = cwd; ; folder = dirname(folder)) {
    const found = runners.find(([lockFile]) => existsSync(join(folder, lockFile)))
    if (found !== undefined) return found[1]
    if (folder === dirname(folder)) return 'npx mig'
  }
}

/** Keeps the embedded database out of git. Returns whether something was to be written. */
function ignoreLocalDatabase(cwd: string): boolean {
  const path = join(cwd, '.gitignore')
  const before = existsSync(path) ? readFileSync(path, 'utf8') : ''
  if (/^\/?\.mig\/?$/m.test(before)) return false
  const separator = before === '' || before.endsWith('\n') ? '' : '\n'
  writeFileSync(path, `${before}${separator}.mig/\n`)
  return true
}
