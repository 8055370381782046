import type {RevisionStatements, SqlReading} from '../conflicts/revision-statements.ts'
import {dialects} from '../dialects/dialects.ts'
import {dialectsOf} from '../engine/dialect.ts'
import type {DatabaseDialect} from '../engine/dialect.ts'
import type {ProjectOptions, ScriptProject} from '../engine/project.ts'
import {MigError} from '../errors.ts'
import type {OperationRegistry} from '../operations/registry.ts'
import {readOpCalls} from '../script/op-calls.ts'
import type {ScriptRevision} from '../script/revision-file.ts'
import type {Tree} from '../sql/effects/tree.ts'
import type {SchemaModel} from '../sql/model/schema-model.ts'
import type {RevisionChanges} from './change.ts'
import {withModelledIndexNames} from './index-names.ts'
import {modelledChanges} from './modelled-changes.ts'

/** The changes of all revisions of a project, each after its parents, and their texts. */
export interface ChangedHistory {
  readonly changes: readonly RevisionChanges[]
  /** The texts, in the order of the changes. */
  readonly texts: readonly string[]
}

/**
 * Returns the changes of the schema by each revision, as its text says. Code that does more than to call operations is run
 * without a database.
 */
export async function changesOfHistory(project: ScriptProject, options: ProjectOptions): Promise<ChangedHistory> {
  const {graph} = project.scripts
  const revisions = graph.topological.map((id) => graph.get(id))
  const [texts, databases, registry] = await Promise.all([
    project.tree.read(revisions.map(({file}) => file)),
    dialectsOf(project),
    project.registry(),
  ])
  const contents: {readonly revision: string; readonly content: RevisionStatements}[] = []
  const read = {project, databases, registry, x: options.x ?? {}}
  for (const [i, revision] of revisions.entries())
    contents.push({revision: revision.id, content: await statementsOf(revision, texts[i] ?? '', read)})
  const hasOwnNames = databases.some(({dialect}) => dialects[dialect].capabilities.indexesPerTable)
  const prepare = hasOwnNames ? withModelledIndexNames : (_: SchemaModel, statement: Tree): Tree => statement
  return {changes: modelledChanges(contents, prepare), texts}
}

interface Reading {
  readonly project: ScriptProject
  readonly databases: readonly DatabaseDialect[]
  readonly registry: OperationRegistry
  readonly x: Readonly<Record<string, string>>
}

async function statementsOf(revision: ScriptRevision, text: string, reading: Reading): Promise<RevisionStatements> {
  const {databases, registry} = reading
  const isParsed = databases.every(({dialect}) => dialects[dialect].capabilities.hasServerParser)
  if (isSql(revision) || isPlain(text, isParsed)) {
    const {statementsIn} = await import('../conflicts/revision-statements.ts')
    const found = await statementsIn(revision.file, text, registry, readingOf(isParsed))
    if (isSql(revision) || found.unclear.length + found.vague.length === 0) return found
  }
  const all: RevisionStatements[] = []
  for (const database of databases) all.push(await recordedStatements(revision, database, reading))
  return combined(all)
}

const isSql = ({file}: ScriptRevision): boolean => file.toLowerCase().endsWith('.sql')

/** Code that may keep a call from being made, or make it depend on the database. */
const conditional = /\bif\b|\?|&&|\|\|/
/** Statements of which the text decides more than PostgreSQL's form of it says. */
const dependent = /\.\s*(?:execute|query|dropIndex|renameIndex)\b/

/** Whether the calls in the text of a revision are those that it makes. */
function isPlain(text: string, isParsed: boolean): boolean {
  if (conditional.test(text) || (!isParsed && dependent.test(text))) return false
  return readOpCalls(text, 'upgrade')?.isDeclarative ?? false
}

async function recordedStatements(
  revision: ScriptRevision,
  database: DatabaseDialect,
  {project, registry, x}: Reading,
): Promise<RevisionStatements> {
  const [{recordedOn}, {statementsOfOperations, statementsOfText}] = await Promise.all([
    import('../engine/effects.ts'),
    import('../conflicts/revision-statements.ts'),
  ])
  const {dialect} = database
  const reading = readingOf(dialects[dialect].capabilities.hasServerParser)
  try {
    const recorded = await recordedOn(project.tree, revision, 'upgrade', database, x, registry)
    if (recorded.kind === 'sql') return await statementsOfText(recorded.sql, reading)
    const found = await statementsOfOperations(recorded.operations, dialect, registry, reading)
    return {...found, unclear: [...found.unclear, ...recorded.unknown.map(({name}) => name)]}
  } catch (error) {
    if (!(error instanceof MigError)) throw error
    return {statements: [], unclear: ['code that fails without a database'], vague: []}
  }
}

/** Returns the statements for several databases, those that they have in common once. */
function combined(all: readonly RevisionStatements[]): RevisionStatements {
  const [only, ...others] = all
  if (only !== undefined && others.length === 0) return only
  const statements = new Map(
    all.flatMap((one) => one.statements).map((statement) => [JSON.stringify(statement), statement]),
  )
  return {
    statements: [...statements.values()],
    unclear: [...new Set(all.flatMap(({unclear}) => unclear))],
    vague: [...new Set(all.flatMap(({vague}) => vague))],
  }
}

const readingOf = (isParsed: boolean): SqlReading => ({
  continues: true,
  rewrite: isParsed ? undefined : withStandardQuotes,
})

const quotedOrString = /'(?:[^'\\]|\\.|'')*'|"[^"]*"|`(?<name>(?:[^`]|``)+)`/gs

/** Returns a text with names between backticks as PostgreSQL quotes them. */
const withStandardQuotes = (sql: string): string =>
  sql.replaceAll(quotedOrString, (part: string, name: string | undefined) =>
    name === undefined ? part : `"${name.replaceAll('``', '`').replaceAll('"', '""')}"`,
  )
