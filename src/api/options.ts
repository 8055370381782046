import {InvalidOptionError} from './errors.ts'

/** The values that an option takes. */
const kinds = {
  text: {says: 'a string', accepts: isText},
  texts: {says: 'an array of strings', accepts: isTexts},
  'text or texts': {says: 'a string or an array of strings', accepts: (value) => isText(value) || isTexts(value)},
  flag: {says: 'true or false', accepts: (value) => typeof value === 'boolean'},
  number: {says: 'a number', accepts: (value) => typeof value === 'number'},
  duration: {says: 'a string or a number', accepts: (value) => isText(value) || typeof value === 'number'},
  'flag or function': {
    says: 'true, false or a function',
    accepts: (value) => typeof value === 'boolean' || typeof value === 'function',
  },
  function: {says: 'a function', accepts: (value) => typeof value === 'function'},
  object: {says: 'an object', accepts: isObject},
} as const satisfies Record<string, {readonly says: string; readonly accepts: (value: unknown) => boolean}>

type Kind = keyof typeof kinds

/** The kinds of all options of a function. */
export type OptionKinds<Options> = {readonly [Name in keyof Required<Options>]: Kind}

function isText(value: unknown): boolean {
  return typeof value === 'string'
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every(isText)
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null
}

/**
 * Returns a function that rejects invalid options of `run`.
 *
 * @param name the name of the function
 * @param required the options that must be given
 * @throws MigError INVALID_OPTION
 */
export function checked<Options extends object, Result>(
  name: string,
  run: (options: Options) => Promise<Result>,
  known: OptionKinds<Options>,
  required: readonly (keyof Options & string)[] = [],
): (options: Options) => Promise<Result> {
  return async (options) => {
    checkOptions(name, options, known, required)
    return run(options)
  }
}

/** The options that a bundle cannot be combined with. */
const ofFiles: ReadonlySet<string> = new Set(['config', 'environment', 'at', 'write'])

/** @throws MigError INVALID_OPTION */
function checkOptions(
  name: string,
  options: unknown,
  known: Readonly<Record<string, Kind>>,
  required: readonly string[],
): void {
  const names = Object.keys(known)
  if (typeof options !== 'object' || options === null)
    throw new InvalidOptionError(name, undefined, 'the options must be an object', names)
  const given = Object.entries(options).filter(([, value]) => value !== undefined)
  for (const [option, value] of given) {
    const kind = Object.hasOwn(known, option) ? known[option] : undefined
    if (kind === undefined) throw new InvalidOptionError(name, option, 'there is no such option', names)
    const {says, accepts} = kinds[kind]
    if (!accepts(value)) throw new InvalidOptionError(name, option, `it must be ${says}`, names)
  }
  const isBundled = given.some(([option]) => option === 'bundle')
  for (const [option] of given) {
    if (isBundled && ofFiles.has(option))
      throw new InvalidOptionError(name, option, 'it is about files, which a bundle replaces', names)
    if (!isBundled && option === 'settings')
      throw new InvalidOptionError(name, option, 'it is only for a bundle', names)
  }
  const missing = required.find((option) => !given.some(([present]) => present === option))
  if (missing !== undefined) throw new InvalidOptionError(name, missing, 'it is required', names)
}
