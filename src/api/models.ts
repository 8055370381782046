import type {Directive} from '../config/autogenerate.ts'
import type {AutogenerateOptions, AutogenerateResult} from '../autogenerate/autogenerate.ts'
import type {Rehearsal} from '../autogenerate/rehearse-revision.ts'
import type {CompareModelsOptions, ModelDifference} from '../autogenerate/compare-models.ts'

/** Writes a revision that brings the database in line with the entities. */
export async function autogenerate(options: AutogenerateOptions): Promise<AutogenerateResult> {
  return (await import('../autogenerate/autogenerate.ts')).autogenerate(options)
}

/** Compares the entities with the schema that the revisions create: one result per database. */
export async function compareModels(options: CompareModelsOptions): Promise<readonly ModelDifference[]> {
  return (await import('../autogenerate/compare-models.ts')).compareModels(options)
}

/** Returns the operations of a revision, in both directions, after the hooks of the configuration. */
export async function produceOperations(options: CompareModelsOptions): Promise<readonly Directive[]> {
  return (await import('../autogenerate/autogenerate.ts')).produceOperations(options)
}

export type {AutogenerateOptions, AutogenerateResult, CompareModelsOptions, ModelDifference, Rehearsal}
