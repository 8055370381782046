import type {SnapshotDifference} from '../catalogue/snapshot/snapshot.ts'
import {MigError} from '../errors.ts'
import type {RevisionId} from '../graph/revision.ts'
import {shellCommand} from '../util/shell.ts'
import {listOf} from '../util/text.ts'
import {differenceText, withoutConsequences} from './difference-text.ts'
import type {Refusal} from './trial.ts'

/** Thrown when a baseline cannot be made or recorded here. */
export class BaselineRefusedError extends MigError {
  constructor(message: string, hint: string, data: object = {}) {
    super('BASELINE_REFUSED', message, {hint, data})
  }
}

/** Thrown when a database and its baseline are not equal. */
export class BaselineDiffersError extends MigError {
  constructor(
    message: string,
    hint: string,
    differences: readonly SnapshotDifference[],
    refused: readonly Refusal[] = [],
  ) {
    const texts = [...withoutConsequences(differences).map(differenceText), ...refused.map(({reason}) => reason)]
    super('BASELINE_DIFFERS', `${message}: ${listOf(texts, 8)}.`, {hint, data: {differences: texts}})
  }
}

/** Thrown when a dump cannot be run. */
export class InvalidDumpError extends MigError {
  constructor(file: string, line: number, reason: string, hint: string) {
    super('INVALID_DUMP', `${file}:${line}: ${reason}.`, {hint, data: {file, line}})
  }
}

/** Returns the error for a baseline that does not create the database. */
export function notProved(
  database: string,
  differences: readonly SnapshotDifference[],
  refused: readonly Refusal[],
): BaselineDiffersError {
  return new BaselineDiffersError(
    `The baseline of ${database} does not create the same schema on an empty database`,
    'Nothing was written. Change these objects, or write the revision by hand with `mig revision -m "baseline"` and record it with `mig stamp head`.',
    differences,
    refused,
  )
}

/** Returns the error for a database that is not as the baseline revision creates it. */
export function notAsBaseline(
  database: string,
  revision: RevisionId,
  differences: readonly SnapshotDifference[],
): BaselineDiffersError {
  return new BaselineDiffersError(
    `${database} differs from the baseline ${revision}`,
    `Nothing was recorded. Remove the differences, or record the database as it is with \`${shellCommand`mig stamp ${revision}`}\`.`,
    differences,
  )
}
