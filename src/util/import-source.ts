import {hash} from 'node:crypto'
import * as nodeModule from 'node:module'
import {pathToFileURL} from 'node:url'
import {withAuthenticRequire} from './authentic-require.ts'

const sources = new Map<string, {readonly format: string; readonly source: string}>()
let underWay = 0
let hooks: ReturnType<typeof nodeModule.registerHooks> | undefined

/**
 * Imports the text of a TypeScript or JavaScript module as if it stood in `file`.
 *
 * The text need not be what is on the disk, it is always taken for an ES module whatever the package says, and the same
 * text of the same file is imported once. Types are erased by Node itself.
 *
 * @param file an absolute path; what the module imports is found from there
 * @throws whatever the module throws; SyntaxError
 */
export async function importSource(file: string, text: string): Promise<Readonly<Record<string, unknown>>> {
  const url = pathToFileURL(file)
  url.searchParams.set('mig', hash('sha1', text).slice(0, 12))
  const format = /\.m?ts$/i.test(file) ? 'module-typescript' : 'module'
  sources.set(url.href, {format, source: text})
  underWay++
  hooks ??= nodeModule.registerHooks({
    // The file need not be there: the text may be that of another commit.
    resolve: (wanted, context, next) =>
      sources.has(wanted) ? {url: wanted, shortCircuit: true} : next(wanted, context),
    load: (wanted, context, next) => {
      const given = sources.get(wanted)
      return given === undefined ? withAuthenticRequire(next(wanted, context), context) : {...given, shortCircuit: true}
    },
  })
  try {
    return (await import(url.href)) as Readonly<Record<string, unknown>>
  } finally {
    // With hooks, whatever is loaded afterwards takes longer, and MikroORM has some hundreds of modules.
    if (--underWay === 0) {
      sources.clear()
      hooks.deregister()
      hooks = undefined
    }
  }
}
