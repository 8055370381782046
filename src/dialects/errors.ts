import {MigError} from '../errors.ts'
import {hideInAddress} from '../util/secrets.ts'

/** A database URL that cannot be read, or lacks what it needs. */
export class InvalidDatabaseUrlError extends MigError {
  constructor(url: string, reason: string) {
    const shown = hideInAddress(url)
    super('INVALID_DATABASE_URL', `Invalid database URL ${shown}: ${reason}.`, {
      hint: 'A URL looks like mariadb://user@host:3306/name; docs/databases.md shows where the password goes.',
      data: {url: shown},
    })
  }
}
