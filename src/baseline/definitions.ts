import type {CatalogueObject} from '../catalogue/snapshot/snapshot.ts'
import type {Operation} from '../operations/operation.ts'
import type {Stage} from '../operations/stage.ts'

/** An operation with the stage of the revision at which it runs. */
export interface StagedOperation {
  readonly stage: Stage
  readonly operation: Operation
}

/** The operations that create each object, by its name as `ownerOf` gives it. */
export type Definitions = ReadonlyMap<string, readonly StagedOperation[]>

/**
 * Returns the object that is created as a whole: the table, with its partitions, for the parts of a table.
 *
 * @param parents the partitioned tables of partitions
 */
export function ownerOf(
  {kind, table, name}: Pick<CatalogueObject, 'kind' | 'table' | 'name'>,
  parents: ReadonlyMap<string, string> = new Map(),
): string {
  const relation = table ?? (kind === 'table' || kind === 'view' ? name : undefined)
  return relation === undefined ? `${kind} ${name}` : `relation ${parents.get(relation) ?? relation}`
}

/** Collects the operations that create objects. */
export class DefinitionList {
  readonly #definitions = new Map<string, StagedOperation[]>()

  add(owner: string, stage: Stage, ...operations: readonly Operation[]): void {
    const list = this.#definitions.get(owner) ?? []
    this.#definitions.set(owner, list)
    list.push(...operations.map((operation) => ({stage, operation})))
  }

  /** Adds a statement, and the one that reverts it. */
  addSql(owner: string, stage: Stage, sql: string, inverse: string): void {
    this.add(owner, stage, {kind: 'execute', sql, parameters: [], inverse})
  }

  get all(): Definitions {
    return this.#definitions
  }
}
