import {statSync} from 'node:fs'
import * as nodeModule from 'node:module'
import type {LoadFnOutput, ResolveFnOutput} from 'node:module'
import {dirname, join, resolve, sep} from 'node:path'
import {fileURLToPath, pathToFileURL} from 'node:url'
import {withAuthenticRequire} from '../../util/authentic-require.ts'
import {enterFile, watchImports} from '../code-gate.ts'
import {CompilerMissingError} from '../errors.ts'
import {asModule} from './commonjs.ts'
import {compilerOf, compilerPackagesFor} from './compilers.ts'
import type {Compile} from './compilers.ts'
import {lineOfDecorator} from './decorators.ts'
import {eraseTypes} from './erase.ts'
import {readTsConfig} from './tsconfig.ts'
import type {TsConfig} from './tsconfig.ts'
import {readRegularFile} from '../../util/regular-file.ts'

/** TypeScript settings of a project. */
export interface TypeScriptOptions {
  readonly tsConfigPath?: string | undefined
  readonly tsLoader?: string | undefined
}

/** A folder whose TypeScript is made to run. */
interface Project {
  readonly root: string
  readonly tsConfig: () => TsConfig
  readonly compile: () => Compile | undefined
  readonly compileDecorators: () => Compile | undefined
  /** Whether the compiler does all files, and not just those that Node cannot do. */
  compilesAll: boolean
}

const projects = new Map<string, Project>()

/**
 * Makes imports of TypeScript below a folder work as compilers would have them: without extensions, with `.js` for
 * `.ts`, by `paths`, with enums, namespaces and parameter properties, and with decorators if the project has a compiler.
 *
 * Node does what it can by itself, with the lines where they were; a compiler is loaded for files with decorators, and
 * for those with enums and the like where Node compiles none.
 */
export function hookTypeScript(root: string, options?: TypeScriptOptions): void {
  if (projects.size === 0) {
    watchImports()
    nodeModule.registerHooks({resolve: resolveHook, load: loadHook})
  }
  // The configuration of mig comes first, and does not know what that of MikroORM wants.
  if (projects.has(root) && options === undefined) return
  const tsConfig = once(() => readTsConfig(root, options?.tsConfigPath))
  const compile = once(() => compilerOf(tsConfig(), options?.tsLoader, false))
  const compileDecorators = once(() => compilerOf(tsConfig(), options?.tsLoader, true))
  projects.set(root, {root, tsConfig, compile, compileDecorators, compilesAll: false})
}

/** Has the compiler of a project do all files from now on. Returns false if there is none, or it does so already. */
export function compileAll(root: string): boolean {
  const project = projects.get(root)
  if (project === undefined || project.compilesAll || project.compile() === undefined) return false
  project.compilesAll = true
  return true
}

type NextResolve = (specifier: string, context?: Partial<nodeModule.ResolveHookContext>) => ResolveFnOutput
type NextLoad = (url: string, context?: Partial<nodeModule.LoadHookContext>) => LoadFnOutput

function resolveHook(specifier: string, context: nodeModule.ResolveHookContext, next: NextResolve): ResolveFnOutput {
  const found = resolvedBy(specifier, context, next)
  // Modules imported before they were compiled must be loaded again.
  if (!isOwnTypeScript(found.url) || found.url.endsWith('?compiled') || !projectOf(found.url).compilesAll) return found
  return {...found, url: `${found.url}?compiled`, shortCircuit: true}
}

function resolvedBy(specifier: string, context: nodeModule.ResolveHookContext, next: NextResolve): ResolveFnOutput {
  try {
    return next(specifier, context)
  } catch (error) {
    const {parentURL} = context
    if (!parentURL?.startsWith('file:') || parentURL.includes('/node_modules/')) throw error
    const path = candidatesOf(specifier, parentURL).flatMap(spellingsOf).find(isFile)
    if (path === undefined) throw error
    return {url: pathToFileURL(path).href, shortCircuit: true}
  }
}

function candidatesOf(specifier: string, parentURL: string): readonly string[] {
  if (/^\.{1,2}(?:\/|$)/.test(specifier)) return [resolve(dirname(fileURLToPath(parentURL)), specifier)]
  return projectOf(parentURL).tsConfig().pathsOf(specifier)
}

/** The files that an import may mean: `./user` is `user.ts`, and so is `./user.js`. */
function spellingsOf(path: string): readonly string[] {
  const swapped = path.replace(/\.([cm]?)js$/, '.$1ts')
  const extensions = ['.ts', '.mts', '.cts', '.js', '.mjs', '.cjs']
  return [path, swapped, ...extensions.flatMap((one) => [path + one, join(path, `index${one}`)])]
}

function isFile(path: string): boolean {
  return statSync(path, {throwIfNoEntry: false})?.isFile() ?? false
}

function loadHook(url: string, context: nodeModule.LoadHookContext, next: NextLoad): LoadFnOutput {
  if (!isOwnTypeScript(url)) return withAuthenticRequire(next(url, context), context)
  enterFile(url)
  const path = fileURLToPath(url)
  const source = compiled(path, readRegularFile(path), projectOf(url))
  if (path.endsWith('.cts')) return withAuthenticRequire({format: 'commonjs', source, shortCircuit: true}, context)
  return {format: 'module', source: path.endsWith('.mts') ? source : asModule(source), shortCircuit: true}
}

function compiled(path: string, source: string, project: Project): string {
  const decorator = lineOfDecorator(source)
  const hasDecorators = decorator !== undefined
  const erased = hasDecorators || project.compilesAll ? undefined : eraseTypes(path, source)
  if (typeof erased === 'string') return erased
  const compile = hasDecorators ? project.compileDecorators() : project.compile()
  if (compile === undefined) {
    const {line, syntax} = erased ?? {line: decorator, syntax: 'a decorator'}
    throw new CompilerMissingError(`${path}:${line}`, syntax, compilerPackagesFor(project.tsConfig(), hasDecorators))
  }
  nodeModule.setSourceMapsSupport(true, {nodeModules: false})
  try {
    return compile(path, source)
  } catch (error) {
    // Compilers draw what is wrong, each in its own way. Node says it in one line, and knows which it is.
    eraseTypes(path, source)
    throw error
  }
}

/** Packages are not compiled; texts imported under a file name are handled elsewhere. */
function isOwnTypeScript(url: string): boolean {
  return /^file:[^?]*\.[cm]?ts(?:\?compiled)?$/.test(url) && !url.includes('/node_modules/')
}

/** Returns the project that a file is in; of one that is in none, as in a workspace, the one that came last. */
function projectOf(url: string): Project {
  const path = fileURLToPath(url)
  const around = [...projects.values()].filter(({root}) => path.startsWith(root + sep))
  const [innermost] = around.toSorted((a, b) => b.root.length - a.root.length)
  const project = innermost ?? [...projects.values()].at(-1)
  if (project === undefined) throw new Error('there are no hooks without a project')
  return project
}

function once<T>(make: () => T): () => T {
  let made: {readonly value: T} | undefined
  return () => (made ??= {value: make()}).value
}
