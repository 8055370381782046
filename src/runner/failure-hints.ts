import {codeOf} from '../util/error-info.ts'
import type {ScriptRevision} from '../script/revision-file.ts'
import {importedFrom, stampCommand} from '../script/imported.ts'
import {shellCommand} from '../util/shell.ts'
import {hintForLimit} from './connection/connection-errors.ts'

interface FailureHint {
  /** Error codes of the databases. */
  readonly codes: readonly string[]
  /** A condition on the message and the statement. */
  readonly when?: (message: string, statement: string) => boolean
  readonly hint: string
}

/**
 * Remedies for failures that are not mistakes of a revision, or whose remedy is not obvious.
 *
 * @see https://www.postgresql.org/docs/current/errcodes-appendix.html
 * @see https://dev.mysql.com/doc/mysql-errors/8.4/en/server-error-reference.html
 */
const hints: readonly FailureHint[] = [
  {
    codes: ['55P03', 'ER_LOCK_WAIT_TIMEOUT', 'SQLITE_BUSY', 'SQLITE_LOCKED'],
    hint: 'Run the same command again when the lock is released; `tableLockTimeout` in the configuration sets how long to wait.',
  },
  {codes: ['40P01', 'ER_LOCK_DEADLOCK'], hint: 'Run the same command again.'},
  {
    codes: ['57014'],
    when: (message) => message.includes('statement timeout'),
    hint: 'Raise or remove the limit: `statementTimeout` in the configuration, or that of the role or database.',
  },
  {
    codes: ['25P03'],
    hint: 'The server ends sessions that are idle in a transaction: raise `idle_in_transaction_session_timeout`, or do slow work before the first statement.',
  },
  {
    codes: ['55P04'],
    hint: 'A new enum value can be used only after a commit: add it in an earlier revision, or with `op.autocommit`.',
  },
  {
    codes: ['ER_PARSE_ERROR'],
    when: (_, statement) => /^create\s.*\b(?:trigger|procedure|function|event)\b.*\bbegin\b/is.test(statement),
    hint: 'A body with several statements needs another delimiter in a .sql file: put `DELIMITER //` before it, `//` after it, and then `DELIMITER ;`.',
  },
]

const isThere: ReadonlySet<string> = new Set([
  '42P07',
  '42710',
  '42723',
  '42P06',
  'ER_TABLE_EXISTS_ERROR',
  'SQLITE_ERROR',
])

/** Returns how to proceed if the first revision creates what a database already has. */
export function hintOfExisting(
  error: unknown,
  {id, isBaseline, description}: Pick<ScriptRevision, 'id' | 'isBaseline' | 'description'>,
): string | undefined {
  if (!isThere.has(codeOf(error)) || !(error instanceof Error) || !/\bexists\b/.test(error.message)) return undefined
  const imported = hintOfImported({description})
  if (imported !== undefined) return imported
  return isBaseline
    ? 'If the database has the schema of the baseline, record it without running the revision: `mig baseline --verify`.'
    : `If the database already has what the revision creates, record it without running the revision: \`${shellCommand`mig stamp ${id}`}\`.`
}

/** Returns how to proceed if a revision fails that another tool may have applied. */
function hintOfImported(revision: Pick<ScriptRevision, 'description'>): string | undefined {
  const origin = importedFrom(revision)
  if (origin === undefined) return undefined
  const where = origin.folder === undefined ? ', with the folder of its migrations' : ''
  return `If ${origin.tool} has applied it to the database, record that: \`${stampCommand(origin)}\`${where}.`
}

/** Returns how to proceed if an imported revision has no body yet. */
export function hintOfOpen(revision: Pick<ScriptRevision, 'description'>, error: unknown): string | undefined {
  const isOpen = error instanceof Error && error.message.includes(' without its statements: ')
  const imported = isOpen ? hintOfImported(revision) : undefined
  return imported && `Write its statements. ${imported}`
}

/** Returns how to proceed after a database error, if mig knows better than to change the revision. */
export function hintOfFailure(error: unknown, statement: string | undefined): string | undefined {
  const code = codeOf(error)
  const message = error instanceof Error ? error.message : ''
  const known = hints.find(({codes, when = () => true}) => codes.includes(code) && when(message, statement ?? ''))
  return known?.hint ?? hintForLimit(error)
}
