import type {Directive} from '../../autogenerate/project-rules.ts'
import type {AutogenerateOptions, AutogenerateResult} from './autogenerate.ts'
import type {CompareModelsOptions, ModelDifference} from './compare-models.ts'

/** Writes a revision that makes of the database what the entities describe. */
export async function autogenerate(options: AutogenerateOptions): Promise<AutogenerateResult> {
  return (await import('./autogenerate.ts')).autogenerate(options)
}

/** Compares the entities with what the history of revisions makes: one result for each database. */
export async function compareModels(options: CompareModelsOptions): Promise<readonly ModelDifference[]> {
  return (await import('./compare-models.ts')).compareModels(options)
}

/** Returns the operations of a revision, in both directions, as the hooks of the configuration leave them. */
export async function produceOperations(options: CompareModelsOptions): Promise<readonly Directive[]> {
  return (await import('./autogenerate.ts')).produceOperations(options)
}
