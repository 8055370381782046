import type {LoadFnOutput, LoadHookContext} from 'node:module'

/** The first minor release that needs no help, by major; later majors need none. */
const firstSound: Readonly<Record<string, number>> = {'22': Infinity, '23': Infinity, '24': 12, '25': 2}

const [major = '', minor = ''] = process.versions.node.split('.')
const needsHelp = Number(minor) < (firstSound[major] ?? 0)

/**
 * Returns what a load hook gives Node, with the `require` of Node itself in CommonJS.
 *
 * While there are load hooks, older releases run imported CommonJS with a substitute for `require`, which fails on an ES
 * module that imports others: `request for './index.js' is not in cache`. The format that Node uses internally for
 * required CommonJS avoids it.
 *
 * @see https://github.com/nodejs/node/pull/60380
 */
export function withAuthenticRequire(output: LoadFnOutput, context: LoadHookContext): LoadFnOutput {
  if (!needsHelp || output.format !== 'commonjs' || !isImport(context)) return output
  return {...output, format: 'commonjs-sync'}
}

/** Whether a module is imported, and not required. */
export function isImport({conditions}: Pick<LoadHookContext, 'conditions'>): boolean {
  // The conditions are an array or, in older releases, a set.
  return new Set(conditions).has('import')
}
