import {dialects} from '../dialects/dialects.ts'
import type {Dialect} from '../dialects/dialect.ts'
import {reasonOf} from '../rehearsal/reason.ts'
import {CommandFailure} from '../runner/connection/command.ts'
import type {Session} from '../runner/connection/session.ts'
import {readProjectFile} from '../script/project-file.ts'
import {InvalidDumpError} from './errors.ts'

/**
 * Runs the statements of a dump that define a schema; rows, privileges and owners are left out.
 *
 * @param shown the name of the file in messages
 * @throws MigError INVALID_DUMP, FILE_UNREADABLE
 */
export async function loadDump(session: Session, path: string, shown: string): Promise<void> {
  const text = readProjectFile(path, shown)
  if (text.startsWith('PGDMP'))
    throw new InvalidDumpError(
      shown,
      1,
      'this is an archive of pg_dump and not SQL',
      'Dump the schema as SQL: `pg_dump --schema-only`.',
    )
  const {dialect} = session
  const {split, condense} = dialects[dialect]
  const sql = dialect === 'postgresql' ? withoutClientCommands(text, shown) : text
  for (const part of await split(sql, true, session.platform)) {
    await session.stopIfAborted()
    const line = lineOf(sql, part.offset)
    const statement = await condense(part.sql)
    refuseDatabases(statement, shown, line)
    const run = statementToRun(statement, part.sql, dialect)
    if (run === undefined) continue
    try {
      await session.send([{sql: run}])
    } catch (error) {
      if (!(error instanceof CommandFailure)) throw error
      // A setting may be unknown to this version of the server, and there is nothing to drop yet.
      if (/^(?:set|drop)\b/i.test(statement) || isShadow(error)) continue
      throw new InvalidDumpError(
        shown,
        line,
        `the database refuses a statement: ${reasonOf(error)}`,
        'Remove the statement from the file, or create what it needs, such as a role or an extension, on the server.',
      )
    }
  }
  if (dialect === 'postgresql') await session.send([{sql: 'reset all'}])
}

const copied = /^COPY\s[^;]*?\sFROM\s+stdin\b[^;\n]*;\r?\n[^]*?^\\\.\r?$/gim
const clientCommand = /^\\(?<command>[a-z!?]+)[^\n]*$/gim
/** Commands by which newer versions of pg_dump keep others from having an effect. */
const harmless: ReadonlySet<string> = new Set(['restrict', 'unrestrict'])

/** Removes a text and keeps its lines. */
const blank = (text: string): string => text.replaceAll(/[^\n]+/g, '')

/**
 * Returns the text of a dump without its rows and the commands of psql, with the same lines.
 *
 * @throws MigError INVALID_DUMP
 */
function withoutClientCommands(text: string, shown: string): string {
  const statements = text.replaceAll(copied, blank)
  for (const match of statements.matchAll(clientCommand)) {
    const command = match.groups?.['command'] ?? ''
    if (!harmless.has(command))
      throw new InvalidDumpError(
        shown,
        lineOf(statements, match.index),
        `\\${command} is a command of psql, which mig does not run`,
        command === 'connect' || command === 'c'
          ? 'Dump a single database without `--create`: `pg_dump --schema-only`.'
          : 'Remove the line from the file.',
      )
  }
  return statements.replaceAll(clientCommand, blank)
}

/** @throws MigError INVALID_DUMP */
function refuseDatabases(statement: string, shown: string, line: number): void {
  if (!/^(?:\/\*!\d+ )?(?:create (?:database|schema if not exists .* default character)|use )/i.test(statement)) return
  throw new InvalidDumpError(
    shown,
    line,
    'the dump chooses a database itself',
    'Dump a single database without `--create` or `--databases`, or remove the statement from the file.',
  )
}

/** Statements about rows, privileges, owners and transactions. */
const leftOut: Readonly<Record<'all' | Dialect, RegExp>> = {
  all: /^(?:insert|replace|update|delete|begin|start transaction|commit|grant|revoke|analyze)\b/i,
  postgresql:
    /^(?:copy|alter default privileges|alter database|security label|create publication|create subscription|comment on (?:extension|database))\b|^select pg_catalog\.(?:setval|lo_)|^alter\b[^]*\bowner to\b|^alter table\b[^]*\breplica identity\b/i,
  sqlite: /^(?:pragma)\b/i,
  mysql: /^(?:lock|unlock) tables\b|^\/\*!\d+ alter table .* (?:enable|disable) keys/i,
  mariadb: /^(?:lock|unlock) tables\b|^\/\*!\d+ alter table .* (?:enable|disable) keys/i,
}

function statementToRun(statement: string, sql: string, dialect: Dialect): string | undefined {
  if (dialect === 'sqlite') {
    // sqlite3 writes a virtual table as a row of the catalogue.
    const created = /^insert into sqlite_(?:schema|master)\b.*'(?<sql>create virtual table (?:[^']|'')*)'\)$/is.exec(
      statement,
    )
    if (created !== null) return created.groups?.['sql']?.replaceAll("''", "'")
  }
  if (leftOut.all.test(statement) || leftOut[dialect].test(statement)) return undefined
  return dialect === 'postgresql'
    ? sql.replace(/^create schema (?!if not exists)/i, 'create schema if not exists ')
    : sql
}

/** The tables of a virtual table on SQLite are created with it. */
function isShadow(error: CommandFailure): boolean {
  return /reserved for internal use/.test(reasonOf(error))
}

function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length
}
