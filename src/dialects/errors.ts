import {MigError} from '../errors.ts'

/** A database URL that cannot be read, or lacks what it needs. */
export class InvalidDatabaseUrlError extends MigError {
  constructor(url: string, reason: string) {
    super('INVALID_DATABASE_URL', `${url} is no URL that mig can use: ${reason}.`, {
      hint: 'It looks like mariadb://user@host:3306/name, with a password as in docs/databases.md.',
      data: {url},
    })
  }
}
