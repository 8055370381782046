import type {AbstractSqlPlatform} from '@mikro-orm/sql'
import {awaitProject} from '../project-promises.ts'
import {OperationsRecorder} from '../operations/recorder.ts'
import type {Recorded, RecordingContext} from '../operations/operations.ts'
import type {Dialect} from '../operations/operation.ts'
import type {LoadedRevision} from '../script/load.ts'
import {mayRebuild} from '../sql/compile.ts'
import type {Compilation} from '../sql/compile.ts'
import {sqlContext} from '../sql/context.ts'
import {dialects} from '../dialects/dialects.ts'

/** The maximum length in bytes: a MySQL `text` column holds 65,535. */
const longest = 60_000

/**
 * Returns the SQL that reverts a revision, as the downgrade section of a SQL file; undefined if it depends on the
 * database or does not fit such a section. Sends no queries.
 */
export async function downgradeSqlOf(
  {reverted, revision}: LoadedRevision,
  context: RecordingContext,
  platform: AbstractSqlPlatform,
): Promise<string | undefined> {
  if (context.offline || !revision.transactional) return undefined
  try {
    const body = reverted?.()
    if (body === undefined) return undefined
    if (body.kind === 'sql') return fitting(body.sql.trim())
    const recorder = new OperationsRecorder(context)
    const {run} = body
    const reached = await awaitProject(`The downgrade of ${revision.id}`, async () => recorder.start(run))
    if (reached !== 'finished') return undefined
    recorder.close()
    return await textOf(recorder.known, {...context, platform})
  } catch {
    // An upgrade must not fail because its downgrade would.
    return undefined
  }
}

async function textOf(
  recorded: readonly Recorded[],
  {dialect, platform, registry}: Compilation,
): Promise<string | undefined> {
  // A SQLite table rebuild depends on the table's definition at that time.
  if (await mayRebuild(recorded, {dialect, platform, registry})) return undefined
  const context = sqlContext(dialect, platform)
  const texts: string[] = []
  for (const {operation, outsideTransaction} of recorded) {
    const result = registry.definitionOf(operation).sql(operation as never, context)
    if (outsideTransaction || 'unsupported' in result || 'rebuilds' in result) return undefined
    const parts = 'text' in result ? [result.text] : result
    for (const part of parts) {
      if (typeof part !== 'string' || (await isDivided(part, dialect))) return undefined
      texts.push(ended(part))
    }
  }
  return fitting(texts.join('\n'))
}

/** Returns whether a SQL file would split this statement into several; by PostgreSQL's rules, it never is. */
async function isDivided(sql: string, dialect: Dialect): Promise<boolean> {
  const inner = sql.trim().replace(/;$/, '')
  const {capabilities, split} = dialects[dialect]
  if (capabilities.hasServerParser || !inner.includes(';')) return false
  return (await split(ended(sql), true)).length !== 1
}

/** Terminates a statement, on a new line if it ends in a comment. */
function ended(sql: string): string {
  const text = sql.trim().replace(/;$/, '')
  return /--[^\n]*$|#[^\n]*$/.test(text) ? `${text}\n;` : `${text};`
}

function fitting(sql: string): string | undefined {
  const isMarked = /^--[ \t]*(?:upgrade|downgrade)\s*$/im.test(sql)
  return isMarked || Buffer.byteLength(sql) > longest ? undefined : sql
}
