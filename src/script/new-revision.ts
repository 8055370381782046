import {randomBytes} from 'node:crypto'
import {rmSync} from 'node:fs'
import {dirname, extname, resolve} from 'node:path'
import {buildRevisionGraph} from '../graph/build.ts'
import type {RevisionGraph} from '../graph/revision-graph.ts'
import {findRevision} from '../graph/resolve.ts'
import {zonedTime} from '../util/zoned-time.ts'
import {InvalidNameError, NameUsedError, VersionPathError} from './errors.ts'
import {fileNameOf} from './file-name.ts'
import type {FileNaming} from './file-name.ts'
import {ScriptRevision} from './revision-file.ts'
import type {ScriptDirectory} from './script-directory.ts'
import {checkRendered} from './template-check.ts'
import {renderTemplate, revisionTemplate} from './template.ts'
import type {RevisionContents} from './template.ts'
import {replaceFile, writeNewFile} from './write.ts'

/** Properties of a new revision. */
export interface NewRevision {
  readonly message: string
  /** Paragraphs that follow the message. */
  readonly description?: string | undefined
  /** The words of the file name; those of the message by default. */
  readonly slug?: string | undefined
  readonly downRevisions: readonly string[]
  readonly branchLabels: readonly string[]
  /** Revision ids, possibly abbreviated, and branch labels. */
  readonly dependsOn: readonly string[]
  /** Random by default. */
  readonly revisionId?: string | undefined
  /** Folder in or below a version location; determined from the parent by default. */
  readonly versionPath?: string | undefined
  /** Body of its functions; empty by default. */
  readonly contents?: readonly RevisionContents[] | undefined
  /** Whether to write a SQL file regardless of the project's template. */
  readonly isSql?: boolean | undefined
  /** Whether it is the schema of a database that existed before the history. */
  readonly isBaseline?: boolean | undefined
  /** The revisions and earlier squashes that it replaces, as a squash of them. */
  readonly squash?: {readonly replaces: readonly string[]; readonly replacedSquashes: readonly string[]} | undefined
  /** Whether to write code even if the project's template writes SQL files. */
  readonly isCode?: boolean | undefined
  /** False when the revision must not run in a transaction. */
  readonly transactional?: boolean | undefined
  /** Why it cannot be downgraded. */
  readonly irreversible?: string | undefined
  /** The revision whose file is replaced; it is not in the script directory, and its id and create date are kept. */
  readonly replaces?: ScriptRevision | undefined
  /** Whether the file that is replaced gives the new one its name, whatever the message is. */
  readonly keepsName?: boolean | undefined
}

export interface WriteContext {
  readonly scripts: ScriptDirectory
  readonly naming: FileNaming
  /** Names of the databases of the history, if there are several. */
  readonly databases: readonly string[]
  /** Absolute path to which the script directory is relative. */
  readonly root: string
  readonly now: Date
}

/** Names with a meaning in targets. */
const reserved: readonly string[] = ['head', 'heads', 'base', 'current']

/**
 * Writes the file of a new revision after checking that the resulting graph is valid.
 *
 * @throws MigError INVALID_NAME, VERSION_PATH_UNKNOWN, FILE_EXISTS, FILE_UNWRITABLE, TEMPLATE_FAILED, and as
 *   `buildRevisionGraph`
 */
export async function writeRevision(wanted: NewRevision, context: WriteContext): Promise<ScriptRevision> {
  const {revision, path, text} = await prepareRevision(wanted, context)
  const {replaces} = wanted
  if (replaces === undefined) writeNewFile(path, text, revision.file)
  else replaceFile(resolve(context.root, replaces.file), path, text, revision.file)
  return revision
}

/**
 * Writes the files of new revisions, of which later ones may descend from earlier ones: all of them, or none. Revisions
 * that replace others come last.
 *
 * @throws MigError as `writeRevision`
 */
