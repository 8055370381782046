import type {FoundRevision} from '../../git/find-revision.ts'
import {SwitchRefusedError} from '../../git/errors.ts'
import type {AppliedRevision} from '../../runner/state/store.ts'
import type {RevisionId} from '../../graph/revision.ts'
import {hasContentId} from '../../script/former-name.ts'
import {ScriptRevision} from '../../script/revision-file.ts'
import type {OpenDatabase} from '../databases.ts'
import {doesTheSame} from '../edited.ts'
import {whereaboutsOf} from '../locate-revision.ts'
import type {Whereabouts} from '../locate-revision.ts'
import type {ScriptProject} from '../project.ts'

/** The code that reverts a revision. */
export interface DowngradeSource {
  readonly revision: ScriptRevision
  readonly text: string
  /** The current file, the applied text in git, the SQL recorded when it was applied, or a different text in git. */
  readonly origin: 'file' | 'applied' | 'recorded' | 'different'
}

/**
 * Returns the code of applied revisions that the destination lacks: the text that was applied, from the files or git, or else
 * the downgrade SQL recorded when they were applied. If different texts are trusted, the current one has precedence.
 *
 * @throws MigError SWITCH_REFUSED
 */
export async function downgradeSources(
  project: ScriptProject,
  database: OpenDatabase,
  rows: readonly AppliedRevision[],
  isTrusting: boolean,
): Promise<readonly DowngradeSource[]> {
  const files = await filesOf(project, database, rows)
  const elsewhere = rows.filter(({revision}) => files.get(revision)?.isAsApplied !== true)
  const asApplied = await placesOf(project, elsewhere)
  const trusted = isTrusting ? await placesOf(project, elsewhere.map(withoutContent)) : new Map<string, Whereabouts>()
  const missing = elsewhere.filter(({revision}) => asApplied.get(revision)?.found?.isAsApplied !== true)
  const recorded = await database.store.downgradesOf(missing.map(({revision}) => revision))
  return rows.map((row) => {
    const {revision} = row
    const file = files.get(revision)
    if (file !== undefined && (file.isAsApplied || isTrusting)) return {...file, origin: 'file'}
    const place = asApplied.get(revision)
    const current = trusted.get(revision)?.found
    if (current !== undefined) return foundSource(current, 'different')
    if (place?.found?.isAsApplied === true) return foundSource(place.found, 'applied')
    const sql = recorded.get(revision)
    if (sql !== undefined) return recordedSource(row, sql)
    throw refusalOf(revision, place, file !== undefined || place?.found !== undefined)
  })
}

interface RevisionFile extends Pick<DowngradeSource, 'revision' | 'text'> {
  readonly isAsApplied: boolean
}

/** Returns the files of this checkout, and whether they do what was applied. */
async function filesOf(
  project: ScriptProject,
  database: OpenDatabase,
  rows: readonly AppliedRevision[],
): Promise<ReadonlyMap<RevisionId, RevisionFile>> {
  const {graph} = project.scripts
  const byId = new Map(graph.sources.map((revision) => [revision.id, revision]))
  const known = rows.flatMap((row) => {
    const revision = byId.get(row.revision)
    return revision === undefined ? [] : [{row, revision}]
  })
  const texts = await project.tree.read(known.map(({revision}) => revision.file))
  const files = new Map<RevisionId, RevisionFile>()
  for (const [i, {row, revision}] of known.entries()) {
    const text = texts[i] ?? ''
    const isAsApplied = hasContentId(text, row.contentId) || (await doesTheSame(project, database, row))
    files.set(row.revision, {revision, text, isAsApplied})
  }
  return files
}

type Wanted = Parameters<typeof whereaboutsOf>[1]

async function placesOf(project: ScriptProject, wanted: Wanted): Promise<ReadonlyMap<RevisionId, Whereabouts>> {
  return new Map((await whereaboutsOf(project, wanted)).map((place) => [place.revision, place]))
}

/** Without a content id, the text of a branch is found before that of its history. */
function withoutContent({revision}: AppliedRevision): Wanted[number] {
  return {revision}
}

function refusalOf(revision: RevisionId, place: Whereabouts | undefined, isKnown: boolean): SwitchRefusedError {
  return new SwitchRefusedError(
    isKnown
      ? `the text of ${revision} differs from what was applied`
      : `${revision} is applied, but its code cannot be read: ${place?.text ?? 'it is missing from the files'}`,
    isKnown ? 'Use `--trust` to run its current downgrade anyway.' : '`mig status` shows what is applied.',
  )
}

/** The path is one that is not used, next to the existing files. */
function foundSource({revision, at, text}: FoundRevision, origin: DowngradeSource['origin']): DowngradeSource {
  return {revision: renamed(revision, `${at}/${revision.file}`), text, origin}
}

/** Returns a SQL revision made of a recorded downgrade. */
function recordedSource(
  {revision: id, downRevisions, message: comment}: AppliedRevision,
  sql: string,
): DowngradeSource {
  const file = `${id}/downgrade_sql.sql`
  const header = {id, downRevisions, dependsOn: [], branchLabels: [], transactional: true, comment, file}
  return {
    revision: new ScriptRevision(header),
    text: `-- upgrade\n\n-- downgrade\n${sql}\n`,
    origin: 'recorded',
  }
}

function renamed(revision: ScriptRevision, file: string): ScriptRevision {
  const {id, downRevisions, dependsOn, branchLabels, transactional, isBaseline, irreversible, message} = revision
  const {replaces, replacedSquashes} = revision
  const place = {id, downRevisions, dependsOn, branchLabels, replaces, replacedSquashes}
  const header = {...place, transactional, isBaseline, comment: message, file}
  return new ScriptRevision(irreversible === undefined ? header : {...header, irreversible})
}
