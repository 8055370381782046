import type {Dialect, Operation} from '../../operations/operation.ts'
import type {OperationRegistry} from '../../operations/registry.ts'
import {changesOfText, mayLoseData} from './changes-of-text.ts'
import {lossesIn} from './data-change.ts'
import type {DataLoss} from './data-change.ts'

/** Returns the data known to be lost when operations are run. */
export async function lossesOf(
  operations: readonly Operation[],
  dialect: Dialect,
  {definitionOf}: OperationRegistry,
): Promise<readonly string[]> {
  const found = operations.map(async (operation): Promise<readonly string[]> => {
    const {text, losesData} = definitionOf(operation)
    return text === undefined
      ? [losesData?.(operation as never, dialect) ?? []].flat()
      : lossesOfText(text(operation as never, dialect) ?? '', dialect)
  })
  return (await Promise.all(found)).flat()
}

/** Returns the data known to be lost when a SQL text is run. */
export async function lossesOfText(text: string, dialect: Dialect): Promise<readonly string[]> {
  if (!mayLoseData.test(text)) return []
  const changes = await changesOfText(text, dialect)
  const some = changes.flatMap((change) => (change.kind === 'delete rows' ? [`some rows of ${change.table}`] : []))
  return [...lossesIn([changes]).flat().map(sentenceOf), ...new Set(some)]
}

function sentenceOf(loss: DataLoss): string {
  switch (loss.kind) {
    case 'rows':
      return `the rows of ${loss.table}`
    case 'values':
      return `the values in ${loss.table}.${loss.column}`
    case 'other values':
      return `the values in ${loss.table} that are not copied`
    case 'schema':
      return `everything in the schema ${loss.schema}`
  }
}
