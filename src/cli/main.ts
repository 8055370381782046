import {Config} from '@oclif/core/config'
import {CLIError} from '@oclif/core/errors'
import {run} from '@oclif/core/run'
import {nearest} from '../util/text.ts'
import {failureOf} from './failure.ts'
import {printFailure} from './output.ts'
import {UnknownCommandError} from './unknown-command.ts'

/** The global flags that take a value. */
const withValue: readonly string[] = ['-c', '--config', '-n', '--name', '-x']
const withoutValue: readonly string[] = ['-q', '--quiet', '--json', '--no-color', '--debug']
/** The flags that need no command. */
const forAllCommands: readonly string[] = ['-h', '--help', '-V', '--version']

/**
 * Runs the command line.
 *
 * @param argv what was typed behind `mig`
 * @param root the absolute path of the folder that package.json is in
 */
export async function main(argv: readonly string[], root: string): Promise<void> {
  const args = behindCommand(argv)
  // A closed pipe must not end a run. oclif ignores it on stdout.
  process.stderr.on('error', () => {})
  try {
    const config = await Config.load({root, userPlugins: false, devPlugins: false})
    const [command] = args
    if (command !== undefined && [...withValue, ...withoutValue].includes(command))
      throw new CLIError('No command was given')
    if (command?.startsWith('-') && !forAllCommands.includes(command)) throw new CLIError(`Unknown flag ${command}`)
    if (command !== undefined && !command.startsWith('-') && config.findCommand(command) === undefined)
      throw new UnknownCommandError(
        command,
        nearest(
          command,
          config.commands.filter((one) => !one.hidden).map((one) => one.id),
        ),
      )
    await run([...args], config)
  } catch (error) {
    const failure = failureOf(error, undefined)
    process.exitCode = failure.exitCode
    printFailure(failure, {
      isJson: args.includes('--json'),
      isJsonLines: args.includes('--json-lines'),
      isDebug: args.includes('--debug'),
    })
  }
}

/** Puts global flags that were typed before the command behind it; `help upgrade` is `upgrade --help`. */
function behindCommand(argv: readonly string[]): readonly string[] {
  let at = 0
  for (let flag = argv[at]; flag !== undefined; flag = argv[at])
    if (withValue.includes(flag)) at += 2
    else if (withoutValue.includes(flag)) at += 1
    else break
  const rest = argv.slice(at)
  const [command, ...others] = rest
  if (command === 'help') return [...others.slice(0, 1), '--help']
  return at === 0 || command === undefined ? argv : [...rest.slice(0, 1), ...argv.slice(0, at), ...rest.slice(1)]
}
