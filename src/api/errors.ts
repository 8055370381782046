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