export async function writeRevisions(
  all: readonly NewRevision[],
  context: WriteContext,
): Promise<readonly ScriptRevision[]> {
  const prepared: (PreparedRevision & Pick<NewRevision, 'replaces'>)[] = []
  let {scripts} = context
  for (const wanted of all) {
    const {replaces} = wanted
    const graph = replaces === undefined ? scripts.graph : graphBefore(scripts.graph, replaces)
    const next = await prepareRevision(wanted, {...context, scripts: {...scripts, graph}})
    prepared.push({...next, replaces})
    if (replaces === undefined) scripts = {...scripts, graph: next.graph}
  }
  const written: string[] = []
  try {
    for (const {path, text, revision, replaces} of prepared) {
      if (replaces !== undefined) {
        replaceFile(resolve(context.root, replaces.file), path, text, revision.file)
        continue
      }
      writeNewFile(path, text, revision.file)
      written.push(path)
    }
  } catch (error) {
    for (const path of written) rmSync(path, {force: true})
    throw error
  }
  return prepared.map(({revision}) => revision)
}

/** Returns the revisions that come before one in the topological order. */
function graphBefore(graph: RevisionGraph<ScriptRevision>, {id}: ScriptRevision): RevisionGraph<ScriptRevision> {
  return buildRevisionGraph(graph.topological.slice(0, graph.topological.indexOf(id)).map((other) => graph.get(other)))
}

/** The text of a revision that is not written yet. */
export interface PreparedRevision {
  readonly revision: ScriptRevision
  /** The graph with the revision. */
  readonly graph: RevisionGraph<ScriptRevision>
  /** The absolute path of its file. */
  readonly path: string
  readonly text: string
}

/**
 * Returns the text of a new revision, and the graph with it, without writing a file.
 *
 * @throws MigError as `writeRevision`
 */
export async function prepareRevision(wanted: NewRevision, context: WriteContext): Promise<PreparedRevision> {
  const {scripts, naming, now} = context
  const {graph} = scripts
  const {replaces} = wanted
  const id = replaces?.id ?? wanted.revisionId ?? unusedId((candidate) => graph.named(candidate) !== undefined)
  refuseId(id)
  wanted.branchLabels.forEach(refuseLabel)
  const replaced = new Set([...(wanted.squash?.replaces ?? []), ...(wanted.squash?.replacedSquashes ?? [])])
  refuseUsed(id, 'revision id', graph)
  // A squash declares the labels of what it replaces, too: their files may be deleted.
  for (const label of wanted.branchLabels)
    if (!replaced.has(graph.named(label) ?? '')) refuseUsed(label, 'branch label', graph)
  const dependsOn = wanted.dependsOn.map((name) => (graph.labels.has(name) ? name : findRevision(graph, name)))
  const language = wanted.isSql === true ? 'sql' : wanted.isCode === true ? 'code' : undefined
  const template = revisionTemplate(resolve(context.root, scripts.layout.scriptDirectory), language)
  const file = replaces
    ? fileOfReplacement(replaces, wanted.message, template.extension, context, wanted.keepsName === true)
    : `${versionFolder(wanted, scripts)}/${fileNameOf(naming, id, wanted.slug ?? wanted.message, now)}${template.extension}`
  const createDate = replaces?.createDate ?? zonedTime(now, naming.timezone).iso
  const {downRevisions, branchLabels, transactional = true} = wanted
  const message = [wanted.message, wanted.description ?? []].flat().join('\n\n')
  const revision = new ScriptRevision({
    id,
    downRevisions,
    dependsOn,
    branchLabels,
    file,
    comment: `${message}\n\ncreate date: ${createDate}`,
    transactional,
    isBaseline: wanted.isBaseline,
    irreversible: wanted.irreversible,
    ...wanted.squash,
  })
  const extended = buildRevisionGraph([...graph.sources, revision])
  const rendered = await renderTemplate(template, {
    ...{message, revision: id, downRevisions, branchLabels, dependsOn, createDate, transactional},
    databases: context.databases,
    ...(wanted.contents && {contents: wanted.contents}),
  })
  const text = withDeclarations(rendered, revision, template.extension)
  checkRendered(text, revision, template.path)
  return {revision, graph: extended, path: resolve(context.root, file), text}
}

