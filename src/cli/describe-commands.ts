import {Config} from '@oclif/core/config'
import {CLIError} from '@oclif/core/errors'
import {nearest} from '../util/text.ts'
import {flagsWithoutValue, flagsWithValue, helpFlags} from './global-flags.ts'
import MigHelp from './help.ts'
import {byOtherName} from './other-names.ts'
import {UnknownCommandError} from './unknown-command.ts'

/**
 * Prints help, or explains why no command was run.
 *
 * @param args the command line, the command first
 * @param root the absolute path of the folder that package.json is in
 * @throws MigError UNKNOWN_COMMAND; CLIError
 */
export async function describeCommands(args: readonly string[], root: string): Promise<void> {
  const [command] = args
  if (command !== undefined && [...flagsWithValue, ...flagsWithoutValue].includes(command))
    throw new CLIError('No command was given')
  if (command?.startsWith('-') && !helpFlags.includes(command)) throw new CLIError(`Unknown flag ${command}`)
  const config = await Config.load({root, userPlugins: false, devPlugins: false})
  if (command !== undefined && !command.startsWith('-') && config.findCommand(command) === undefined) {
    const visible = config.commands.filter((one) => !one.hidden).map((one) => one.id)
    throw new UnknownCommandError(command, byOtherName(command) ?? nearest(command, visible))
  }
  await new MigHelp(config).showHelp([...args])
}
