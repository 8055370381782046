import {readdirSync} from 'node:fs'
import {basename, dirname, join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {escapeControls, escapeLine} from '../util/controls.ts'
import {TemplateError} from './errors.ts'
import {functionSuffix} from './file-name.ts'
import {readProjectFile} from './project-file.ts'

/** Values available in a revision template. */
export interface RevisionValues {
  readonly message: string
  readonly revision: string
  readonly downRevisions: readonly string[]
  readonly branchLabels: readonly string[]
  readonly dependsOn: readonly string[]
  readonly createDate: string
  /** False when the revision must not run in a transaction. */
  readonly transactional: boolean
  /** Names of the databases of the history, if there are several. */
  readonly databases: readonly string[]
  /** Bodies of the functions; may be empty, or for only some of several databases. */
  readonly contents?: readonly RevisionContents[]
}

/** Source text of the function bodies or SQL sections of a revision. */
export interface RevisionContents {
  /** Name of the database, if there are several. */
  readonly database: string | undefined
  readonly upgrade: string
  readonly downgrade: string
}

/** Values available in a configuration template. */
export interface ConfigValues {
  readonly scriptDirectory: string
  /** Path of the MikroORM configuration, if there is one. */
  readonly orm: string | undefined
}

/** A template file: `script.ts.eta` produces `.ts` revisions. */
export interface Template {
  readonly path: string
  readonly text: string
  /** Extension of the produced file, with the dot. */
  readonly extension: string
}

const setDescriptions = {
  generic: 'TypeScript revisions',
  javascript: 'JavaScript revisions',
  sql: 'SQL revisions',
  'multi-database': 'TypeScript revisions for several databases with one history',
} as const

/** Name of a built-in template set. */
export type TemplateSet = keyof typeof setDescriptions

/** Returns the folder of the built-in template sets. */
function shippedFolder(): string {
  return dirname(dirname(fileURLToPath(import.meta.resolve('#templates/generic/script.ts.eta'))))
}

/** Returns the built-in template sets. */
export function templateSets(): readonly {readonly name: TemplateSet; readonly description: string}[] {
  const names = Object.keys(setDescriptions).filter((name): name is TemplateSet => Object.hasOwn(setDescriptions, name))
  return names.map((name) => ({name, description: setDescriptions[name]}))
}

/**
 * Returns the template for new revisions: the script directory's own, or the generic one.
 *
 * @param scriptDirectory an absolute path
 * @param language the language of the revision, if the project's own template does not decide
 */
export function revisionTemplate(scriptDirectory: string, language?: 'sql' | 'code'): Template {
  if (language === 'sql') return findTemplate(scriptDirectory, 'script.sql') ?? shippedTemplate('sql', 'script')
  const own = findTemplate(scriptDirectory, 'script')
  return own === undefined || (language === 'code' && own.extension === '.sql')
    ? shippedTemplate('generic', 'script')
    : own
}

/** Returns a template of a built-in set; missing templates come from the generic set. */
export function shippedTemplate(set: TemplateSet, stem: 'script' | 'mig.config'): Template {
  const folders = [set, 'generic'].map((name) => join(shippedFolder(), name))
  const found = folders.flatMap((folder) => findTemplate(folder, stem) ?? [])[0]
  if (found === undefined) throw new RangeError(`no template ${stem} in ${set}`)
  return found
}

/** Renders a template with these values. */
export async function renderTemplate(template: Template, values: RevisionValues | ConfigValues): Promise<string> {
  const {Eta} = await import('eta')
  const eta = new Eta({autoEscape: false, useWith: true, autoTrim: false, debug: false})
  const contents = 'contents' in values ? (values.contents ?? []) : []
  const contentsOf = (direction: 'upgrade' | 'downgrade', database?: string): string =>
    contents.find((content) => database === undefined || content.database === database)?.[direction] ?? ''
  const helpers = {literal, lines, names: namesOf, functionSuffix, contentsOf}
  const text = render(() => eta.renderString(template.text, {...values, ...helpers}), template.path)
  const isWhole = contents.every((content) => text.includes(content.upgrade) && text.includes(content.downgrade))
  if (!isWhole) throw new TemplateError(template.path, new Error("it does not contain `<%= contentsOf('upgrade') %>`"))
  return text
}

function render(work: () => string, path: string): string {
  try {
    return work()
  } catch (error) {
    throw new TemplateError(path, error)
  }
}

function findTemplate(folder: string, stem: string): Template | undefined {
  const names = listOrNone(folder).filter((name) => name.startsWith(`${stem}.`) && name.endsWith('.eta'))
  const [name] = names.toSorted()
  if (name === undefined) return undefined
  const path = join(folder, name)
  const extension = stem === 'script.sql' ? '.sql' : basename(name, '.eta').slice(stem.length)
  return {path, text: readProjectFile(path), extension}
}

function listOrNone(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

/** Returns names as source: none as null, one as a string, several as an array. */
function literal(value: string | readonly string[]): string {
  if (typeof value === 'string') return `'${escapeLine(value.replaceAll('\\', '\\\\').replaceAll("'", "\\'"))}'`
  const [first, ...others] = value.map((item) => literal(item))
  return others.length > 0 ? `[${[first, ...others].join(', ')}]` : (first ?? 'null')
}

/** Returns names for a line of a comment. */
function namesOf(names: readonly string[]): string {
  return escapeLine(names.join(', ')).replaceAll('*/', '*\\/')
}

/** Returns the lines of a text for a comment, each with a leading space, and comment ends escaped. */
function lines(text: string): string[] {
  return escapeControls(text)
    .replaceAll('*/', '*\\/')
    .split('\n')
    .map((line) => (line.trim() === '' ? '' : ` ${line.trimEnd()}`))
}
