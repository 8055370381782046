import {connect} from '../../src/runner/connection/connect.ts'
import {withSession} from './session.ts'
import {catalogueOf} from './catalogue.ts'
import type {TestDatabase} from './databases.ts'

const state = [
  'select revision, is_head, down_revisions, message, content_id, applied_by from mig_version order by revision',
  'select action, revision, outcome, tag, statements_done, statements_total, statement from mig_log order by id',
]

/** Returns all that a database has, as lines: its catalogue, and what mig wrote down. */
export async function snapshotOf({url}: TestDatabase): Promise<readonly string[]> {
  const connection = await connect({kind: 'url', url}, process.cwd())
  try {
    return await withSession(connection, undefined, async (session) => {
      const catalogue = await catalogueOf(session)
      const lines = catalogue.map((line) => line.trim()).filter((line) => !line.includes('mig_version_lock'))
      for (const query of state)
        for (const row of await session.query<object>(query)) lines.push(JSON.stringify(Object.values(row)))
      return lines
    })
  } finally {
    await connection.close()
  }
}
