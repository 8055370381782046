import {differencesOf} from '../catalogue/snapshot/snapshot.ts'
import {withDatabases} from '../engine/databases.ts'
import type {DatabaseOptions, OpenDatabase} from '../engine/databases.ts'
import {openScripts} from '../engine/project.ts'
import type {ScriptProject} from '../engine/project.ts'
import {contextOf} from '../engine/run-context.ts'
import type {RunContext} from '../engine/run-context.ts'
import type {RevisionId} from '../graph/revision.ts'
import {withEmptyDatabase} from '../rehearsal/empty-database.ts'
import {replay} from '../rehearsal/scratch.ts'
import {shellCommand} from '../util/shell.ts'
import {listOf} from '../util/text.ts'
import {isOwnOf, laboratoryOf, onScratch, refuseRecorded} from './baseline.ts'
import {BaselineRefusedError, notAsBaseline} from './errors.ts'
import type {DatabaseSource} from './source.ts'
import {read} from './trial.ts'

/**
 * Returns the baseline revision, and whether other revisions follow it, after proving that it creates the schema that each database has.
 *
 * @throws MigError BASELINE_REFUSED, BASELINE_DIFFERS; REVISION_FAILED
 */
export async function verifyBaseline(
  options: DatabaseOptions,
): Promise<{readonly revision: RevisionId; readonly isFollowed: boolean}> {
  const project = await openScripts(options)
  const revision = baselineIn(project)
  const context = contextOf(project, options)
  await withDatabases(context, async (databases) => {
    for (const database of databases) {
      refuseRecorded(database)
      const source = await read(database.session, {isOwn: isOwnOf(project, database.session)})
      const created = await createdByBaseline(context, database, revision, source)
      const differences = differencesOf(source.objects, created.objects)
      if (differences.length > 0) throw notAsBaseline(database.session.name, revision, differences)
    }
  })
  return {revision, isFollowed: project.scripts.graph.revisions.length > 1}
}

/** @throws MigError BASELINE_REFUSED */
function baselineIn({scripts: {graph}}: ScriptProject): RevisionId {
  const [only, ...others] = graph.revisions.filter(({isBaseline}) => isBaseline)
  if (only === undefined)
    throw new BaselineRefusedError(
      'The history has no baseline revision.',
      graph.revisions.length === 0
        ? 'Create it from the database: `mig baseline -m "…"`.'
        : 'If the database has the schema of the revisions already, record that: `mig stamp heads`.',
    )
  if (others.length > 0)
    throw new BaselineRefusedError(
      `The history has several baselines: ${listOf([only.id, ...others.map(({id}) => id)], 3)}.`,
      `Record the one that the database has: \`${shellCommand`mig stamp ${only.id}`}\`.`,
    )
  return only.id
}

/** Runs the baseline revision on an empty database, and reads it. */
async function createdByBaseline(
  context: RunContext<ScriptProject>,
  {session, name}: OpenDatabase,
  revision: RevisionId,
  {objects}: DatabaseSource,
): Promise<DatabaseSource> {
  const {project} = context
  const laboratory = await laboratoryOf(project, session, objects)
  return onScratch(session, async () =>
    withEmptyDatabase(session, laboratory, async ({em}) => {
      const scratch = {...context, em, isOwnEm: true}
      return withDatabases(scratch, async ([only]) => {
        const database = {...(only as OpenDatabase), name}
        await replay(scratch, database, revision)
        return read(database.session, laboratory)
      })
    }),
  )
}
