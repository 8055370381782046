import {CommandFailure} from '../runner/connection/command.ts'
import {messageOf} from '../util/error-info.ts'
import {temporaryNames} from './empty-database.ts'

/** Returns the words of the server for a failure, without the name of a temporary database before other names. */
export function reasonOf(error: unknown): string {
  return messageOf(error instanceof CommandFailure ? error.cause : error).replaceAll(qualifier, '')
}

const qualifier = new RegExp(String.raw`(?<quote>[\`"]?)${temporaryNames}\k<quote>[./]`, 'g')
