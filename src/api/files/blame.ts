import type {BlamedKind, ChangeKind, Doubt, ObjectChange, RevisionChanges} from '../../blame/change.ts'
import {UnknownTableError, UnknownTablePartError} from '../../blame/errors.ts'
import {findTable, isSameName} from '../../blame/find-table.ts'
import type {AddingCommit, Origins} from '../../blame/origins.ts'
import type {ChangedHistory} from '../../blame/revision-changes.ts'
import {TableHistory, tableHistories} from '../../blame/table-history.ts'
import type {ChangedObject} from '../../blame/table-history.ts'
import {openScripts} from '../../engine/project.ts'
import type {ReadOptions, ScriptProject} from '../../engine/project.ts'
import type {RevisionId} from '../../graph/revision.ts'
import {reachable} from '../../graph/walk.ts'
import {splitName} from '../../operations/names.ts'

export interface TableOptions extends ReadOptions {
  /** The name of a table or view, qualified if its schema is not the default one; for `blame`, with a part: `users.email`. */
  readonly table: string
}

/** A revision, and the commit that added its file. */
export interface AuthoredRevision {
  readonly revision: RevisionId
  readonly message: string
  readonly file: string
  /** Null if it is not committed, or if the commit is not known. */
  readonly commit: AddingCommit | null
  /** Null if git is not available. */
  readonly isCommitted: boolean | null
}

/** A part of a table, or the table itself, and the revision that gave it its current form. */
export interface BlamedObject {
  readonly kind: BlamedKind
  readonly name: string
  /** Null if no revision is known to create or change it. */
  readonly change: ChangeKind | null
  /** The former name, if the revision renamed it. */
  readonly from?: string
  /** The new name of a part that was asked for by a former one. */
  readonly to?: string
  readonly by: AuthoredRevision | null
  /** Revisions that changed it as well, and that no order places before this one. */
  readonly alongside: readonly RevisionId[]
}

/** A revision whose effect on a table is not known. */
export interface UncertainRevision extends AuthoredRevision {
  readonly reasons: readonly string[]
  /** Whether its text contains the name. */
  readonly isNamed: boolean
}

interface TableResult {
  /** The current name of the table or view, or the last one. */
  readonly table: string
  /** Null if no revision is known to create it. */
  readonly kind: 'table' | 'view' | null
  readonly isDropped: boolean
  /** Revisions that may have changed it, newest first. */
  readonly mayHaveChanged: readonly UncertainRevision[]
  /** Why the commits are not known, if git is not available. */
  readonly gitUnavailable: string | null
}

/** Each part of a table with the revision that gave it its current form. */
export interface BlameResult extends TableResult {
  readonly objects: readonly BlamedObject[]
}

/** A revision, and what it changes in a table. */
interface TableRevision extends AuthoredRevision {
  readonly changes: readonly ObjectChange[]
}

/** The revisions that change a table. */
export interface TableLogResult extends TableResult {
  /** Newest first. */
  readonly revisions: readonly TableRevision[]
}

/**
 * Returns each part of a table, or the part that is named, with the revision that gave it its current form. Connects to no
 * database.
 *
 * @throws MigError UNKNOWN_TABLE, UNKNOWN_TABLE_PART
 */
export async function blame(options: TableOptions): Promise<BlameResult> {
  const {project, history, table, part} = await read(options)
  const uncertain = uncertainRevisions(history, table, part)
  const objects = objectsOf(table, part)
  if (objects.length === 0 && part !== undefined && !uncertain.some(({isNamed}) => isNamed)) {
    const names = [...table.parts, ...table.formerParts].map(({name}) => name)
    throw new UnknownTablePartError(table.name, part, [...new Set(names)])
  }
  const last = objects.flatMap(({changes}) => changes.at(-1)?.revision ?? [])
  const origins = await findOrigins(project, options, [...last, ...uncertain.map(({revision}) => revision)])
  const blamed = objects.map((object) => blamedObject(project, object, origins))
  return {...resultOf(project, table, uncertain, origins), objects: blamed}
}

/**
 * Returns the revisions that change a table, newest first, also under its former names. Connects to no database.
 *
 * @throws MigError UNKNOWN_TABLE
 */
export async function tableLog(options: TableOptions): Promise<TableLogResult> {
  const {project, history, table, part} = await read(options)
  if (part !== undefined) throw new UnknownTableError(options.table, [table.name], true)
  const uncertain = uncertainRevisions(history, table)
  const {graph} = project.scripts
  const changed = graph.sorted(table.revisions.keys()).toReversed()
  const origins = await findOrigins(project, options, [...changed, ...uncertain.map(({revision}) => revision)])
  const revisions = changed.map((id) => ({
    ...authored(project, id, origins),
    changes: table.revisions.get(id) ?? [],
  }))
  return {...resultOf(project, table, uncertain, origins), revisions}
}

