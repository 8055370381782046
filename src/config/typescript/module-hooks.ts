import * as nodeModule from 'node:module'
import type {LoadFnOutput, ResolveFnOutput} from 'node:module'
import {fileURLToPath, pathToFileURL} from 'node:url'
import {isImport, withAuthenticRequire} from '../../util/authentic-require.ts'
import {enterFile, watchImports} from '../code-gate.ts'
import {CompilerMissingError} from '../errors.ts'
import {asModule, exportsOf} from './commonjs.ts'
import {lineOfDecorator} from './decorators.ts'
import {eraseTypes} from './erase.ts'
import {fileOf, mappedFileOf} from './imports.ts'
import {withTypesInMetadata} from './metadata-types.ts'
import type {ModuleFormat} from './module-format.ts'
import {addProject, projectOf} from './project.ts'
import type {TypeScriptOptions} from './project.ts'
import {readRegularFile} from '../../util/regular-file.ts'

let isHooked = false

/**
 * Makes imports of TypeScript below a folder work as compilers would have them: as CommonJS where the project compiles to
 * it, without extensions, with `.js` for `.ts`, by `paths`, with enums, namespaces and parameter properties, and with
 * decorators if the project has a compiler.
 *
 * Of ES modules, Node does what it can by itself, with the lines where they were; a compiler is loaded for files with
 * decorators, and for those with enums and the like where Node compiles none.
 */
export function hookTypeScript(root: string, options?: TypeScriptOptions): void {
  if (!isHooked) {
    watchImports()
    nodeModule.registerHooks({resolve: resolveHook, load: loadHook})
    isHooked = true
  }
  addProject(root, options)
}

type NextResolve = (specifier: string, context?: Partial<nodeModule.ResolveHookContext>) => ResolveFnOutput
type NextLoad = (url: string, context?: Partial<nodeModule.LoadHookContext>) => LoadFnOutput

/**
 * Tells the forms of a file apart by the query of its URL: an ES module that the compiler has done after Node could not,
 * and for imports of CommonJS, the module itself behind an ES module with its exports.
 */
const forms = {compiled: '?compiled', exports: '?exports', commonJs: '?commonjs'} as const

function resolveHook(specifier: string, context: nodeModule.ResolveHookContext, next: NextResolve): ResolveFnOutput {
  const found = resolvedBy(specifier, context, next)
  if (isJsonOfBundler(found.url, context)) return {...found, importAttributes: {type: 'json'}, shortCircuit: true}
  if (!isOwnTypeScript(found.url) || found.url.includes('?')) return found
  const path = fileURLToPath(found.url)
  const project = projectOf(path)
  const format = project.formatOf(path)
  const form =
    format === 'commonjs' ? (isImport(context) ? forms.exports : '') : project.compilesAll ? forms.compiled : ''
  return {...found, url: found.url + form, format: form === forms.exports ? 'module' : format, shortCircuit: true}
}

function resolvedBy(specifier: string, context: nodeModule.ResolveHookContext, next: NextResolve): ResolveFnOutput {
  const {parentURL} = context
  const importer = parentURL?.startsWith('file:') ? fileURLToPath(parentURL) : undefined
  if (importer === undefined || importer.includes('/node_modules/')) return next(specifier, context)
  const mapped = isOwnTypeScript(parentURL ?? '') ? mappedFileOf(specifier, importer) : undefined
  if (mapped !== undefined) return {url: pathToFileURL(mapped).href, shortCircuit: true}
  try {
    return next(specifier, context)
  } catch (error) {
    const path = fileOf(specifier, importer)
    if (path === undefined) throw error
    return {url: pathToFileURL(path).href, shortCircuit: true}
  }
}

function loadHook(url: string, context: nodeModule.LoadHookContext, next: NextLoad): LoadFnOutput {
  if (!isOwnTypeScript(url)) return withAuthenticRequire(next(url, context), context)
  if (url.endsWith(forms.exports)) {
    const source = exportsOf(url.replace(forms.exports, forms.commonJs))
    return {format: 'module', source, shortCircuit: true}
  }
  enterFile(url)
  const path = fileURLToPath(url)
  const format = projectOf(path).formatOf(path)
  const source = compiled(path, readRegularFile(path), format)
  // The format that Node uses internally for required CommonJS gives imported CommonJS the same `require`.
  if (format === 'commonjs') return {format: isImport(context) ? 'commonjs-sync' : format, source, shortCircuit: true}
  return {format, source: path.endsWith('.mts') ? source : asModule(source), shortCircuit: true}
}

function compiled(path: string, source: string, format: ModuleFormat): string {
  const project = projectOf(path)
  const decorator = lineOfDecorator(source)
  const hasDecorators = decorator !== undefined
  // Without a compiler, CommonJS is TypeScript that needs none.
  const isErasable = !hasDecorators && (format === 'module' ? !project.compilesAll : !project.hasCompiler(path, format))
  const erased = isErasable ? eraseTypes(path, source) : undefined
  if (typeof erased === 'string') return erased
  const compile = project.compilerFor(path, format, hasDecorators)
  if (compile === undefined) {
    const {line, syntax} = erased ?? {line: decorator, syntax: 'a decorator'}
    throw new CompilerMissingError(
      `${path}:${line}`,
      syntax,
      project.compilerPackagesFor(path, format, hasDecorators),
      project.uncallableTypeScript,
    )
  }
  nodeModule.setSourceMapsSupport(true, {nodeModules: false})
  try {
    const code = compile(path, source)
    return format === 'module' ? withTypesInMetadata(code) : code
  } catch (error) {
    // Compilers draw what is wrong, each in its own way. Node says it in one line, and knows which it is.
    eraseTypes(path, source)
    throw error
  }
}

/** TypeScript for bundlers imports JSON without an attribute. */
function isJsonOfBundler(url: string, context: nodeModule.ResolveHookContext): boolean {
  return /^file:[^?]*\.json$/.test(url) && isImport(context) && isOwnTypeScript(context.parentURL ?? '')
}

/** The folder of mig's own TypeScript, where it runs as it is. */
const ownSource = import.meta.url.endsWith('.ts') ? new URL('../../', import.meta.url).href : undefined

/** Packages are not compiled; texts imported under a file name are handled elsewhere. */
function isOwnTypeScript(url: string): boolean {
  const isTypeScript = /^file:[^?]*\.[cm]?ts(?:\?(?:compiled|exports|commonjs))?$/.test(url)
  return isTypeScript && !url.includes('/node_modules/') && (ownSource === undefined || !url.startsWith(ownSource))
}
