import {MigError} from '../errors.ts'
import {didYouMean, listOf} from '../util/text.ts'
import {codeOf, messageOf} from '../util/error-info.ts'

export class ConfigNotFoundError extends MigError {
  constructor(names: readonly string[], folder: string) {
    super('CONFIG_NOT_FOUND', `There is no ${listOf(names, Infinity, 'or')} in ${folder} or above it.`, {
      hint: '`mig init` writes one; `-c FILE` names another file.',
      data: {folder},
    })
  }
}

/** The file that was named is not there, or cannot be read. */
export class ConfigUnreadableError extends MigError {
  constructor(file: string, cause: unknown) {
    const reason = codeOf(cause) === 'ENOENT' ? 'it does not exist' : messageOf(cause)
    super('CONFIG_NOT_FOUND', `The configuration ${file} cannot be read: ${reason}.`, {
      hint: '`-c FILE` (or MIG_CONFIG) names the configuration.',
      data: {file},
      cause,
    })
  }
}

/** The MikroORM configuration that `orm` names is not there. */
export class OrmConfigMissingError extends MigError {
  constructor(file: string, cause: unknown) {
    super('ORM_CONFIG_NOT_FOUND', `The MikroORM configuration ${file}, which \`orm\` names, cannot be read.`, {
      hint: 'The path is relative to the file of the configuration.',
      data: {file},
      cause,
    })
  }
}

/** A MikroORM configuration has nothing under the name that is asked for. */
export class OrmContextNotFoundError extends MigError {
  constructor(context: string, known: readonly string[], file: string) {
    super('ORM_CONTEXT_NOT_FOUND', `The MikroORM configuration ${file} has no context ${context}.`, {
      hint: `${didYouMean(context, known, known.length === 0 ? 'It has none.' : `It has ${listOf(known)}.`)} \`orm: {context: …}\` names one.`,
      data: {file, context, contexts: known},
    })
  }
}

/** A file has syntax that must be compiled, and the project no compiler for it. */
export class CompilerMissingError extends MigError {
  /**
   * @param place the file with its line
   * @param syntax what must be compiled, with an article
   * @param packages those that compile it
   */
  constructor(place: string, syntax: string, packages: readonly string[]) {
    super('COMPILER_MISSING', `${place} has ${syntax}, which Node cannot run by itself.`, {
      hint: `Install one of ${listOf(packages, Infinity, 'or')} in the project (of typescript, a version below 7).`,
      data: {place},
    })
  }
}

/** The code of a configuration fails. */
export class ConfigFailedError extends MigError {
  /** @param place the file, with the line where it is known */
  constructor(place: string, cause: unknown) {
    const reason = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause)
    super('CONFIG_FAILED', `The configuration fails at ${place}: ${reason.split('\n')[0]}`, {
      hint: reason.includes('does not provide an export named')
        ? 'Is it a type? Say `import type`, or install a compiler: docs/databases.md names those that mig can call.'
        : '`--debug` shows the whole stack.',
      data: {place},
      cause,
    })
  }
}

export class InvalidConfigError extends MigError {
  constructor(file: string, issues: readonly string[]) {
    super('INVALID_CONFIG', `${file}: ${issues.join('; ')}`, {
      hint: 'docs/configuration.md lists every key.',
      data: {file, issues},
    })
  }
}

export class UnknownEnvironmentError extends MigError {
  constructor(name: string, known: readonly string[], file: string) {
    const otherwise = known.length === 0 ? 'It has none.' : `It has ${listOf(known)}.`
    super('UNKNOWN_ENVIRONMENT', `${file} has no environment ${name}.`, {
      hint: didYouMean(name, known, otherwise),
      data: {name, environments: known},
    })
  }
}

/** A duration that was given to a command is none. */
export class InvalidDurationError extends MigError {
  constructor(name: string, text: string) {
    super('INVALID_DURATION', `${name} is no duration: ${text}`, {
      hint: 'A duration is a number of seconds, or a text such as 500ms, 10s or 2min.',
      data: {name, text},
    })
  }
}
