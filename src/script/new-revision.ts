import {randomBytes} from 'node:crypto'
import {resolve} from 'node:path'
import {buildRevisionGraph} from '../graph/revision-graph.ts'
import {findRevision} from '../graph/resolve.ts'
import {zonedTime} from '../util/zoned-time.ts'
import {InvalidNameError, VersionPathError} from './errors.ts'
import {fileNameOf} from './file-name.ts'
import type {FileNaming} from './file-name.ts'
import {ScriptRevision} from './revision-file.ts'
import type {ScriptDirectory} from './script-directory.ts'
import {renderTemplate, revisionTemplate} from './template.ts'
import type {RevisionContents} from './template.ts'
import {writeNewFile} from './write.ts'

/** What a new revision is to be. */
export interface NewRevision {
  readonly message: string
  readonly downRevisions: readonly string[]
  readonly branchLabels: readonly string[]
  /** Revision ids, short or not, and branch labels. */
  readonly dependsOn: readonly string[]
  /** Made up when left out. */
  readonly revisionId?: string | undefined
  /** The folder, one of the version locations or below one; chosen when left out. */
  readonly versionPath?: string | undefined
  /** What it does; nothing when left out. */
  readonly contents?: readonly RevisionContents[] | undefined
  /** Whether it is to be a file of SQL, whatever the template of the project is. */
  readonly isSql?: boolean | undefined
}

export interface WriteContext {
  readonly scripts: ScriptDirectory
  readonly naming: FileNaming
  /** The names of the databases that the history is for, when there are several. */
  readonly databases: readonly string[]
  /** The absolute path that paths of the script directory are relative to. */
  readonly root: string
  readonly now: Date
}

/** What a name may not be, because it means something in targets. */
const reserved: readonly string[] = ['head', 'heads', 'base', 'current']

/**
 * Writes the file of a new revision, having made sure that the graph with it is sound.
 *
 * @throws MigError INVALID_NAME, VERSION_PATH_UNKNOWN, FILE_EXISTS, FILE_UNWRITABLE, TEMPLATE_FAILED, and as
 *   `buildRevisionGraph`
 */
export async function writeRevision(wanted: NewRevision, context: WriteContext): Promise<ScriptRevision> {
  const {scripts, naming, now} = context
  const {graph} = scripts
  const id = wanted.revisionId ?? unusedId((candidate) => graph.named(candidate) !== undefined)
  refuseId(id)
  wanted.branchLabels.forEach(refuseLabel)
  const dependsOn = wanted.dependsOn.map((name) => (graph.labels.has(name) ? name : findRevision(graph, name)))
  const template = revisionTemplate(resolve(context.root, scripts.layout.scriptDirectory), wanted.isSql)
  const folder = versionFolder(wanted, scripts)
  const file = `${folder}/${fileNameOf(naming, id, wanted.message, now)}${template.extension}`
  const createDate = zonedTime(now, naming.timezone).iso
  const {message, downRevisions, branchLabels} = wanted
  const revision = new ScriptRevision({
    id,
    downRevisions,
    dependsOn,
    branchLabels,
    file,
    comment: `${message}\n\ncreate date: ${createDate}`,
    transactional: true,
  })
  buildRevisionGraph([...graph.revisions, revision])
  const text = await renderTemplate(template, {
    ...{message, revision: id, downRevisions, branchLabels, dependsOn, createDate},
    databases: context.databases,
    ...(wanted.contents && {contents: wanted.contents}),
  })
  writeNewFile(resolve(context.root, file), text, file)
  return revision
}

/** Returns twelve random hexadecimal digits that are nobody's name yet. */
function unusedId(isUsed: (id: string) => boolean): string {
  for (;;) {
    const id = randomBytes(6).toString('hex')
    if (!isUsed(id)) return id
  }
}

function refuseId(id: string): void {
  if (reserved.includes(id)) throw new InvalidNameError('revision id', id, 'it means something else in targets')
  if (!/^[\p{L}\p{N}_.]+$/u.test(id) || /^\.+$/.test(id))
    throw new InvalidNameError('revision id', id, 'it may have letters, digits, underscores and dots')
}

function refuseLabel(label: string): void {
  if (reserved.includes(label)) throw new InvalidNameError('branch label', label, 'it means something else in targets')
  if (!/^[^\s@:+-][^\s@:]*$/u.test(label))
    throw new InvalidNameError('branch label', label, 'it may have no spaces, @ or :, and not begin with + or -')
}

/** Returns where the file goes: where it was asked for, or beside what it comes after. */
function versionFolder({versionPath, downRevisions}: NewRevision, {locations, layout, graph}: ScriptDirectory): string {
  if (versionPath !== undefined) {
    const folder = versionPath.replace(/\/+$/, '')
    const isKnown = locations.some((one) => folder === one || (layout.recursive && folder.startsWith(`${one}/`)))
    if (!isKnown) throw new VersionPathError(`${versionPath} is no version location`, locations)
    return folder
  }
  const [down] = downRevisions
  const [only, ...others] = locations
  if (only !== undefined && others.length === 0) return only
  const beside = down === undefined ? undefined : graph.get(down).file
  const location = locations.find((one) => beside?.startsWith(`${one}/`))
  if (location === undefined) throw new VersionPathError('There are several version locations', locations)
  return location
}
