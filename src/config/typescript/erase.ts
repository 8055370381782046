import * as nodeModule from 'node:module'
import {pathToFileURL} from 'node:url'
import {codeOf, messageOf} from '../../util/error-info.ts'

/** TypeScript that is more than types. */
export interface Unerasable {
  readonly line: number
  /** Name of the syntax, with an article. */
  readonly syntax: string
}

/**
 * Returns TypeScript as JavaScript, by what Node has for it, or why that takes a compiler.
 *
 * Types become blanks, so that every line stays where it is. Where that does not do, as for enums, Node before version 26
 * writes new JavaScript with a source map.
 *
 * @throws SyntaxError
 */
export function eraseTypes(path: string, source: string): string | Unerasable {
  const sourceUrl = pathToFileURL(path).href
  try {
    return withoutWarning(() => nodeModule.stripTypeScriptTypes(source))
  } catch (error) {
    if (codeOf(error) !== 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX') throw located(error, sourceUrl)
    return transformed(source, sourceUrl) ?? unerasable(error)
  }
}

/** Returns undefined where Node has no compiler. */
function transformed(source: string, sourceUrl: string): string | undefined {
  nodeModule.setSourceMapsSupport(true, {nodeModules: false})
  try {
    return withoutWarning(() =>
      nodeModule.stripTypeScriptTypes(source, {mode: 'transform', sourceMap: true, sourceUrl}),
    )
  } catch (error) {
    if (codeOf(error) === 'ERR_INVALID_ARG_VALUE') return undefined
    throw located(error, sourceUrl)
  }
}

/** The stack of Node's error begins with the line, and its message with the name of the syntax. */
function unerasable(error: unknown): Unerasable {
  const line = /^:(\d+)/.exec(error instanceof Error ? (error.stack ?? '') : '')?.[1]
  const name = /^TypeScript (.+) is not supported/.exec(messageOf(error))?.[1]
  return {
    line: Number(line ?? 1),
    syntax: name === undefined ? 'TypeScript syntax that cannot be erased' : `a TypeScript ${name}`,
  }
}

/** Suppresses Node's experimental warning for the API called here. */
function withoutWarning<T>(run: () => T): T {
  const emit = process.emitWarning.bind(process)
  process.emitWarning = () => {}
  try {
    return run()
  } finally {
    process.emitWarning = emit
  }
}

/** The stack of a syntax error begins with the line, but the text had no name. */
function located(error: unknown, url: string): unknown {
  if (error instanceof Error) error.stack = `${url}${error.stack?.replace(/^[^:]*(?=:\d)/, '') ?? ''}`
  return error
}
