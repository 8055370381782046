import {registerHooks} from 'node:module'
import {join} from 'node:path'
import {pathToFileURL} from 'node:url'

/**
 * Makes imports of the kysely that mig depends on load one file, which the build made of its three hundred: MikroORM imports
 * it whenever a database is opened, and Node takes longer to find the files than to run them. Another copy of kysely, as a
 * project may have, stays as it is.
 *
 * @param root the absolute path of the folder that package.json is in
 */
export function useBundledKysely(root: string): void {
  const bundle = pathToFileURL(join(root, 'dist/kysely.js')).href
  registerHooks({
    resolve: (specifier, context, next) => {
      const found = next(specifier, context)
      if (specifier !== 'kysely') return found
      const own = next(specifier, {...context, parentURL: bundle})
      return found.url === own.url ? {...found, url: bundle} : found
    },
  })
}