/** Adds declarations after that of the id that templates do not have: of a baseline and of a squash. */
function withDeclarations(text: string, revision: ScriptRevision, extension: string): string {
  const {isBaseline, irreversible, replaces, replacedSquashes} = revision
  const isSql = extension === '.sql'
  const listed = (ids: readonly string[]): string =>
    isSql ? ids.join(', ') : `[${ids.map((id) => `'${id}'`).join(', ')}]`
  const facts = [
    ...(isBaseline ? [['baseline', 'baseline', 'true'] as const] : []),
    ...(irreversible === undefined
      ? []
      : [['irreversible', 'irreversible', isSql ? irreversible : JSON.stringify(irreversible)] as const]),
    ...(replaces.length > 0 ? [['replaces', 'replaces', listed(replaces)] as const] : []),
    ...(replacedSquashes.length > 0
      ? [['replacedSquashes', 'replaced squashes', listed(replacedSquashes)] as const]
      : []),
  ]
  const added = facts.map(([name, key, value]) =>
    isSql ? `\n-- ${key}: ${value}` : `\nexport const ${name} = ${value}`,
  )
  const line = isSql ? /^-- revision:.*$/m : /^export const revision\b.*$/m
  return text.replace(line, (found) => found + added.join(''))
}

/** Returns the path of a replacement: it changes with the message, and stays in the folder. */
function fileOfReplacement(
  replaced: ScriptRevision,
  message: string,
  extension: string,
  {scripts, naming, now}: WriteContext,
  keepsName: boolean,
): string {
  const {id, file, createDate = ''} = replaced
  const own = extname(file)
  if (keepsName || message === wholeMessageOf(replaced)) return `${file.slice(0, -own.length)}${extension}`
  const date = new Date(createDate)
  const created = Number.isNaN(date.getTime()) ? now : date
  const name = `/${fileNameOf(naming, id, wholeMessageOf(replaced), created)}${own}`
  const folder = file.endsWith(name) ? file.slice(0, -name.length) : locationOf(file, scripts.locations)
  return `${folder}/${fileNameOf(naming, id, message, created)}${extension}`
}

/** Returns the message of a revision with the paragraphs that follow it. */
export function wholeMessageOf({message, description}: ScriptRevision): string {
  return description === undefined ? message : `${message}\n\n${description}`
}

function locationOf(file: string, locations: readonly string[]): string {
  return locations.find((location) => file.startsWith(`${location}/`)) ?? dirname(file)
}

/** Returns an unused name of twelve random hexadecimal digits. */
function unusedId(isUsed: (id: string) => boolean): string {
  for (;;) {
    const id = randomBytes(6).toString('hex')
    if (!isUsed(id)) return id
  }
}

/** Returns whether a text can be the id of a revision. */
export function isRevisionId(text: string): boolean {
  return hasRevisionIdForm(text) && !reserved.includes(text)
}

function hasRevisionIdForm(text: string): boolean {
  return /^[\p{L}\p{N}_.]+$/u.test(text) && !/^\.+$/.test(text)
}

function refuseId(id: string): void {
  if (reserved.includes(id)) throw new InvalidNameError('revision id', id, 'it has a meaning in targets')
  if (!hasRevisionIdForm(id))
    throw new InvalidNameError('revision id', id, 'only letters, digits, underscores and dots are allowed')
}

function refuseLabel(label: string): void {
  if (reserved.includes(label)) throw new InvalidNameError('branch label', label, 'it has a meaning in targets')
  if (!/^[^\s@:+-][^\s@:]*$/u.test(label))
    throw new InvalidNameError('branch label', label, 'it must not contain spaces, @ or :, or start with + or -')
}

function refuseUsed(name: string, kind: 'revision id' | 'branch label', graph: RevisionGraph): void {
  const owner = graph.named(name)
  if (owner !== undefined) throw new NameUsedError(kind, name, owner)
}

/** Returns the folder of the file: the requested one, or the folder of its parent. */
function versionFolder({versionPath, downRevisions}: NewRevision, {locations, layout, graph}: ScriptDirectory): string {
  if (versionPath !== undefined) {
    const folder = versionPath.replace(/\/+$/, '')
    const isKnown = locations.some(
      (location) => folder === location || (layout.recursive && folder.startsWith(`${location}/`)),
    )
    if (!isKnown) throw new VersionPathError(`${versionPath} is not a version location`, locations)
    return folder
  }
  const [down] = downRevisions
  const [only, ...others] = locations
  if (only !== undefined && others.length === 0) return only
  const beside = down === undefined ? undefined : graph.get(down).file
  const location = locations.find((candidate) => beside?.startsWith(`${candidate}/`))
  if (location === undefined) throw new VersionPathError('There are several version locations', locations)
  return location
}
