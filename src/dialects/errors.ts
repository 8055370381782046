import {MigError} from '../errors.ts'
import {messageOf} from '../util/error-info.ts'
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

/** The parser of PostgreSQL's SQL cannot be loaded. */
export class ParserMissingError extends MigError {
  constructor(cause: unknown) {
    super('PARSER_MISSING', `libpg-query, the parser of PostgreSQL's SQL, cannot be loaded: ${messageOf(cause)}.`, {
      hint: 'Install it, and where the application is bundled, keep it outside of the bundle: `--external:libpg-query`.',
      data: {package: 'libpg-query'},
      cause,
    })
  }
}