interface Found {
  readonly project: ScriptProject
  readonly history: ChangedHistory
  readonly table: TableHistory
  readonly part: string | undefined
}

async function read(options: TableOptions): Promise<Found> {
  const project = await openScripts(options)
  const {changesOfHistory} = await import('../../blame/revision-changes.ts')
  const history = await changesOfHistory(project, options)
  const histories = tableHistories(history.changes)
  const found = findTable(histories, options.table) ?? unknownTable(history, options.table)
  if (found === undefined)
    throw new UnknownTableError(
      options.table,
      histories.map(({name}) => name),
    )
  return {project, history, ...found}
}

/** Returns a table without a history if a revision names it whose effect is not known. */
function unknownTable(
  history: ChangedHistory,
  name: string,
): {readonly table: TableHistory; readonly part: undefined} | undefined {
  const table = new TableHistory('table', name)
  const isNamed = uncertainRevisions(history, table).some((one) => one.isNamed)
  return isNamed ? {table, part: undefined} : undefined
}

const kindOrder: readonly BlamedKind[] = ['table', 'view', 'column', 'constraint', 'index', 'trigger', 'policy', 'rule']

function objectsOf(table: TableHistory, part: string | undefined): readonly ChangedObject[] {
  if (part === undefined) {
    const all = [...(table.isKnown ? [table.self] : []), ...table.parts]
    return all.toSorted((one, other) => kindOrder.indexOf(one.kind) - kindOrder.indexOf(other.kind))
  }
  const named = table.parts.filter(({name}) => isSameName(name, part))
  if (named.length > 0) return named
  const former = table.formerParts.findLast(({name}) => isSameName(name, part))
  return former === undefined ? [] : [former]
}

function blamedObject(project: ScriptProject, {kind, name, changes}: ChangedObject, origins: Origins): BlamedObject {
  const last = changes.at(-1)
  if (last === undefined) return {kind, name, change: null, by: null, alongside: []}
  const {graph} = project.scripts
  const others = new Set(changes.map(({revision}) => revision))
  const before = others.size > 1 ? reachable([last.revision], (id) => graph.parents(id)) : others
  return {
    kind,
    name,
    change: last.change,
    ...(last.from !== undefined && {from: last.from}),
    ...(last.to !== undefined && {to: last.to}),
    by: authored(project, last.revision, origins),
    alongside: [...others.difference(before)],
  }
}

type Uncertain = Pick<UncertainRevision, 'revision' | 'reasons' | 'isNamed'>

/** Returns the revisions that may have changed a table or a part of it, newest first. */
function uncertainRevisions(
  {changes, texts}: ChangedHistory,
  table: TableHistory,
  part?: string,
): readonly Uncertain[] {
  const names = [table.name, ...table.formerNames].map((one) => one.toLowerCase())
  const wanted = part === undefined ? names.map((name) => splitName(name).name) : [part.toLowerCase()]
  const found = changes.flatMap(({revision, doubts}: RevisionChanges, i): readonly Uncertain[] => {
    const own = doubts.filter((doubt) => concerns(doubt, names))
    if (own.length === 0) return []
    const text = texts[i]?.toLowerCase() ?? ''
    const isNamed = wanted.some((name) => text.includes(name))
    return [{revision, reasons: own.map(({reason}) => reason), isNamed}]
  })
  return found.toReversed()
}

function concerns({objects}: Doubt, names: readonly string[]): boolean {
  if (objects === undefined) return true
  const known = objects.map((object) => object.toLowerCase())
  return names.some((name) => known.some((object) => object === name || object.startsWith(`${name}.`)))
}

function resultOf(
  project: ScriptProject,
  table: TableHistory,
  uncertain: readonly Uncertain[],
  origins: Origins,
): TableResult {
  return {
    table: table.name,
    kind: table.isKnown ? (table.self.kind === 'view' ? 'view' : 'table') : null,
    isDropped: table.isDropped,
    mayHaveChanged: uncertain.map((one) => ({...authored(project, one.revision, origins), ...one})),
    gitUnavailable: origins.unavailable,
  }
}

async function findOrigins(
  project: ScriptProject,
  {at}: TableOptions,
  revisions: readonly RevisionId[],
): Promise<Origins> {
  const {originsOf} = await import('../../blame/origins.ts')
  return originsOf(project, at, revisions)
}

function authored(project: ScriptProject, id: RevisionId, origins: Origins): AuthoredRevision {
  const {message, file} = project.scripts.graph.get(id)
  const {commits, uncommitted, unavailable} = origins
  return {
    revision: id,
    message,
    file,
    commit: commits.get(id) ?? null,
    isCommitted: unavailable === null ? !uncommitted.has(id) : null,
  }
}
