import {MigError} from '../errors.ts'
import {didYouMean, listOf} from '../util/text.ts'
import {codeOf, messageOf} from '../util/error-info.ts'

export class ConfigNotFoundError extends MigError {
  constructor(names: readonly string[], folder: string) {
    super('CONFIG_NOT_FOUND', `No ${listOf(names, Infinity, 'or')} found in ${folder} or its parent folders.`, {
      hint: 'Create one with `mig init`, or pass `-c FILE`.',
      data: {folder},
    })
  }
}

/** The named configuration file does not exist or cannot be read. */
export class ConfigUnreadableError extends MigError {
  constructor(file: string, cause: unknown) {
    const reason = codeOf(cause) === 'ENOENT' ? 'it does not exist' : messageOf(cause)
    super('CONFIG_NOT_FOUND', `The configuration ${file} cannot be read: ${reason}.`, {
      hint: 'Pass the path of the configuration with `-c FILE`, or set MIG_CONFIG.',
      data: {file},
      cause,
    })
  }
}

/** The MikroORM configuration named by `orm` cannot be read. */
export class OrmConfigMissingError extends MigError {
  constructor(file: string, cause: unknown) {
    super('ORM_CONFIG_NOT_FOUND', `The MikroORM configuration ${file}, named by \`orm\`, cannot be read.`, {
      hint: 'Correct `orm`; the path is relative to the configuration file.',
      data: {file},
      cause,
    })
  }
}

/** A MikroORM configuration lacks the requested context. */
export class OrmContextNotFoundError extends MigError {
  constructor(context: string, known: readonly string[], file: string) {
    super('ORM_CONTEXT_NOT_FOUND', `The MikroORM configuration ${file} has no context ${context}.`, {
      hint: `${didYouMean(context, known, known.length === 0 ? 'It has no contexts.' : `It has ${listOf(known)}.`)} Set it with \`orm: {context: …}\`.`,
      data: {file, context, contexts: known},
    })
  }
}

/** A file requires compilation, but the project has no suitable compiler. */
export class CompilerMissingError extends MigError {
  /**
   * @param place the file with its line
   * @param syntax what must be compiled, with an article
   * @param packages supported compilers
   * @param typeScript the version of an installed typescript that cannot compile, if there is one
   */
  constructor(place: string, syntax: string, packages: readonly string[], typeScript: string | undefined) {
    const installed = typeScript === undefined ? '' : `; typescript ${typeScript} has none that mig could call`
    super('COMPILER_MISSING', `${place} has ${syntax}, which Node cannot run without a compiler${installed}.`, {
      hint: `Install one of ${listOf(packages, Infinity, 'or')} in the project (of typescript, a version below 7).`,
      data: {place},
    })
  }
}

/** The code of a configuration failed. */
export class ConfigFailedError extends MigError {
  /** @param place the file, with the line where it is known */
  constructor(place: string, cause: unknown) {
    const reason = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause)
    super('CONFIG_FAILED', `The configuration failed at ${place}: ${reason.split('\n')[0]}`, {
      hint: reason.includes('does not provide an export named')
        ? 'If it is a type, use `import type`, or install a compiler listed in docs/databases.md.'
        : 'Use `--debug` for the full stack trace.',
      data: {place},
      cause,
    })
  }
}

export class InvalidConfigError extends MigError {
  constructor(file: string, issues: readonly string[]) {
    super('INVALID_CONFIG', `${file}: ${issues.join('; ').replace(/[^.]$/, '$&.')}`, {
      hint: 'docs/configuration.md lists every key.',
      data: {file, issues},
    })
  }
}

export class UnknownEnvironmentError extends MigError {
  constructor(name: string, known: readonly string[], file: string) {
    const otherwise =
      known.length === 0 ? 'The configuration has no environments.' : `The configuration has ${listOf(known)}.`
    super('UNKNOWN_ENVIRONMENT', `Unknown environment ${name} in ${file}.`, {
      hint: didYouMean(name, known, otherwise),
      data: {name, environments: known},
    })
  }
}

/** An invalid duration in an option. */
export class InvalidDurationError extends MigError {
  constructor(name: string, text: string) {
    super('INVALID_DURATION', `Invalid duration for ${name}: ${text}`, {
      hint: 'Use a number of seconds, or a text such as 500ms, 10s or 2min.',
      data: {name, text},
    })
  }
}
