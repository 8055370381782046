import {existsSync} from 'node:fs'
import {join} from 'node:path'
import {pathToFileURL} from 'node:url'
import type * as CommandModule from '@oclif/core/command'
import {flagsWithoutValue, flagsWithValue, helpFlags, versionFlags} from './global-flags.ts'
import {text} from '../render/safe/text.ts'
import {print} from './stdout.ts'
import type {UnloadedConfig} from './unloaded-config.ts'
import {migVersion} from '../util/version.ts'

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
    if (versionFlags.includes(args[0] ?? '')) printVersion()
    else if (!(await runsCommand(args, root)))
      await (await import('./describe-commands.ts')).describeCommands(args, root)
  } catch (error) {
    const {failureOf} = await import('./failure.ts')
    const {printFailure} = await import('./output.ts')
    const failure = failureOf(error, undefined)
    process.exitCode = failure.exitCode
    const {withSelection} = await import('./repeat-flags.ts')
    const hint = failure.hint && withSelection(failure.hint, {project: '', tenants: ''})
    printFailure(
      {...failure, hint},
      {
        isJson: args.includes('--json'),
        isJsonLines: args.includes('--json-lines'),
        isDebug: args.includes('--debug'),
      },
    )
  }
}

function printVersion(): void {
  print(text`mig/${migVersion()} ${process.platform}-${process.arch} node-${process.version}`)
}

/** Runs the named command; returns false if none is named, or help is wanted. */
async function runsCommand([id = '', ...args]: readonly string[], root: string): Promise<boolean> {
  const end = args.indexOf('--')
  if (helpFlags.some((flag) => args.slice(0, end === -1 ? args.length : end).includes(flag))) return false
  const file = join(root, 'dist/commands', `${id}.js`)
  if (!/^[a-z-]+$/.test(id) || !existsSync(file)) return false
  const {default: Command} = (await import(pathToFileURL(file).href)) as {
    readonly default: typeof CommandModule.Command
  }
  const {UnloadedConfig} = await import('./unloaded-config.ts')
  const {useBundledKysely} = await import('./bundled-kysely.ts')
  Command.id = id
  useBundledKysely(root)
  await new (Command as unknown as Runnable)([...args], new UnloadedConfig(root)).execute()
  return true
}

/** A command of mig. */
interface Runnable {
  new (argv: string[], config: UnloadedConfig): {execute(): Promise<unknown>}
}

/** Puts global flags that were typed before the command behind it; `help upgrade` is `upgrade --help`. */
function behindCommand(argv: readonly string[]): readonly string[] {
  let at = 0
  for (let flag = argv[at]; flag !== undefined; flag = argv[at])
    if (flagsWithValue.includes(flag)) at += 2
    else if (flagsWithoutValue.includes(flag)) at += 1
    else break
  const rest = argv.slice(at)
  const [command, ...others] = rest
  if (command === 'help') return [...others.slice(0, 1), '--help']
  return at === 0 || command === undefined ? argv : [...rest.slice(0, 1), ...argv.slice(0, at), ...rest.slice(1)]
}
