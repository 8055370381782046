import {MigError} from '../errors.ts'
import {defaultDialect} from '../dialects/dialect.ts'
import {grammarOf} from '../sql/translation/grammars.ts'
import {visitStatements} from '../dialects/split/postgres.ts'
import type {Dialect, Operation} from '../operations/operation.ts'
import type {OperationRegistry} from '../operations/registry.ts'
import {readOpCalls} from '../script/op-calls.ts'
import {readSqlSections} from '../script/sql-file.ts'
import {isTree} from '../sql/effects/tree.ts'
import type {Tree} from '../sql/effects/tree.ts'
import {namedOnly} from '../sql/model/statements.ts'
import {statementsOfCall, statementsOfOperation, tableOfIndex} from './call-statements.ts'
import type {CallTexts} from './call-statements.ts'

/** The upgrade of a revision as PostgreSQL's syntax trees, read from its text without running it. */
export interface RevisionStatements {
  readonly statements: readonly Tree[]
  /** The parts that are not known, as noun phrases. */
  readonly unclear: readonly string[]
  /** Those of which at least all objects are known. */
  readonly vague: readonly string[]
  /** The number of statements before the first part that is not known. */
  readonly unreadAt?: number
}

/** Ways to read SQL texts. */
export interface SqlReading {
  /** Rewrites a text of another dialect for PostgreSQL's parser. */
  readonly rewrite?: ((sql: string) => string) | undefined
  /** Whether statements after one that cannot be parsed are read. */
  readonly continues?: boolean
  /** The database whose SQL the texts are, if it is not read as PostgreSQL's. */
  readonly dialect?: Dialect
}

/** Returns the statements of the upgrade in a revision file. */
export async function statementsIn(
  file: string,
  text: string,
  registry: OperationRegistry,
  reading?: SqlReading,
): Promise<RevisionStatements> {
  const found = new Statements(reading)
  try {
    if (file.toLowerCase().endsWith('.sql')) await found.addText(readSqlSections(text, file).upgrade.sql)
    else {
      const written = readOpCalls(text, 'upgrade')
      if (written === undefined || written.isPartial) found.addUnclear('code that cannot be evaluated statically')
      const dialect = reading?.dialect ?? defaultDialect
      for (const call of written?.calls ?? []) await found.add(statementsOfCall(call, registry, dialect))
    }
  } catch (error) {
    if (!(error instanceof MigError)) throw error
    found.addUnclear('a file that cannot be read')
  }
  return found.all()
}

/** Returns the statements of a SQL text. */
export async function statementsOfText(sql: string, reading?: SqlReading): Promise<RevisionStatements> {
  const found = new Statements(reading)
  await found.addText(sql)
  return found.all()
}

/** Returns the statements of operations that were recorded. */
export async function statementsOfOperations(
  operations: readonly Operation[],
  dialect: Dialect,
  registry: OperationRegistry,
  reading?: SqlReading,
): Promise<RevisionStatements> {
  const found = new Statements(reading)
  const open = operations.toReversed()
  for (let operation = open.pop(); operation !== undefined; operation = open.pop()) {
    const definition = registry.definitionOf(operation)
    if (definition.batch !== undefined) {
      open.push(...definition.batch(operation as never).operations.toReversed())
      continue
    }
    const text = definition.text?.(operation as never, dialect)
    if (text !== undefined) await found.addText(text)
    else if (definition.text === undefined)
      await found.add(statementsOfOperation(operation, definition), tableOfIndex(operation))
  }
  return found.all()
}

/** Statements in the order in which they are added, and the parts that are not known. */
class Statements {
  readonly #statements: Tree[] = []
  readonly #unclear = new Set<string>()
  readonly #vague = new Set<string>()
  readonly #reading: SqlReading
  #unreadAt: number | undefined

  constructor(reading: SqlReading = {}) {
    this.#reading = reading
  }

  /** @param ofTable the table of an index that a statement drops or renames */
  async addText(sql: string, ofTable?: string): Promise<void> {
    const {rewrite, dialect = defaultDialect} = this.#reading
    const grammar = grammarOf(dialect)
    if (grammar === undefined) return this.#addParsed(rewrite?.(sql) ?? sql, ofTable)
    const {parseTranslated} = await import('../sql/translation/parse.ts')
    const {statements, unclear, vague, unreadAt} = await parseTranslated(sql, grammar)
    if (unreadAt !== undefined) this.#unreadAt ??= this.#statements.length + unreadAt
    this.#statements.push(...statements)
    for (const part of unclear) this.#unclear.add(part)
    for (const part of vague) this.#vague.add(part)
  }

  async #addParsed(sql: string, ofTable?: string): Promise<void> {
    const add = (statement: Tree): void => {
      const [command = ''] = Object.keys(statement)
      const node = statement[command]
      this.#statements.push(ofTable !== undefined && isTree(node) ? {[command]: {...node, ofTable}} : statement)
    }
    const start = this.#statements.length
    const {continues = false} = this.#reading
    if (await visitStatements(sql, add, continues)) return
    this.#addUnread(this.#unclear, 'SQL that PostgreSQL cannot parse', continues ? start : undefined)
  }

  async add(found: CallTexts, ofTable?: string): Promise<void> {
    if ('texts' in found)
      for (const sql of found.texts) await (found.isPostgres ? this.#addParsed(sql) : this.addText(sql, ofTable))
    else {
      this.#addUnread(found.isVague ? this.#vague : this.#unclear, found.unclear)
      this.#statements.push({[namedOnly]: found.named})
    }
  }

  addUnclear(part: string): void {
    this.#addUnread(this.#unclear, part)
  }

  #addUnread(parts: Set<string>, part: string, at = this.#statements.length): void {
    parts.add(part)
    this.#unreadAt ??= at
  }

  all(): RevisionStatements {
    const found = {statements: this.#statements, unclear: [...this.#unclear], vague: [...this.#vague]}
    return this.#unreadAt === undefined ? found : {...found, unreadAt: this.#unreadAt}
  }
}
