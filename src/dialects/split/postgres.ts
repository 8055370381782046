import type * as PgQuery from 'libpg-query'
import type {ParseResult} from 'libpg-query'
import type {StatementPart, Transactionality} from '../statement-part.ts'
import {ParserMissingError} from '../errors.ts'
import {scanPostgres} from './postgres-scan.ts'

type Node = NonNullable<NonNullable<ParseResult['stmts']>[number]['stmt']>

const inside: Transactionality = {kind: 'inside'}
const outside = (command: string): Transactionality => ({kind: 'outside', command})

/** Commands of which some forms cannot run inside a transaction. */
const suspiciousCommands: ReadonlySet<string> = new Set(
  'alter create drop reindex vacuum cluster discard begin start commit end rollback abort prepare'.split(' '),
)

/** Matches all statements that may not run inside a transaction, so that other texts need not be parsed. */
const suspicious =
  /\b(?:concurrently|vacuum|database|tablespace|system|cluster|reindex|subscription|discard|begin|start|commit|end|rollback|abort|prepare)\b/i

/** The parser aborts on texts of many megabytes; a statement that must be alone in its transaction is short. */
const longestSuspicious = 100_000
const longestParsed = 1_000_000

let parser: typeof PgQuery | undefined

/** Splits a text into statements, and parses those that may not run inside a transaction. */
export async function splitPostgres(text: string): Promise<readonly StatementPart[]> {
  const statements: StatementPart[] = []
  for (const {sql, offset, command} of scanPostgres(withoutRestrictions(text)))
    statements.push({sql, offset, transactionality: await transactionalityOf(sql, command)})
  return statements
}

const restriction = /^\\(?:un)?restrict\b.*$/gm
const clientCommand = /^\\[a-z!?]+/i

/** Blanks the lines with which `pg_dump` keeps psql from running commands that are hidden in the data. */
function withoutRestrictions(text: string): string {
  return text.includes('restrict') ? text.replaceAll(restriction, (line) => ' '.repeat(line.length)) : text
}

/** Returns the command of a statement that only psql understands. */
function clientCommandIn(sql: string, command: string): string | undefined {
  if (command === 'copy' && /\bfrom\s+stdin\b/i.test(sql)) return 'COPY … FROM stdin'
  return clientCommand.exec(sql)?.[0]
}

/**
 * Passes the syntax tree of each statement to `visit`; returns false if a statement has a syntax error or is too long to be
 * parsed.
 *
 * @param continues whether later statements are visited as well
 */
export async function visitStatements(
  text: string,
  visit: (statement: Node) => void,
  continues = false,
): Promise<boolean> {
  let isParsed = true
  for (const {sql} of scanPostgres(text)) {
    const statements = sql.length > longestParsed ? undefined : await parsed(sql)
    if (statements === undefined) {
      isParsed = false
      if (!continues) return false
    } else for (const statement of statements) visit(statement)
  }
  return isParsed
}

/** Returns the syntax trees of a text, or undefined if it has a syntax error. */
async function parsed(text: string): Promise<readonly Node[] | undefined> {
  parser ??= await loadParser()
  try {
    return (parser.parseSync(text).stmts ?? []).flatMap(({stmt}) => stmt ?? [])
  } catch {
    return undefined
  }
}

/** As `visitStatements`, once the parser is loaded; returns undefined for a syntax error. */
export function parsePostgres(text: string): readonly Node[] | undefined {
  try {
    return (parser?.parseSync(text).stmts ?? []).flatMap(({stmt}) => stmt ?? [])
  } catch {
    return undefined
  }
}

/** @throws MigError PARSER_MISSING */
async function loadParser(): Promise<typeof PgQuery> {
  try {
    const module = await import('libpg-query')
    await module.loadModule()
    return module
  } catch (error) {
    throw new ParserMissingError(error)
  }
}

