import type {RevisionGraph} from '../graph/revision-graph.ts'
import type {RevisionId} from '../graph/revision.ts'
import {ImportStateError} from './errors.ts'
import type {Row, Tool} from './history.ts'
import type {History} from './revisions.ts'

/**
 * Returns the revisions that a tool has applied.
 *
 * @param table the name of its table
 * @throws MigError IMPORT_STATE_REFUSED if a migration failed, was edited, has no file, or follows one that is not applied
 */
export function appliedRevisions(
  {title, applied: read}: Tool,
  history: History,
  graph: RevisionGraph,
  {rows, table, database}: {readonly rows: readonly Row[]; readonly table: string; readonly database: string},
): ReadonlySet<RevisionId> {
  const {ids, migrations, folder} = history
  const records = read(rows, migrations)
  const refuse = (faults: readonly string[], hint: string): void => {
    if (faults.length > 0) throw new ImportStateError(table, database, faults, hint)
  }
  refuse(
    records.filter(({name}) => !ids.has(name)).map(({name}) => `${name} is not in ${folder.shown}`),
    'Restore the missing files, and import again.',
  )
  refuse(
    records.flatMap(({name, fault}) => (fault === undefined ? [] : `${name} ${fault}`)),
    `Finish or repair it with ${title}, and import again.`,
  )
  const applied = new Set(records.flatMap(({name}) => ids.get(name) ?? []))
  const names = new Map([...ids].map(([name, id]) => [id, name]))
  refuse(
    [...applied].flatMap((id) => {
      const missing = graph.parents(id).find((parent) => !applied.has(parent))
      return missing === undefined || !names.has(missing)
        ? []
        : `${names.get(id)} is applied, and ${names.get(missing)} before it is not`
    }),
    `Apply the missing migrations with ${title}, and import again.`,
  )
  return applied
}
