import type {AbstractSqlPlatform} from '@mikro-orm/sql'
import type {Dialect, Operation} from '../../operations/operation.ts'
import type {OperationRegistry} from '../../operations/registry.ts'
import {lossesOf} from '../../sql/losses/sentences.ts'
import {batchesOf, compileBatch} from '../../sql/compile.ts'
import {escapeLine} from '../../util/controls.ts'
import {commentsOf} from './comment.ts'
import type {Marks} from './comment.ts'

/**
 * Returns the contents of a section of a SQL revision.
 *
 * @param marks what a rehearsal says of operations
 * @throws MigError OPERATION_NOT_SUPPORTED where SQLite has to rebuild a table, which depends on its definition at run time
 */
export async function renderSql(
  operations: readonly Operation[],
  dialect: Dialect,
  platform: AbstractSqlPlatform,
  registry: OperationRegistry,
  marks: Marks = new Map(),
): Promise<string> {
  const site = new Error('rendered')
  const compilation = {dialect, platform, registry}
  const lines: string[] = []
  for (const batch of batchesOf(
    operations.map((operation) => ({operation, site, outsideTransaction: false})),
    compilation,
  )) {
    const lost = await lossesOf(
      batch.map(({operation}) => operation),
      dialect,
      registry,
    )
    const comments = batch.flatMap(({operation}) =>
      commentsOf(operation, operations, registry, {dialect, marks: marks.get(operations.indexOf(operation))}),
    )
    const others = comments.filter((comment) => !comment.startsWith('loses data'))
    lines.push(...others.map((comment) => `-- ${comment}`), ...lost.map((loss) => `-- loses data: ${escapeLine(loss)}`))
    const statements = await compileBatch(batch, compilation)
    lines.push(...statements.map(({sql}) => `${sql.trim().replace(/;$/, '')};`))
  }
  return lines.map((line) => `${line}\n`).join('')
}