async function transactionalityOf(sql: string, command: string): Promise<Transactionality> {
  const clientOnly = clientCommandIn(sql, command)
  if (clientOnly !== undefined) return {kind: 'client', command: clientOnly}
  if (command === 'call' || command === 'do') return {kind: 'commits'}
  if (!suspiciousCommands.has(command) || sql.length > longestSuspicious || !suspicious.test(sql)) return inside
  const [statement] = (await parsed(sql)) ?? []
  return statement === undefined ? inside : transactionalityOfTree(statement)
}

/** @see https://www.postgresql.org/docs/current/sql-commands.html, for whether each command can run in a transaction */
function transactionalityOfTree(statement: Node): Transactionality {
  if ('TransactionStmt' in statement) return controlBy(statement.TransactionStmt.kind ?? '')
  if ('IndexStmt' in statement) return statement.IndexStmt.concurrent ? outside('CREATE INDEX CONCURRENTLY') : inside
  if ('DropStmt' in statement) return statement.DropStmt.concurrent ? outside('DROP INDEX CONCURRENTLY') : inside
  if ('ReindexStmt' in statement) {
    const {kind, params = []} = statement.ReindexStmt
    const isConcurrent = params.some((param) => 'DefElem' in param && param.DefElem.defname === 'concurrently')
    return isConcurrent || wideReindexes.has(kind ?? '') ? outside('REINDEX') : inside
  }
  if ('VacuumStmt' in statement) return statement.VacuumStmt.is_vacuumcmd ? outside('VACUUM') : inside
  if ('DiscardStmt' in statement)
    return statement.DiscardStmt.target === 'DISCARD_ALL' ? outside('DISCARD ALL') : inside
  if ('ClusterStmt' in statement) return statement.ClusterStmt.relation ? inside : outside('CLUSTER')
  if ('AlterTableStmt' in statement) {
    const detaches = (statement.AlterTableStmt.cmds ?? []).some((cmd) => {
      const partition = 'AlterTableCmd' in cmd ? cmd.AlterTableCmd.def : undefined
      return partition !== undefined && 'PartitionCmd' in partition && partition.PartitionCmd.concurrent === true
    })
    return detaches ? outside('ALTER TABLE … DETACH PARTITION CONCURRENTLY') : inside
  }
  const command = Object.keys(statement)[0] ?? ''
  return Object.hasOwn(neverInside, command) ? outside(neverInside[command] ?? command) : inside
}

const wideReindexes: ReadonlySet<string> = new Set([
  'REINDEX_OBJECT_SCHEMA',
  'REINDEX_OBJECT_SYSTEM',
  'REINDEX_OBJECT_DATABASE',
])

const neverInside: Readonly<Record<string, string>> = {
  CreatedbStmt: 'CREATE DATABASE',
  DropdbStmt: 'DROP DATABASE',
  CreateTableSpaceStmt: 'CREATE TABLESPACE',
  DropTableSpaceStmt: 'DROP TABLESPACE',
  AlterSystemStmt: 'ALTER SYSTEM',
  CreateSubscriptionStmt: 'CREATE SUBSCRIPTION',
  DropSubscriptionStmt: 'DROP SUBSCRIPTION',
}

function controlBy(kind: string): Transactionality {
  const command = kind.replace('TRANS_STMT_', '').replaceAll('_', ' ')
  const isSavepoint = ['SAVEPOINT', 'RELEASE', 'ROLLBACK TO'].includes(command)
  return isSavepoint ? inside : {kind: 'control', command}
}

/** Returns the index name and the quoted table of a CREATE INDEX; undefined if the index has no name. */
export async function indexOfConcurrent(
  sql: string,
): Promise<{readonly name: string; readonly table: string} | undefined> {
  parser ??= await loadParser()
  const statement = parser.parseSync(sql).stmts?.[0]?.stmt
  if (statement === undefined || !('IndexStmt' in statement)) return undefined
  const {idxname, relation} = statement.IndexStmt
  if (idxname === undefined || relation?.relname === undefined) return undefined
  const {schemaname, relname} = relation
  return {
    name: idxname,
    table: [schemaname, relname]
      .filter((part) => part !== undefined)
      .map(quoted)
      .join('.'),
  }
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}
