import {MigError} from '../errors.ts'

/** What was typed is no command. */
export class UnknownCommandError extends MigError {
  constructor(command: string, nearest: string | undefined) {
    super('UNKNOWN_COMMAND', `There is no command ${command}.`, {
      hint: nearest === undefined ? '`mig --help` lists the commands.' : `Did you mean \`mig ${nearest}\`?`,
      data: {command},
    })
  }
}
