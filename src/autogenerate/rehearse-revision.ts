import {comparedDatabase} from '../catalogue/compared-database.ts'
import type {Directive} from '../config/autogenerate.ts'
import type {OpenDatabase} from '../engine/databases.ts'
import type {ScriptProject} from '../engine/project.ts'
import {roundTrip} from '../rehearsal/round-trip.ts'
import type {RoundTrip} from '../rehearsal/round-trip.ts'
import type {RefusedOperation} from '../rehearsal/refused-operations.ts'
import {namesIn} from '../rehearsal/touched.ts'
import {reasonOf} from '../rehearsal/reason.ts'
import {compareOptionsOf} from './compare-models.ts'
import type {CompareModelsOptions, ComparedProjectDatabase} from './compare-models.ts'
import {compareSchemas} from './compare.ts'
import {detectedBy} from './describe.ts'
import type {Marks} from './render/comment.ts'
import type {IsKnown} from './unknown.ts'

/** The time that a rehearsal waits for a table lock at most, in milliseconds. */
const longestWait = 2000

/** The outcome of the rehearsal of a revision on one database. */
export interface Rehearsal extends RoundTrip {
  /** The name of the database, if the configuration has several. */
  readonly database: string | undefined
  /** Why it could not be rehearsed. */
  readonly notRehearsed?: string
}

/** Rehearses the operations of a revision, up, down and up again, on open databases. */
export async function rehearseRevision(
  project: ScriptProject,
  options: CompareModelsOptions,
  directives: readonly Directive[],
  databases: readonly ComparedProjectDatabase[],
): Promise<readonly Rehearsal[]> {
  const rehearsals: Rehearsal[] = []
  for (const directive of directives) {
    const found = databases.find(({database}) => database.name === directive.database)
    if (found === undefined || directive.upgrade.length + directive.downgrade.length === 0) continue
    rehearsals.push(await rehearseOn(project, options, directive, found.database, found.isKnown))
  }
  return rehearsals
}

async function rehearseOn(
  project: ScriptProject,
  options: CompareModelsOptions,
  {database: name, upgrade, downgrade}: Directive,
  opened: OpenDatabase,
  isKnown: IsKnown,
): Promise<Rehearsal> {
  const {session} = opened
  const registry = await project.registry()
  const compare = await compareOptionsOf(project, {scratch: options.scratch}, opened, isKnown)
  const database = comparedDatabase(session)
  const {tableLockTimeout, autogenerate} = project.settings
  const touched = namesIn([...upgrade, ...downgrade])
  // A hook may leave out differences on purpose.
  const isChangedByHook = autogenerate.processRevisionDirectives !== undefined
  const unsettled = async (): Promise<readonly string[]> => {
    if (isChangedByHook || compare.realise === undefined) return []
    const {operations} = await compareSchemas(database, compare)
    // A copy of a schema may have only what the revision touches.
    const remaining = operations.filter((operation) => namesIn([operation]).intersection(touched).size > 0)
    return detectedBy(remaining, registry).map(({text}) => text.replace(/^Detected /, ''))
  }
  const schemas = [...(session.em.getDriver().getPlatform().supportsSchemas() ? schemasOf(opened) : [])]
  try {
    const found = await roundTrip({
      session,
      registry,
      upgrade,
      downgrade,
      schemas,
      // Whoever uses a table waits behind a rehearsal that waits for it.
      tableLock: Math.min(tableLockTimeout, longestWait),
      unsettled,
    })
    return {...found, database: name}
  } catch (error) {
    await session.stopIfAborted()
    return {
      database: name,
      refused: [],
      breaking: [],
      unsettled: [],
      notReverted: [],
      notRehearsed: reasonOf(error),
    }
  }
}

/** Returns the schemas that entities name. */
function schemasOf({session}: OpenDatabase): ReadonlySet<string> {
  const all = [...session.em.getMetadata().getAll().values()]
  return new Set(all.flatMap(({schema}) => (schema === undefined || schema === '*' ? [] : [schema])))
}

/** Returns what the rehearsals say of the operations of one direction that fail or break an object. */
export function marksOf(
  rehearsals: readonly Rehearsal[],
  database: string | undefined,
  direction: RefusedOperation['direction'],
): Marks {
  const own = rehearsals.filter((one) => one.database === database)
  const refused = own
    .flatMap((one) => one.refused)
    .filter((one) => one.direction === direction)
    .map(({index, reason, onlyWithRows}) => ({index, mark: {type: 'refused', reason, onlyWithRows} as const}))
  const breaking = (direction === 'upgrade' ? own : [])
    .flatMap((one) => one.breaking)
    .map(({index, ...object}) => ({index, mark: {type: 'breaking', ...object} as const}))
  const byIndex = Map.groupBy([...refused, ...breaking], ({index}) => index)
  return new Map([...byIndex].map(([index, found]) => [index, found.map(({mark}) => mark)]))
}
