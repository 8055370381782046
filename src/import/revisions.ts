import {hash} from 'node:crypto'
import {slugOf} from '../script/file-name.ts'
import {folderLine, originLine} from '../script/imported.ts'
import type {NewRevision} from '../script/new-revision.ts'
import {isRevisionId} from '../script/new-revision.ts'
import type {ScriptRevision} from '../script/revision-file.ts'
import type {ScriptDirectory} from '../script/script-directory.ts'
import {escapeLine} from '../util/controls.ts'
import {ImportRefusedError} from './errors.ts'
import type {ForeignMigration, HistoryFolder} from './history.ts'
import {bodyOf} from './write-body.ts'

/** A history with the revision ids of its migrations. */
export interface History {
  /** The tool as the command names it. */
  readonly tool: string
  readonly folder: HistoryFolder
  readonly migrations: readonly ForeignMigration[]
  /** Revision ids by name. */
  readonly ids: ReadonlyMap<string, string>
}

/**
 * Gives each migration its revision id: the tool's own, or a hash if that is no valid id or not unique.
 *
 * @throws MigError IMPORT_REFUSED
 */
export function historyOf(tool: string, folder: HistoryFolder, migrations: readonly ForeignMigration[]): History {
  const counts = Map.groupBy(migrations, ({id}) => id)
  const ids = new Map<string, string>()
  for (const {name, id, file} of migrations) {
    if (ids.has(name))
      throw new ImportRefusedError(`${folder.shown}/${file}`, `there are two migrations ${name}`, 'Rename one of them.')
    const isOwn = isRevisionId(id) && counts.get(id)?.length === 1
    ids.set(name, isOwn ? id : hash('sha256', `${tool}\n${name}`).slice(0, 12))
  }
  return {tool, folder, migrations, ids}
}

/**
 * Returns the revisions of the migrations that are not imported yet.
 *
 * @throws MigError IMPORT_REFUSED for a migration that was edited after it was imported
 */
export function newRevisions(history: History, {graph}: Pick<ScriptDirectory, 'graph'>): readonly NewRevision[] {
  const {migrations, ids, folder} = history
  const importedAs = ({name}: ForeignMigration): ScriptRevision | undefined => {
    const id = ids.get(name) ?? ''
    const revision = graph.has(id) ? graph.get(id) : undefined
    return revision?.description?.includes(originOf(history, name)) === true ? revision : undefined
  }
  const isImported = (migration: ForeignMigration): boolean => importedAs(migration) !== undefined
  for (const migration of migrations) {
    const revision = importedAs(migration)
    if (revision !== undefined && revision.description?.includes(sourceLine(migration)) !== true)
      throw new ImportRefusedError(
        `${folder.shown}/${migration.file}`,
        `it was edited after it was imported as ${revision.file}`,
        'Undo the edit, or, if the revision is not applied, delete it and import again.',
      )
  }
  // What a linear tool has added between imported migrations follows them.
  const order = [...migrations.filter(isImported), ...migrations.filter((migration) => !isImported(migration))]
  const idsOf = (names: readonly string[]): readonly string[] => names.flatMap((name) => ids.get(name) ?? [])
  return order.flatMap((migration, i) => {
    if (isImported(migration)) return []
    const {
      name,
      parents = order
        .slice(0, i)
        .slice(-1)
        .map((previous) => previous.name),
    } = migration
    const {message} = migration
    const revisionId = ids.get(name) ?? ''
    return {
      ...writtenAs(migration, history),
      // Most names end with the message already.
      slug: slugOf(revisionId, Infinity).endsWith(slugOf(message, Infinity)) ? '' : message,
      revisionId,
      downRevisions: idsOf(parents),
      dependsOn: idsOf(migration.dependsOn ?? []),
      branchLabels: migration.labels ?? [],
    }
  })
}

/** Returns the comment and the body of a revision. */
export function writtenAs(
  migration: ForeignMigration,
  history: History,
): Pick<NewRevision, 'message' | 'description' | 'contents' | 'isSql' | 'isCode' | 'transactional'> {
  const {contents, isSql, transactional, note} = bodyOf(migration, history)
  const {message, name} = migration
  const folder = folderLine(escapeLine(history.folder.shown))
  return {
    message,
    description: [originOf(history, name), ...note, sourceLine(migration), folder].join('\n\n'),
    contents: [contents],
    ...(isSql ? {isSql} : {isCode: true}),
    transactional,
  }
}

/** Returns the revisions of the migrations of which not all statements are imported. */
export function openRevisions({migrations, ids}: History): ReadonlyMap<string, string> {
  return new Map(
    migrations.flatMap(({name, body}) => {
      const reason = body.kind === 'open' ? `${body.reason}.` : body.note
      const id = ids.get(name)
      return reason === undefined || id === undefined ? [] : [[id, reason]]
    }),
  )
}

/** Returns the line by which a later import knows a revision. */
export function originOf({tool}: History, name: string): string {
  return originLine(tool, escapeLine(name))
}

function sourceLine({source}: ForeignMigration): string {
  return `Imported text: sha256 ${hash('sha256', source)}`
}
