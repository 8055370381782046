import {MigError} from '../errors.ts'
import {messageOf} from '../util/error-info.ts'
import {listOf} from '../util/text.ts'

/** A history that cannot be imported. */
export class ImportRefusedError extends MigError {
  /** @param reason the end of a sentence about the file */
  constructor(file: string, reason: string, hint: string, cause?: unknown) {
    super('IMPORT_REFUSED', `${file} cannot be imported: ${reason}.`, {
      hint: `${hint} No file was written.`,
      data: {file, reason},
      cause,
    })
  }
}

/** A package of another tool that the project does not have. */
export class ImportPackageMissingError extends MigError {
  constructor(name: string, folder: string, cause: unknown) {
    super(
      'IMPORT_PACKAGE_MISSING',
      `The migrations in ${folder} are code, and the package ${name} that runs them cannot be loaded: ${messageOf(cause).split('\n', 1).join('')}.`,
      {hint: `Install ${name} in the project until its migrations are imported.`, data: {package: name, folder}, cause},
    )
  }
}

/** The record of another tool that does not fit its history. */
export class ImportStateError extends MigError {
  /** @param faults sentences about migrations */
  constructor(table: string, database: string, faults: readonly string[], hint: string) {
    super('IMPORT_STATE_REFUSED', `${table} of ${database} cannot be stamped: ${listOf(faults, 3)}.`, {
      hint: `${hint} The revisions were imported; nothing was stamped.`,
      data: {table, database, faults},
    })
  }
}
