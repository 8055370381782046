import {MigError} from '../../errors.ts'
import {listOf} from '../../util/text.ts'

/** A value that is passed as a bundle, and is none that this mig can run. */
export class InvalidBundleError extends MigError {
  /** @param reason the end of a sentence about the bundle */
  constructor(reason: string, hint: string) {
    super('INVALID_BUNDLE', `The option bundle ${reason}.`, {hint, data: {reason}})
  }
}

/** Settings of a bundle are code, and the caller does not pass them. */
export class BundleSettingsError extends MigError {
  constructor(names: readonly string[]) {
    const verb = names.length === 1 ? 'is' : 'are'
    super('INVALID_BUNDLE', `The bundle needs ${listOf(names)}, which ${verb} code and not part of it.`, {
      hint: `Pass what the configuration has: \`settings: {${names.join(', ')}}\`, with undefined for a setting that is not to apply.`,
      data: {settings: names},
    })
  }
}

/** A function needs a database, and a bundle has none. */
export class BundleDatabaseError extends MigError {
  constructor() {
    super('INVALID_BUNDLE', 'A bundle has no database, and neither orm nor em was passed.', {
      hint: 'Pass the MikroORM of the application: `{bundle, orm}`.',
      data: {},
    })
  }
}

/** A project or a file that cannot be bundled. */
export class BundleRefusedError extends MigError {
  /** @param reason a sentence without its full stop */
  constructor(reason: string, hint: string, data: object = {}) {
    super('BUNDLE_REFUSED', `${reason}.`, {hint, data: {reason, ...data}})
  }
}

/** The project has no bundler for its code. */
export class BundlerMissingError extends MigError {
  /** @param install the command that installs packages for development, without their names */
  constructor(file: string, install: string) {
    super('BUNDLER_MISSING', `${file} is code, and bundling code requires esbuild, which is not installed.`, {
      hint: `Run \`${install} esbuild\`, or write revisions in SQL, which need no bundler.`,
      data: {file, package: 'esbuild'},
    })
  }
}
