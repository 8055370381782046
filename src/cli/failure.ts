import {CLIError} from '@oclif/core/errors'
import {missingPackage} from '../api/missing-package.ts'
import {errorCodes, MigError} from '../errors.ts'
import {projectFailure} from '../project-code.ts'
import {hidePasswords, hidePasswordsIn} from '../util/secrets.ts'
import {isOwn} from '../util/stack.ts'
import {listOf, nearest} from '../util/text.ts'

/** Any error, in the form in which commands report it. */
export interface Failure {
  readonly code: string
  readonly message: string
  /** The lines of the message. */
  readonly lines: readonly string[]
  readonly hint: string | undefined
  readonly data: object | undefined
  readonly exitCode: number
  readonly stack: string | undefined
}

/** Returns the report of an error: a user error, wrong usage, or a defect of mig. Contains no passwords. */
export function failureOf(error: unknown, command: string | undefined): Failure {
  const {message, lines, hint, data, stack, ...failure} = classified(error, command)
  return {
    ...failure,
    message: hidePasswords(message),
    lines: (lines ?? [message]).map(hidePasswords),
    hint: hint && hidePasswords(hint),
    data: data && (hidePasswordsIn(data) as object),
    stack: stack && hidePasswords(stack),
  }
}

type Classified = Omit<Failure, 'lines'> & {readonly lines?: readonly string[]}

function classified(thrown: unknown, command: string | undefined): Classified {
  const error = thrown instanceof MigError ? thrown : (missingPackage(thrown) ?? projectFailure(thrown) ?? thrown)
  const stack = error instanceof Error ? stackOf(error) : undefined
  if (error instanceof MigError) {
    const {code, message, lines, hint, data} = error
    return {code, message, lines, hint, data, exitCode: errorCodes[code], stack}
  }
  const help = `\`mig ${command === undefined ? '' : `${command} `}--help\` shows the usage.`
  if (error instanceof CLIError)
    return {code: 'USAGE', ...usageOf(error, command, help), data: undefined, exitCode: 2, stack}
  return {
    code: 'INTERNAL',
    message: `This should not happen: ${error instanceof Error ? `${error.name}: ${error.message}` : String(error)}`,
    hint: isOwn(error)
      ? 'This is a bug in mig. Please report it with the stack trace that `--debug` prints.'
      : 'The error comes from a package or its caller; `--debug` prints the stack trace.',
    data: undefined,
    exitCode: 1,
    stack,
  }
}

/** Returns oclif's usage error as one sentence, with a suggestion for an unknown flag. */
function usageOf(error: Error, command: string | undefined, help: string): Pick<Failure, 'message' | 'hint'> {
  if ('flags' in error && Array.isArray(error.flags)) {
    const [wrong = ''] = error.flags as readonly string[]
    const meant = flagMeantBy(wrong.replace(/^-+/, ''), knownFlags(error))
    const hint = meant === undefined ? help : `Did you mean --${meant}? ${help}`
    return {message: `Unknown flag ${error.flags.join(', ')}.`, hint}
  }
  if (error.message.startsWith('Missing') && 'args' in error && Array.isArray(error.args)) {
    const missing = error.args as readonly {readonly name: string; readonly description?: string}[]
    return {message: `\`mig ${command}\` needs ${listOf(missing.map(argumentText))}.`, hint: help}
  }
  if (error.message.startsWith('Unexpected argument') && knownFlags(error).includes('message')) {
    const [message = ''] = error.message.split('\n')
    return {message: `${message}.`, hint: `The message follows -m, in quotes: \`mig ${command} -m "add users"\`.`}
  }
  const text = error.message
    .replace(/\nSee more help with --help$/, '')
    .replace(/^Parsing --\S+ \s*/, '')
    .replace(/^The following errors? occurred:\s*/, '')
    .replaceAll(/--(\S+?)=.* cannot also be provided when using --(\S+)$/gm, '--$1 and --$2 cannot be combined')
    .replaceAll(/All of the following must be provided when using (--\S+): (.+)$/gm, '$1 requires $2')
    .replaceAll(/:?\n\s*/g, ': ')
  const {value = '', options = ''} =
    /^Expected (?:--\S+=)?(?<value>.*) to be one of: (?<options>.*)$/.exec(text)?.groups ?? {}
  // Short words are near each other without being meant.
  const meant = nearest(
    value,
    options.split(', ').filter((option) => option !== '' && option.startsWith(value.charAt(0))),
  )
  return {
    message: /[.!?]$/.test(text) ? text : `${text}.`,
    hint: meant === undefined ? help : `Did you mean ${meant}? ${help}`,
  }
}

/** Returns a missing argument with its description: "a TARGET: revision, base or -1". */
function argumentText({name, description = ''}: {readonly name: string; readonly description?: string}): string {
  const article = name.endsWith('s') ? '' : /^[aeiou]/.test(name) ? 'an ' : 'a '
  return `${article}${name.toUpperCase()}: ${description.charAt(0).toLowerCase()}${description.slice(1)}`
}

function knownFlags(error: Error): readonly string[] {
  if (!('parse' in error)) return []
  const {input} = error.parse as {readonly input?: {readonly flags?: object}}
  return Object.keys(input?.flags ?? {})
}

/** A flag may be cut off, or mistyped. */
function flagMeantBy(wrong: string, flags: readonly string[]): string | undefined {
  const [longer, ...others] = flags.filter((flag) => wrong.length > 2 && flag.startsWith(wrong))
  return longer !== undefined && others.length === 0 ? longer : nearest(wrong, flags)
}

/** A stack with those of its causes, which may lead back to it. */
function stackOf(error: Error): string {
  const errors = new Set([error])
  for (const {cause} of errors) if (cause instanceof Error) errors.add(cause)
  return [...errors].map(({stack, message}) => stack ?? message).join('\ncaused by ')
}
