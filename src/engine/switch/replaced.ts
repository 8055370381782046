import type {RevisionId} from '../../graph/revision.ts'
import type {AppliedRevision} from '../../runner/state/store.ts'
import {hasContentId} from '../../script/former-name.ts'
import {listOf} from '../../util/text.ts'
import type {OpenDatabase} from '../databases.ts'
import {doesTheSame} from '../edited.ts'
import {whereaboutsOf} from '../locate-revision.ts'
import type {ScriptProject} from '../project.ts'
import type {Destination} from './destination.ts'
import type {RevisionText} from './same-upgrade.ts'

/** Why revisions that the destination has are reverted and applied again: a sentence for each. */
type Notes = ReadonlyMap<RevisionId, string>

/**
 * Returns the applied revisions that the destination has with another upgrade; formatting, comments and types do not count.
 * Code is run only if it is that of the checkout.
 */
export async function rewrittenAt(
  project: ScriptProject,
  database: Pick<OpenDatabase, 'session' | 'name' | 'tenant'>,
  applied: readonly AppliedRevision[],
  {tree, graph, checkout}: Pick<Destination, 'tree' | 'graph' | 'checkout'>,
): Promise<Notes> {
  const known = applied.filter(({revision, contentId}) => graph.has(revision) && contentId !== '')
  const texts = await tree.read(known.map(({revision}) => graph.get(revision).file))
  const differing = known.flatMap((row, i) => {
    const text = texts[i] ?? ''
    return hasContentId(text, row.contentId) ? [] : [{row, there: {revision: graph.get(row.revision), text}}]
  })
  if (differing.length === 0) return new Map()
  const {haveSameUpgrade} = await import('./same-upgrade.ts')
  const own = await ownTexts(
    project,
    differing.map(({row}) => row),
  )
  const notes = new Map<RevisionId, string>()
  for (const {row, there} of differing) {
    const isReadable = tree === project.tree || there.revision.file.toLowerCase().endsWith('.sql')
    const at =
      tree === project.tree ? project : {...project, tree, scripts: {...project.scripts, graph}, load: undefined}
    if (isReadable && (await doesTheSame(at, database, row))) continue
    const was = await appliedText(project, database, row, own.get(row.revision))
    if (was !== undefined && (await haveSameUpgrade(was, there, database.session.dialect))) continue
    const why =
      was === undefined
        ? 'its text differs from the one that was applied, which cannot be read'
        : 'its upgrade differs from the one that was applied'
    notes.set(row.revision, anotherRevision(row.revision, checkout, why))
  }
  return notes
}

/** Returns the texts of this checkout. */
async function ownTexts(
  {tree, scripts: {graph}}: ScriptProject,
  rows: readonly AppliedRevision[],
): Promise<ReadonlyMap<RevisionId, RevisionText>> {
  const revisions = rows.filter(({revision}) => graph.has(revision)).map(({revision}) => graph.get(revision))
  const texts = await tree.read(revisions.map(({file}) => file))
  return new Map(revisions.map((revision, i) => [revision.id, {revision, text: texts[i] ?? ''}]))
}

/** Returns the text that was applied, or that of this checkout if it does the same. */
async function appliedText(
  project: ScriptProject,
  database: Pick<OpenDatabase, 'session' | 'name' | 'tenant'>,
  row: AppliedRevision,
  own: RevisionText | undefined,
): Promise<RevisionText | undefined> {
  if (own !== undefined && hasContentId(own.text, row.contentId)) return own
  const [place] = await whereaboutsOf(project, [row])
  if (place?.found?.isAsApplied === true) return place.found
  return own !== undefined && (await doesTheSame(project, database, row)) ? own : undefined
}

/**
 * Returns the applied revisions that the destination has, but that are above one that is reverted: as they were applied, or at
 * the destination.
 */
export function aboveReverted(
  applied: readonly AppliedRevision[],
  reverted: ReadonlySet<RevisionId>,
  {graph, checkout}: Destination,
): Notes {
  const notes = new Map<RevisionId, string>()
  const rows = new Map(applied.map((row) => [row.revision, row]))
  // Those between an applied revision and one that is reverted need not be applied.
  const found = new Set(reverted)
  for (let size = -1; size < found.size;) {
    size = found.size
    for (const id of graph.topological) {
      const row = rows.get(id)
      const parents = graph.parents(id)
      const below = [...(row?.downRevisions ?? []), ...parents].find((parent) => found.has(parent))
      if (below === undefined || found.has(id)) continue
      found.add(id)
      if (row === undefined) continue
      const now = parents.length === 0 ? 'a base' : `above ${listOf(parents)}`
      const note = parents.includes(below)
        ? `${id} is above ${below}: it is reverted and applied again, too.`
        : anotherRevision(id, checkout, `it was applied above ${below}, and is ${now} there`)
      notes.set(id, note)
    }
  }
  return notes
}

function anotherRevision(id: RevisionId, checkout: Destination['checkout'], why: string): string {
  const place = checkout === undefined ? 'in this checkout' : `at ${checkout.name}`
  return `${id} is another revision ${place}: ${why}. It is reverted and applied again.`
}
