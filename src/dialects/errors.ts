import {MigError} from '../errors.ts'
import {hideInAddress} from '../util/secrets.ts'

/** Thrown for an invalid or incomplete database URL. */
export class InvalidDatabaseUrlError extends MigError {
  constructor(url: string, reason: string) {
    const shown = hideInAddress(url)
    super('INVALID_DATABASE_URL', `Invalid database URL ${shown}: ${reason}.`, {
      hint: 'Use a URL such as mariadb://user@host:3306/name; for passwords, see docs/databases.md.',
      data: {url: shown},
    })
  }
}
