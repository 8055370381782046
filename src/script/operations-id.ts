import {createHash} from 'node:crypto'
import {dialects} from '../dialects/dialects.ts'
import {MigError} from '../errors.ts'
import type {Dialect} from '../operations/operation.ts'
import type {Operations, RecordingContext} from '../operations/operations.ts'
import {OperationsRecorder} from '../operations/recorder.ts'
import {awaitProject} from '../project-promises.ts'
import {canonicalText} from '../util/canonical-text.ts'
import type {LoadedRevision, LoadRevision} from './load.ts'
import {readFunction} from './op-calls.ts'
import type {ScriptRevision} from './revision-file.ts'

/**
 * Returns a digest of what a revision does to a database in both directions, and of its place in the graph: 40 hexadecimal
 * digits. Runs the revision's functions without a database, and only those that have no other effect than their
 * operations.
 *
 * @returns undefined if the operations depend on anything but the file and the kind of database, or cannot be recorded
 */
export async function operationsIdOf(
  upgrade: LoadedRevision,
  load: LoadRevision,
  context: RecordingContext,
): Promise<string | undefined> {
  const {transactional} = upgrade.revision
  const recording = {...context, x: {}, offline: true}
  try {
    const does = await contentOf(upgrade, recording)
    if (does === undefined) return undefined
    const undoes = await downgradeOf(upgrade, load, recording)
    if (undoes === undefined) return undefined
    return digestOf(upgrade.revision, {transactional, does, undoes})
  } catch {
    // A revision whose operations are unknown is compared by its text.
    return undefined
  }
}

/** Whether a digest, as that of `operationsIdOf`, is that of this revision without operations. */
export function isWithoutOperations(revision: ScriptRevision, operationsId: string): boolean {
  return [true, false].some((transactional) =>
    [[], 'inverse', 'irreversible'].some(
      (undoes) => digestOf(revision, {transactional, does: [], undoes}) === operationsId,
    ),
  )
}

function digestOf(
  {downRevisions, dependsOn}: ScriptRevision,
  {transactional, does, undoes}: {readonly transactional: boolean; readonly does: unknown; readonly undoes: unknown},
): string {
  const place = [downRevisions.toSorted(), dependsOn.toSorted()]
  return createHash('sha1')
    .update(canonicalText([place, transactional, does, undoes]))
    .digest('hex')
}

/** The maximum number of characters in a section of an SQL file, for which it is not worth the time. */
const longest = 1_000_000

async function downgradeOf(
  {revision, contentId}: LoadedRevision,
  load: LoadRevision,
  context: RecordingContext,
): Promise<unknown> {
  try {
    const downgrade = await load(revision, 'downgrade', context)
    return downgrade.contentId === contentId ? await contentOf(downgrade, context) : undefined
  } catch (error) {
    if (error instanceof MigError && error.code === 'IRREVERSIBLE') return 'irreversible'
    throw error
  }
}

/** Returns the statements or operations of a revision in one direction; undefined if they are unknown. */
async function contentOf({body, revision}: LoadedRevision, context: RecordingContext): Promise<unknown> {
  switch (body.kind) {
    case 'sql':
      return statementsOf(body.sql, context.dialect)
    case 'inverse':
      return 'inverse'
    case 'function':
      return recorded(body.run, revision.id, context)
  }
}

/** Returns the statements of SQL without comments and formatting; undefined if it is too long to compare. */
export async function statementsOf(sql: string, dialect: Dialect): Promise<readonly string[] | undefined> {
  if (sql.length > longest) return undefined
  const {split, condense} = dialects[dialect]
  const statements = await split(sql, true)
  const texts: string[] = []
  for (const statement of statements) texts.push(await condense(statement.sql))
  return texts
}

async function recorded(
  run: (op: Operations) => unknown,
  id: string,
  context: RecordingContext,
): Promise<readonly unknown[] | undefined> {
  if (!readFunction(Function.prototype.toString.call(run)).isClosed) return undefined
  const recorder = new OperationsRecorder(context)
  const reached = await awaitProject(`Revision ${id}`, async () => recorder.start(run))
  recorder.abandon()
  if (reached !== 'finished') return undefined
  return recorder.known.map(({operation, outsideTransaction}) => [operation, outsideTransaction])
}
