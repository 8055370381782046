import * as nodeModule from 'node:module'
import {pathToFileURL} from 'node:url'
import {codeOf} from '../../util/error-info.ts'

/**
 * Returns TypeScript as JavaScript, by what Node has for it.
 *
 * Types become blanks, so that every line stays where it is. Where that does not do, as for enums, Node writes new
 * JavaScript with a source map.
 *
 * @throws SyntaxError
 */
export function eraseTypes(path: string, source: string): string {
  const sourceUrl = pathToFileURL(path).href
  try {
    return withoutWarning(() => nodeModule.stripTypeScriptTypes(source))
  } catch (error) {
    if (codeOf(error) !== 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX') throw located(error, sourceUrl)
  }
  nodeModule.setSourceMapsSupport(true, {nodeModules: false})
  try {
    return withoutWarning(() =>
      nodeModule.stripTypeScriptTypes(source, {mode: 'transform', sourceMap: true, sourceUrl}),
    )
  } catch (error) {
    throw located(error, sourceUrl)
  }
}

/** Node says once a process that it may change what is called here. That is no concern of who runs mig. */
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
