import {compareSchemas} from './compare.ts'
import type {CompareOptions, Comparison} from './compare.ts'
import {detectedBy} from './describe.ts'
import type {Detected} from './describe.ts'
import type {ComparedDatabase} from '../catalogue/compared-database.ts'
import type {Answers} from './renames/answers.ts'
import type {Question} from './renames/questions.ts'
import type {UnknownObject} from './unknown.ts'
import type {RevisionGraph} from '../graph/revision-graph.ts'
import type {Dialect, Operation} from '../operations/operation.ts'
import {lossesOf} from '../sql/effects/losses.ts'
import {answersOf} from './renames/given-answers.ts'
import type {AnswerOptions} from './renames/given-answers.ts'
import {NoEntitiesError, NotAtHeadsError} from '../rehearsal/errors.ts'
import {comparedDatabase, hasEntities} from '../catalogue/compared-database.ts'
import {comparisonSettings} from './comparison-settings.ts'
import {appliedSetOf, withDatabases} from '../engine/databases.ts'
import type {DatabaseOptions, OpenDatabase} from '../engine/databases.ts'
import {contextOf} from '../engine/run-context.ts'
import {knownByHistory} from './known-by-history.ts'
import {refusePartiallyApplied} from '../engine/migrate.ts'
import {openScripts} from '../engine/project.ts'
import type {ScriptProject} from '../engine/project.ts'
import {withScratch} from '../rehearsal/scratch.ts'
import {dropNoops} from './drop-noops.ts'

export interface CompareModelsOptions extends DatabaseOptions, AnswerOptions {
  /** Whether to replay the history on a scratch database instead of comparing with the project's database. */
  readonly scratch?: boolean | undefined
  /** Asks whether objects were renamed, for questions without a given answer. */
  readonly ask?: ((questions: readonly Question[]) => Promise<Answers>) | undefined
}

/** The differences between the entities and one database. */
export interface ModelDifference {
  /** The name of the database, if the configuration has several. */
  readonly database: string | undefined
  readonly dialect: Dialect
  readonly detected: readonly Detected[]
  /** The operations that bring the database in line with the entities, in order. */
  readonly operations: readonly Operation[]
  /** Unanswered questions about renames; the old object is dropped and the new one added. */
  readonly questions: readonly Question[]
  /** Objects that exist only in the database, were not created by a revision, and are left alone. */
  readonly unknown: readonly UnknownObject[]
  /** False differences: rebuilding these objects changes nothing, so they were left out. */
  readonly unstable: readonly string[]
  /** Differences that remain after the operations. */
  readonly unsettled: readonly string[]
  /** The data lost when the operations are run. */
  readonly losesData: readonly string[]
}

/**
 * Compares the entities with the result of the revision history, in the project's database or in a scratch database.
 *
 * @throws MigError DATABASE_NOT_AT_HEADS, NO_ENTITIES, UNKNOWN_ANSWER
 */
export async function compareModels(options: CompareModelsOptions): Promise<readonly ModelDifference[]> {
  return compareProject(await openScripts(options), options)
}

/** As `compareModels`, for a loaded project. */
export async function compareProject(
  project: ScriptProject,
  options: CompareModelsOptions,
): Promise<readonly ModelDifference[]> {
  // Every tenant matches the history, so no tenant's schema is read.
  if (options.scratch || project.settings.tenants !== undefined)
    return withScratch(contextOf(project, options), async (database) =>
      differenceOf(project, options, database, async () => true),
    )
  return withDatabases(contextOf(project, options), async (databases) => {
    const compared = databases.filter(({session}) => hasEntities(session.em))
    if (compared.length === 0) throw new NoEntitiesError()
    const results: ModelDifference[] = []
    for (const database of compared) {
      refusePartiallyApplied(database)
      refuseElsewhere(project.scripts.graph, database)
      const isKnown = knownByHistory(project, options, database)
      results.push(await differenceOf(project, options, database, isKnown))
    }
    return results
  })
}

async function differenceOf(
  project: ScriptProject,
  options: CompareModelsOptions,
  {session, name}: OpenDatabase,
  isKnown: CompareOptions['isKnown'],
): Promise<ModelDifference> {
  const database = await comparedDatabase(session, project.root)
  const answers = await answersOf(project, options, name)
  const registry = await project.registry()
  const compare: CompareOptions = {...comparisonSettings(project), registry, isKnown, answers}
  const first = await compareSchemas(database, compare)
  const {before, asked} = await askedAgain(first, database, compare, options)
  const {tableLockTimeout} = project.settings
  const trial = {session, database, compare: asked, tableLockTimeout, onEvent: options.onEvent}
  const settled = await dropNoops(before, trial)
  const {operations} = settled
  return {
    ...settled,
    database: name,
    dialect: session.dialect,
    detected: detectedBy(operations, registry),
    questions: before.questions.map((question) => inDatabase(question, name)),
    unknown: before.unknown,
    losesData: await lossesOf(operations, session.dialect, registry),
  }
}

/** With several databases, an answer is prefixed with the name of its database. */
function inDatabase(question: Question, name: string | undefined): Question {
  if (name === undefined) return question
  return {...question, answers: question.answers.map((answer) => answer.replace(' ', ` ${name}/`))}
}

/** Asks the open questions, if `ask` is given, and compares again with the answers. */
async function askedAgain(
  first: Comparison,
  database: ComparedDatabase,
  compare: CompareOptions,
  {ask}: CompareModelsOptions,
): Promise<{readonly before: Comparison; readonly asked: CompareOptions}> {
  if (first.questions.length === 0 || ask === undefined) return {before: first, asked: compare}
  const {renames, drops} = await ask(first.questions)
  const answers = {
    renames: [...compare.answers.renames, ...renames],
    drops: [...compare.answers.drops, ...drops],
  }
  const asked = {...compare, answers}
  return {before: await compareSchemas(database, asked), asked}
}

/** @throws MigError DATABASE_NOT_AT_HEADS */
function refuseElsewhere(graph: RevisionGraph, database: OpenDatabase): void {
  const applied = appliedSetOf(database)
  const pending = graph.topological.filter((id) => !applied.has(id))
  const unknown = [...applied].filter((id) => !graph.has(id))
  if (pending.length > 0 || unknown.length > 0) throw new NotAtHeadsError(database.session.name, pending, unknown)
}
