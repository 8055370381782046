import type {CatalogueObject, SnapshotDifference} from '../../catalogue/snapshot/snapshot.ts'
import type {MigError} from '../../errors.ts'
import type {RevisionId} from '../../graph/revision.ts'
import {hidePasswords} from '../../util/secrets.ts'

/** The codes of findings. All but those about rows are errors. */
type RehearsalCode =
  /** The upgrade, the downgrade or the second upgrade fails. */
  | 'REHEARSAL_FAILED'
  /** An object is not as before after the downgrade. */
  | 'NOT_UNDONE'
  /** An object is not the same after the second upgrade. */
  | 'NOT_REPEATED'
  /** The second upgrade runs other statements. */
  | 'NOT_DETERMINISTIC'
  /** It fails only if the tables have rows. */
  | 'FAILS_WITH_ROWS'
  /** Rows are not as before after the downgrade. */
  | 'ROWS_CHANGED'

/** An object that differs, with both definitions; a missing object has none. */
export interface ObjectDifference {
  readonly kind: string
  readonly table?: string
  readonly name: string
  readonly before: string | null
  readonly after: string | null
}

/** Something that a rehearsal found about a revision. */
export interface RehearsalFinding {
  readonly code: RehearsalCode
  readonly level: 'error' | 'warning'
  readonly message: string
  readonly hint: string
  readonly difference?: ObjectDifference
}

/** Returns a difference with the definitions as text. */
export function differenceOf({before, after, properties}: SnapshotDifference): ObjectDifference {
  const {kind, table, name} = before ?? after ?? {kind: 'table', name: ''}
  const text = (object: CatalogueObject | undefined): string | null =>
    object === undefined ? null : hidePasswords(definitionText(object, properties))
  return {kind, ...(table !== undefined && {table}), name, before: text(before), after: text(after)}
}

/** @param properties the properties to include; all if empty */
function definitionText({definition}: CatalogueObject, properties: readonly string[]): string {
  const entries = Object.entries(definition).filter(([, value]) => value !== null)
  const wanted = properties.length === 0 ? entries : entries.filter(([name]) => properties.includes(name))
  const [only, ...others] = wanted
  if (only === undefined) return properties.length === 0 ? '' : `no ${properties.join(', ')}`
  if (others.length === 0 && only[0] === 'sql') return String(only[1])
  return wanted.map(([name, value]) => `${name} ${value}`).join(', ')
}

/** Returns the name of an object with its kind. */
function objectName({kind, table, name}: Pick<ObjectDifference, 'kind' | 'table' | 'name'>): string {
  if (table === undefined) return `${kind} ${name}`
  return name === '' ? `${kind} of ${table}` : `${kind} ${table}.${name}`
}

/** Returns the finding for an object that the downgrade does not restore. */
export function notUndone(revision: RevisionId, file: string, difference: ObjectDifference): RehearsalFinding {
  const {before, after} = difference
  const object = objectName(difference)
  const what =
    before === null
      ? `leaves ${object} behind${after === '' ? '' : `: ${after}`}`
      : after === null
        ? `does not restore ${object}${before === '' ? '' : `: ${before}`}`
        : `does not restore ${object}: it was ${before} and is ${after}`
  return {
    code: 'NOT_UNDONE',
    level: 'error',
    message: `The downgrade of revision ${revision} ${what}.`,
    hint: `Complete the downgrade in ${file}, or declare the revision irreversible.`,
    difference,
  }
}

function definitionOrState(definition: string | null): string {
  return definition === null ? 'missing' : definition || 'there'
}

/** Returns the finding for an object that differs after the second upgrade. */
export function notRepeated(revision: RevisionId, file: string, difference: ObjectDifference): RehearsalFinding {
  const {before, after} = difference
  return {
    code: 'NOT_REPEATED',
    level: 'error',
    message: `After its downgrade, the upgrade of revision ${revision} creates another ${objectName(difference)}: it was ${definitionOrState(before)} and is ${definitionOrState(after)}.`,
    hint: `Make the upgrade in ${file} independent of time, chance and what an earlier upgrade left.`,
    difference,
  }
}

function quoted(sql: string | undefined): string {
  return sql === undefined ? 'nothing' : `\`${hidePasswords(sql.trim())}\``
}

/** Returns the finding for an upgrade whose second run executes other statements. */
export function notDeterministic(
  revision: RevisionId,
  file: string,
  first: readonly string[],
  second: readonly string[],
): RehearsalFinding {
  const [longer, shorter] = first.length < second.length ? [second, first] : [first, second]
  const at = longer.findIndex((sql, i) => sql !== shorter[i])
  return {
    code: 'NOT_DETERMINISTIC',
    level: 'error',
    message: `The upgrade of revision ${revision} is not deterministic: it ran ${quoted(first[at])} first and ${quoted(second[at])} the second time.`,
    hint: `Replace values of the clock or of chance in ${file} by constants, or compute them in SQL.`,
  }
}

/** Returns the reason and the place of a failure, without the name of the revision. */
export function reasonOf({code, lines, message, data}: MigError): string {
  if (code !== 'REVISION_FAILED') return lines[0] ?? message
  const {reason, place} = data as {readonly reason: string; readonly place?: string}
  return `${reason.replace(/\.$/, '')}${place === undefined ? '' : ` (${place})`}.`
}

/** Returns the finding for a failed step. */
export function failed(error: MigError, title: string, hint?: string): RehearsalFinding {
  return {
    code: 'REHEARSAL_FAILED',
    level: 'error',
    message: `${title}: ${reasonOf(error)}`,
    hint: hint ?? error.hint ?? 'Fix the revision.',
  }
}

const aboutNull = /\bnull\b/i

/** Returns the finding for a step that fails only with rows. */
export function failsWithRows(error: MigError, revision: RevisionId): RehearsalFinding {
  const reason = reasonOf(error)
  return {
    code: 'FAILS_WITH_ROWS',
    level: 'warning',
    message: aboutNull.test(reason)
      ? `Revision ${revision} requires a value for existing rows: ${reason}`
      : `Revision ${revision} works on empty tables and fails with rows: ${reason}`,
    hint: aboutNull.test(reason)
      ? 'Add a default, or add the column as nullable, fill it, and make it not null afterwards.'
      : 'Change the existing rows first.',
  }
}

/** Returns the finding for rows of a table that an upgrade and a downgrade change. */
export function rowsChanged(revision: RevisionId, table: string, before: number, after: number): RehearsalFinding {
  const what = before === after ? 'other values' : `${after} rows instead of ${before}`
  return {
    code: 'ROWS_CHANGED',
    level: 'warning',
    message: `After the upgrade and the downgrade of revision ${revision}, table ${table} has ${what}.`,
    hint: 'Restore the rows in the downgrade, or declare the revision irreversible.',
  }
}
