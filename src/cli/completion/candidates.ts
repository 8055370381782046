import type {Command} from '@oclif/core/command'
import type {Config} from '@oclif/core/config'
import type {ProjectNames} from '../../api/names.ts'

/** A completion with a description. */
export interface Candidate {
  readonly value: string
  readonly description: string
}

/** Value source of a flag or argument, by its name. */
const valuesOf: Readonly<Record<string, keyof ProjectNames>> = {
  target: 'targets',
  targets: 'targets',
  head: 'targets',
  from: 'targets',
  'depends-on': 'targets',
  'rev-range': 'targets',
  branch: 'labels',
  name: 'environments',
  template: 'templates',
}

/**
 * Returns completions for the end of a command line.
 *
 * @param words the words after `mig`, the last one possibly incomplete
 */
export async function candidatesFor(
  words: readonly string[],
  config: Config,
  names: ProjectNames,
): Promise<readonly Candidate[]> {
  const typed = words.at(-1) ?? ''
  const all = await possible(words, config, names)
  return all.filter(({value}) => value.startsWith(typed))
}

async function possible(words: readonly string[], config: Config, names: ProjectNames): Promise<readonly Candidate[]> {
  const [id, ...rest] = words
  if (id === undefined || rest.length === 0) return commandsOf(config)
  const command = config.findCommand(id)
  if (command === undefined) return []
  const flag = flagNamed(command, rest.at(-2))
  if (flag !== undefined) return listed(flag.options) ?? valuesNamed(flag.name, names)
  if (rest.at(-1)?.startsWith('-')) return flagsOf(command)
  const given = positionals(command, rest.slice(0, -1))
  const args = Object.values(command.args)
  const arg = args[given] ?? (command.strict === false ? args.at(-1) : undefined)
  // The name of a new branch is for the user to find.
  if (arg === undefined || (command.id === 'branch' && arg.name === 'name')) return []
  return listed(arg.options) ?? valuesNamed(arg.name, names)
}

function listed(options: readonly string[] | undefined): readonly Candidate[] | undefined {
  return options?.map((value) => ({value, description: ''}))
}

function commandsOf(config: Config): readonly Candidate[] {
  return config.commands
    .filter((command) => !command.hidden)
    .map((command) => ({value: command.id, description: command.summary ?? ''}))
    .toSorted((a, b) => (a.value < b.value ? -1 : 1))
}

function flagsOf(command: Command.Loadable): readonly Candidate[] {
  return Object.values(command.flags).map((flag) => ({
    value: `--${flag.name}`,
    description: flag.summary ?? flag.description ?? '',
  }))
}

async function valuesNamed(name: string, names: ProjectNames): Promise<readonly Candidate[]> {
  const kind = Object.hasOwn(valuesOf, name) ? valuesOf[name] : undefined
  return kind === undefined ? [] : names[kind]()
}

/** Returns the flag in a word, if it takes a value. */
function flagNamed(
  command: Command.Loadable,
  word: string | undefined,
): {readonly name: string; readonly options?: readonly string[]} | undefined {
  const found = Object.values(command.flags).find((flag) => word === `--${flag.name}` || word === `-${flag.char ?? ''}`)
  return found?.type === 'option' ? found : undefined
}

/** Counts the words that are neither flags nor their values. */
function positionals(command: Command.Loadable, words: readonly string[]): number {
  return words.filter((word, i) => !/^-\D/.test(word) && flagNamed(command, words[i - 1]) === undefined).length
}
