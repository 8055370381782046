import {readdirSync, readFileSync} from 'node:fs'
import {basename, dirname, join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {TemplateError} from './errors.ts'

/** What the template of a revision is filled with. */
export interface RevisionValues {
  readonly message: string
  readonly revision: string
  readonly downRevisions: readonly string[]
  readonly branchLabels: readonly string[]
  readonly dependsOn: readonly string[]
  readonly createDate: string
  /** The names of the databases that the history is for, when there are several. */
  readonly databases: readonly string[]
  /** What the functions of the revision do; empty, or for one of several databases. */
  readonly contents?: readonly RevisionContents[]
}

/** What a revision does, as it stands between the braces of its functions, or in the sections of SQL. */
export interface RevisionContents {
  /** The name of the database that it is for, where there are several. */
  readonly database: string | undefined
  readonly upgrade: string
  readonly downgrade: string
}

/** What the template of a configuration is filled with. */
export interface ConfigValues {
  readonly scriptDirectory: string
  /** The path of the MikroORM configuration, if there is one. */
  readonly orm: string | undefined
}

/** A file of a set of templates: `script.ts.eta` makes `.ts` revisions. */
export interface Template {
  readonly path: string
  readonly text: string
  /** The extension of what it makes, with the dot. */
  readonly extension: string
}

/** The folder of the sets of templates that mig comes with. */
const shipped = dirname(dirname(fileURLToPath(import.meta.resolve('#templates/generic/script.ts.eta'))))
const setDescriptions = {
  generic: 'revisions in TypeScript',
  javascript: 'revisions in JavaScript',
  sql: 'revisions in SQL',
  'multi-database': 'revisions in TypeScript for several databases with one history',
} as const

/** The name of a set of templates that mig comes with. */
export type TemplateSet = keyof typeof setDescriptions

/** Returns the sets of templates that mig comes with. */
export function templateSets(): readonly {readonly name: TemplateSet; readonly description: string}[] {
  const names = Object.keys(setDescriptions).filter((name): name is TemplateSet => Object.hasOwn(setDescriptions, name))
  return names.map((name) => ({name, description: setDescriptions[name]}))
}

/**
 * Returns the template for new revisions: the script directory's own, or the generic one.
 *
 * @param scriptDirectory an absolute path
 * @param wantsSql whether it is to be one of SQL, whatever the project's own is
 */
export function revisionTemplate(scriptDirectory: string, wantsSql = false): Template {
  if (wantsSql) return findTemplate(scriptDirectory, 'script.sql') ?? shippedTemplate('sql', 'script')
  return findTemplate(scriptDirectory, 'script') ?? shippedTemplate('generic', 'script')
}

/** Returns a template of a set that mig comes with; what a set lacks is taken from the generic one. */
export function shippedTemplate(set: TemplateSet, stem: 'script' | 'mig.config'): Template {
  const folders = [set, 'generic'].map((name) => join(shipped, name))
  const found = folders.flatMap((folder) => findTemplate(folder, stem) ?? [])[0]
  if (found === undefined) throw new RangeError(`no template ${stem} in ${set}`)
  return found
}

/** Returns the text that a template makes of these values. */
export async function renderTemplate(template: Template, values: RevisionValues | ConfigValues): Promise<string> {
  const {Eta} = await import('eta')
  const eta = new Eta({autoEscape: false, useWith: true, autoTrim: false, debug: false})
  const contents = 'contents' in values ? (values.contents ?? []) : []
  const contentsOf = (direction: 'upgrade' | 'downgrade', database?: string): string =>
    contents.find((one) => database === undefined || one.database === database)?.[direction] ?? ''
  const helpers = {literal, lines, functionSuffix, contentsOf}
  const text = render(() => eta.renderString(template.text, {...values, ...helpers}), template.path)
  const isWhole = contents.every((one) => text.includes(one.upgrade) && text.includes(one.downgrade))
  if (!isWhole) throw new TemplateError(template.path, new Error("it does not say `<%= contentsOf('upgrade') %>`"))
  return text
}

function render(work: () => string, path: string): string {
  try {
    return work()
  } catch (error) {
    throw new TemplateError(path, error)
  }
}

/** Returns the name of a database as it ends the names of its functions: `analytics` gives `Analytics`. */
export function functionSuffix(database: string): string {
  const words = database.split(/[^\p{L}\p{N}]+/u).filter(Boolean)
  return words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('')
}

function findTemplate(folder: string, stem: string): Template | undefined {
  const names = listOrNone(folder).filter((name) => name.startsWith(`${stem}.`) && name.endsWith('.eta'))
  const [name] = names.toSorted()
  if (name === undefined) return undefined
  const path = join(folder, name)
  const extension = stem === 'script.sql' ? '.sql' : basename(name, '.eta').slice(stem.length)
  return {path, text: readFileSync(path, 'utf8'), extension}
}

function listOrNone(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

/** Writes a value as source: nothing as null, one name as a string, several as an array. */
function literal(value: string | readonly string[]): string {
  if (typeof value === 'string') return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
  const [first, ...others] = value.map((item) => literal(item))
  return others.length > 0 ? `[${[first, ...others].join(', ')}]` : (first ?? 'null')
}

/** Returns the lines of a text for a comment, each with a space before it, and nothing that would end the comment. */
function lines(text: string): string[] {
  return text
    .replaceAll('*/', '*\\/')
    .split('\n')
    .map((line) => (line.trim() === '' ? '' : ` ${line.trimEnd()}`))
}
