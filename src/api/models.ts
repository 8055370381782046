import type {Directive} from '../config/autogenerate.ts'
import type {AutogenerateOptions, AutogenerateResult} from '../autogenerate/autogenerate.ts'
import type {CompareModelsOptions, ModelDifference} from '../autogenerate/compare-models.ts'

/** Writes a revision that makes of the database what the entities describe. */
export async function autogenerate(options: AutogenerateOptions): Promise<AutogenerateResult> {
  return (await import('../autogenerate/autogenerate.ts')).autogenerate(options)
}

/** Compares the entities with what the history of revisions makes: one result for each database. */
export async function compareModels(options: CompareModelsOptions): Promise<readonly ModelDifference[]> {
  return (await import('../autogenerate/compare-models.ts')).compareModels(options)
}

/** Returns the operations of a revision, in both directions, as the hooks of the configuration leave them. */
export async function produceOperations(options: CompareModelsOptions): Promise<readonly Directive[]> {
  return (await import('../autogenerate/autogenerate.ts')).produceOperations(options)
}

export type {AutogenerateOptions, AutogenerateResult, CompareModelsOptions, ModelDifference}
