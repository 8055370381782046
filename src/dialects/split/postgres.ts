import type * as PgQuery from 'libpg-query'
import type {ParseResult} from 'libpg-query'
import type {StatementPart, Transactionality} from '../statement-part.ts'

type Node = NonNullable<NonNullable<ParseResult['stmts']>[number]['stmt']>

const inside: Transactionality = {kind: 'inside'}
const outside = (command: string): Transactionality => ({kind: 'outside', command})

/** Matches all statements that may not run inside a transaction, so that other texts need not be parsed. */
const suspicious =
  /\b(?:concurrently|vacuum|database|tablespace|system|cluster|reindex|subscription|discard|call|do|begin|start|commit|end|rollback|abort|prepare|stdin)\b|^\\/im

let parser: typeof PgQuery | undefined

/**
 * Splits a text into statements with PostgreSQL's own parser. A text with a syntax error is a single statement: the
 * database will report the error.
 */
export async function splitPostgres(text: string): Promise<readonly StatementPart[]> {
  const alone = text.trimEnd().replace(/;$/, '')
  if (/^\s*[a-z(]/i.test(alone) && !alone.includes(';') && !suspicious.test(alone)) return whole(alone)
  const parsed = await parsePostgres(text)
  if (parsed === undefined) {
    const unrestricted = withoutRestrictions(text)
    return unrestricted === text ? (clientCommandIn(text) ?? whole(text)) : splitPostgres(unrestricted)
  }
  // The parser counts UTF-8 bytes.
  const bytes = Buffer.from(text)
  return (parsed.stmts ?? []).map(({stmt, stmt_location: start = 0, stmt_len: length}) => {
    const raw = bytes.subarray(start, length ? start + length : undefined).toString()
    const sql = raw.trim()
    const offset = bytes.subarray(0, start).toString().length + raw.indexOf(sql)
    return {sql, offset, transactionality: stmt === undefined ? inside : transactionalityOf(stmt)}
  })
}

const restriction = /^\\(?:un)?restrict\b.*$/gm
const clientCommand = /^\\[a-z!?]+|^copy\b[^;]*\bfrom\s+stdin\b/im

/** Blanks the lines with which `pg_dump` keeps psql from running commands that are hidden in the data. */
function withoutRestrictions(text: string): string {
  return text.replaceAll(restriction, (line) => ' '.repeat(line.length))
}

/** Returns the first command in a text that only psql understands. */
function clientCommandIn(text: string): readonly StatementPart[] | undefined {
  const found = clientCommand.exec(text)
  if (found === null) return undefined
  const command = found[0].startsWith('\\') ? found[0] : copyFromStdin
  return [{sql: found[0], offset: found.index, transactionality: {kind: 'client', command}}]
}

const copyFromStdin = 'COPY … FROM stdin'

/** Returns the syntax tree of a text, or undefined if it has a syntax error. */
export async function parsePostgres(text: string): Promise<ParseResult | undefined> {
  parser ??= await loadParser()
  try {
    return parser.parseSync(text)
  } catch {
    return undefined
  }
}

async function loadParser(): Promise<typeof PgQuery> {
  const module = await import('libpg-query')
  await module.loadModule()
  return module
}

function whole(text: string): readonly StatementPart[] {
  const sql = text.trim()
  return sql === '' ? [] : [{sql, offset: text.indexOf(sql), transactionality: inside}]
}

/** @see https://www.postgresql.org/docs/current/sql-commands.html, for whether each command can run in a transaction */
function transactionalityOf(statement: Node): Transactionality {
  if ('TransactionStmt' in statement) return controlBy(statement.TransactionStmt.kind ?? '')
  if ('IndexStmt' in statement) return statement.IndexStmt.concurrent ? outside('CREATE INDEX CONCURRENTLY') : inside
  if ('DropStmt' in statement) return statement.DropStmt.concurrent ? outside('DROP INDEX CONCURRENTLY') : inside
  if ('ReindexStmt' in statement) {
    const {kind, params = []} = statement.ReindexStmt
    const isConcurrent = params.some((param) => 'DefElem' in param && param.DefElem.defname === 'concurrently')
    return isConcurrent || wideReindexes.has(kind ?? '') ? outside('REINDEX') : inside
  }
  if ('VacuumStmt' in statement) return statement.VacuumStmt.is_vacuumcmd ? outside('VACUUM') : inside
  if ('ClusterStmt' in statement) return statement.ClusterStmt.relation ? inside : outside('CLUSTER')
  if ('AlterTableStmt' in statement) {
    const detaches = (statement.AlterTableStmt.cmds ?? []).some((cmd) => {
      const partition = 'AlterTableCmd' in cmd ? cmd.AlterTableCmd.def : undefined
      return partition !== undefined && 'PartitionCmd' in partition && partition.PartitionCmd.concurrent === true
    })
    return detaches ? outside('ALTER TABLE … DETACH PARTITION CONCURRENTLY') : inside
  }
  if ('CopyStmt' in statement) {
    const {is_from: isFrom, filename} = statement.CopyStmt
    return isFrom === true && filename === undefined ? {kind: 'client', command: copyFromStdin} : inside
  }
  if ('CallStmt' in statement || 'DoStmt' in statement) return {kind: 'commits'}
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
  DiscardStmt: 'DISCARD',
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
