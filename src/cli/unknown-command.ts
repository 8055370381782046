import {MigError} from '../errors.ts'

/** An unknown command. */
export class UnknownCommandError extends MigError {
  constructor(command: string, nearest: string | undefined) {
    super('UNKNOWN_COMMAND', `Unknown command ${command}.`, {
      hint: nearest === undefined ? '`mig --help` lists the commands.' : `Did you mean \`mig ${nearest}\`?`,
      data: {command},
    })
  }
}
