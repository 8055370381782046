import {createRequire} from 'node:module'
import {join} from 'node:path'
import {pathToFileURL} from 'node:url'
import {isReading} from '../runner/user-statement.ts'
import {messageOf} from '../util/error-info.ts'
import {importSource} from '../util/import-source.ts'
import {ImportPackageMissingError, ImportRefusedError} from './errors.ts'
import {textOf} from './folder.ts'
import type {Body, ForeignMigration, HistoryFolder} from './history.ts'
import {sqlBody} from './sql-body.ts'

/** Thrown into the code of a migration when its statements cannot be known without its database. */
export class NeedsDatabase extends Error {
  readonly reason: string

  /** @param reason the end of a sentence about the migration */
  constructor(reason: string) {
    super(`not available while a migration is imported: ${reason}`)
    this.reason = reason
  }
}

/** Collects the statements of one run of a migration's code. */
export class Recording {
  readonly statements: string[] = []
  #needed: NeedsDatabase | undefined

  /** Adds a statement; throws if it reads, because code may depend on what it would return. */
  add(sql: string): void {
    this.refuseReading(sql)
    this.statements.push(sql)
  }

  refuseReading(sql: string): void {
    if (isReading(sql)) this.refuse(`it reads the database with \`${sql.trim().split('\n', 1).join('')}\``)
  }

  refuse(reason: string): never {
    this.#needed ??= new NeedsDatabase(reason)
    throw this.#needed
  }

  /** Throws again what code of the migration has caught. */
  check(): void {
    if (this.#needed !== undefined) throw this.#needed
  }
}

/** Runs the code of a migration, which adds its statements to the recording. */
export type RunCode = (recording: Recording) => Promise<void>

/** The code of a migration in both directions. */
export interface MigrationCode {
  readonly up: RunCode
  /** Undefined if it cannot be reverted. */
  readonly down: RunCode | undefined
  readonly transactional?: boolean | undefined
}

/** Returns the body of a migration that is code: its statements, if they do not depend on a database. */
async function recordedBody(code: MigrationCode, source: string, folder: HistoryFolder): Promise<Body> {
  const up = await record(code.up)
  if ('reason' in up) return {kind: 'open', reason: up.reason, code: source}
  const down = code.down && (await record(code.down))
  const isLost = down !== undefined && 'reason' in down
  const scripts = {
    up: scriptOf(up.statements),
    down: down === undefined || isLost ? undefined : scriptOf(down.statements),
    transactional: code.transactional === false ? false : undefined,
    note: isLost
      ? `Its downgrade was not imported: ${down.reason}.`
      : up.statements.length === 0
        ? 'Its code sent no statement.'
        : undefined,
  }
  return sqlBody(scripts, folder.dialect)
}

type Recorded = {readonly statements: readonly string[]} | {readonly reason: string}

/** Runs code twice: statements that differ depend on the time or on chance. */
async function record(run: RunCode): Promise<Recorded> {
  try {
    const [first, second] = [await runOnce(run), await runOnce(run)]
    if (JSON.stringify(first) !== JSON.stringify(second)) return {reason: 'its statements differ from run to run'}
    return {statements: first}
  } catch (error) {
    if (error instanceof NeedsDatabase) return {reason: error.reason}
    return {reason: `its code fails without a database: ${messageOf(error).split('\n', 1).join('').replace(/\.$/, '')}`}
  }
}

async function runOnce(run: RunCode): Promise<readonly string[]> {
  const recording = new Recording()
  try {
    await run(recording)
  } catch (error) {
    recording.check()
    throw error
  }
  recording.check()
  return recording.statements
}

/** Returns statements as a script; a comment at the end of one must not hide its semicolon. */
function scriptOf(statements: readonly string[]): string {
  return statements
    .map((sql) => sql.trim().replace(/;\s*$/, ''))
    .filter((sql) => sql !== '')
    .map((sql) => (/--|#/.test(sql.split('\n').at(-1) ?? '') ? `${sql}\n;\n` : `${sql};\n`))
    .join('')
}

/** Loads the module of a migration. */
async function moduleOf(folder: HistoryFolder, file: string): Promise<Readonly<Record<string, unknown>>> {
  const path = join(folder.path, file)
  try {
    return withDefault(await importWithTypes(path, textOf(folder, file)))
  } catch (error) {
    throw new ImportRefusedError(
      `${folder.shown}/${file}`,
      `it cannot be loaded: ${messageOf(error).split('\n', 1).join('').replace(/\.$/, '')}`,
      'Correct the file or the packages that it imports.',
      error,
    )
  }
}

/** Imports a file; names of types that it imports as if they were values are marked as types. */
async function importWithTypes(path: string, text: string): Promise<Readonly<Record<string, unknown>>> {
  let source = text
  let load = async (): Promise<unknown> => import(pathToFileURL(path).href)
  for (;;) {
    try {
      return (await load()) as Readonly<Record<string, unknown>>
    } catch (error) {
      const name = /does not provide an export named '(?<name>\w+)'/.exec(messageOf(error))?.groups?.['name']
      const marked = source.replace(
        new RegExp(`(?<=^import\\s*(?:\\w+\\s*,\\s*)?\\{[^}]*)(?<!\\btype\\s+)\\b${name}\\b`, 'm'),
        `type ${name}`,
      )
      if (name === undefined || marked === source || !/\.[cm]?ts$/.test(path)) throw error
      source = marked
      load = async () => importSource(path, marked)
    }
  }
}

/** Returns a module with the exports of CommonJS, which are not all found by name. */
function withDefault(module: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const {default: main} = module
  const isBoth = (typeof main === 'object' || typeof main === 'function') && main !== null
  return isBoth ? Object.assign({}, main, module) : module
}

/**
 * Loads a package of the project.
 *
 * @throws MigError IMPORT_PACKAGE_MISSING
 */
export async function packageOf(folder: HistoryFolder, name: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    const path = createRequire(join(folder.path, 'migration.js')).resolve(name)
    const module = (await import(pathToFileURL(path).href)) as Readonly<Record<string, unknown>>
    return withDefault(module)
  } catch (error) {
    throw new ImportPackageMissingError(name, folder.shown, error)
  }
}

/** Reads one file of migration code. */
export async function codeMigration(
  folder: HistoryFolder,
  {name, id, message, file}: Pick<ForeignMigration, 'name' | 'id' | 'message' | 'file'>,
  codeOf: (module: Readonly<Record<string, unknown>>) => MigrationCode | Promise<MigrationCode>,
): Promise<ForeignMigration> {
  const source = textOf(folder, file)
  const module = await moduleOf(folder, file)
  return {name, id, message, file, source, body: await recordedBody(await codeOf(module), source, folder)}
}

/** Whether a file name is that of code, and not of declarations. */
export function isCode(name: string): boolean {
  return /\.[cm]?[jt]s$/.test(name) && !/\.d\.[cm]?ts$/.test(name)
}
