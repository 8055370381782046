import type {AbstractSqlPlatform} from '@mikro-orm/sql'
import type {Dialect, Operation} from '../../operations/operation.ts'
import {definitionOf} from '../../operations/registry.ts'
import {batchesOf, compileBatch} from '../../sql/compile.ts'

/**
 * Returns what stands in a section of a SQL revision.
 *
 * @throws MigError OPERATION_NOT_SUPPORTED where SQLite would have to make a table anew, which goes by what it is then
 */
export async function renderSql(
  operations: readonly Operation[],
  dialect: Dialect,
  platform: AbstractSqlPlatform,
): Promise<string> {
  const site = new Error('rendered')
  const lines: string[] = []
  for (const batch of batchesOf(
    operations.map((operation) => ({operation, site, isAlone: false})),
    dialect,
  )) {
    for (const {operation} of batch) {
      const lost = definitionOf(operation).losesData?.(operation as never)
      if (lost !== undefined) lines.push(`-- loses data: ${lost}`)
    }
    const statements = await compileBatch(batch, dialect, platform)
    lines.push(...statements.map(({sql}) => `${sql.trim().replace(/;$/, '')};`))
  }
  return lines.map((line) => `${line}\n`).join('')
}
