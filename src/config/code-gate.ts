import * as nodeModule from 'node:module'
import {fileURLToPath} from 'node:url'
import {withAuthenticRequire} from '../util/authentic-require.ts'

/**
 * Sees the code of the project before it runs, and may refuse it by throwing. A process has one at a time, because module
 * hooks belong to the process.
 */
export interface CodeGate {
  /**
   * Called with a configuration before it is used.
   *
   * @param name the absolute path of its file, followed by `#mig` for the key in a package.json
   */
  configuration(name: string, text: string): Promise<void>
  /** Called when the configuration has been loaded. */
  configured(): void
  /** Called with the absolute path of a file before it runs. */
  file(path: string): void
}

let gate: CodeGate | undefined
let isWatching = false

/** Runs a function while a gate sees the code that is loaded. */
export async function throughGate<Result>(next: CodeGate, run: () => Promise<Result>): Promise<Result> {
  const outer = gate
  gate = next
  try {
    return await run()
  } finally {
    gate = outer
  }
}

/** Returns the gate of the process, if any. */
export function currentGate(): CodeGate | undefined {
  return gate
}

/** Lets the gate see all files that are imported from now on. Hooks of other modules must be registered later. */
export function watchImports(): void {
  if (gate === undefined || isWatching) return
  isWatching = true
  nodeModule.registerHooks({
    resolve: (specifier, context, next) => {
      const found = next(specifier, context)
      // Native code is not loaded by a load hook.
      if (found.url.endsWith('.node')) enterFile(found.url)
      return found
    },
    load: (url, context, next) => {
      enterFile(url)
      return withAuthenticRequire(next(url, context), context)
    },
  })
}

/** Lets the gate see a file before it runs. */
export function enterFile(url: string): void {
  if (gate !== undefined && url.startsWith('file:')) gate.file(fileURLToPath(url))
}
