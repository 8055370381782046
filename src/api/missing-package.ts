import type {MigError} from '../errors.ts'
import {DriverMissingError} from '../runner/errors.ts'
import {codeOf, messageOf} from '../util/error-info.ts'
import {isOwn} from '../util/stack.ts'

/** Returns the error of a user for a missing package of MikroORM: a peer dependency, which a package manager may leave out. */
export function missingPackage(error: unknown): MigError | undefined {
  if (codeOf(error) !== 'ERR_MODULE_NOT_FOUND' || !isOwn(error)) return undefined
  const name = /^Cannot find package '(@mikro-orm\/[\w-]+)'/.exec(messageOf(error))?.[1]
  if (name === undefined) return undefined
  return new DriverMissingError(name, 'mig', {root: process.cwd(), version: undefined})
}
