import {changesOfText, mayLoseData} from '../sql/losses/changes-of-text.ts'
import type {DataChange} from '../sql/losses/data-change.ts'
import type {PreparedStep} from './prepare.ts'
import type {Run} from './run.ts'

/**
 * Returns the changes of each prepared step that decide about data, or none if nothing is dropped. What a step does after it
 * has queried the database is not known before it runs.
 */
export async function dataChangesOf(
  {context: {dialect, registry}}: Run,
  prepared: readonly PreparedStep[],
): Promise<readonly (readonly DataChange[])[]> {
  if (!prepared.some(isDropping)) return []
  const {changesOfOperations} = await import('../sql/losses/changes-of-operations.ts')
  const all: (readonly DataChange[])[] = []
  for (const {recorder, statements} of prepared) {
    const operations = recorder?.known.map(({operation}) => operation)
    if (operations !== undefined) all.push(await changesOfOperations(operations, dialect, registry))
    else all.push((await Promise.all(statements.map(async ({sql}) => changesOfText(sql, dialect)))).flat())
  }
  return all
}

/** Whether a step may drop something; what it does later is not known while it waits for the database. */
function isDropping({statements, isWaiting}: PreparedStep): boolean {
  return isWaiting || statements.some(({sql}) => mayLoseData.test(sql))
}
