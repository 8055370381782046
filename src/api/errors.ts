import {MigError} from '../errors.ts'
import {didYouMean, listOf} from '../util/text.ts'

export class UnknownCheckError extends MigError {
  constructor(name: string, known: readonly string[]) {
    super('UNKNOWN_CHECK', `Unknown check ${name}.`, {
      hint: didYouMean(name, known, `Available checks: ${listOf(known)}.`),
      data: {name, checks: known},
    })
  }
}

/** Thrown when a program passes invalid options to a function. */
export class InvalidOptionError extends MigError {
  /**
   * @param option undefined if it is not about a single one
   * @param known the options of the function
   */
  constructor(name: string, option: string | undefined, why: string, known: readonly string[]) {
    const which = option === undefined ? '' : ` ${option}`
    const isKnown = option === undefined || known.includes(option)
    const list = `Options of ${name}: ${listOf(known)}.`
    super('INVALID_OPTION', `Invalid option${which} of ${name}: ${why}.`, {
      hint: isKnown ? list : didYouMean(option, known, list),
      data: {function: name, option: option ?? null},
    })
  }
}

/** Thrown for what a migrator of MikroORM does, and mig's does not. */
export class MigratorUnsupportedError extends MigError {
  /** @param call the call, with why it cannot be done */
  constructor(call: string, hint: string) {
    super('MIGRATOR_UNSUPPORTED', `The migrator of mig cannot do this: ${call}.`, {hint, data: {}})
  }
}
