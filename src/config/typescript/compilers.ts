import {createRequire} from 'node:module'
import {dirname, join} from 'node:path'
import type {ModuleFormat} from './module-format.ts'
import type {TsConfig} from './tsconfig.ts'

/** Turns TypeScript into JavaScript: types, decorators, everything, with a source map at its end. */
export type Compile = (path: string, source: string) => string

interface Compiler {
  /** MikroORM's name for the loader that uses it, as in MIKRO_ORM_CLI_TS_LOADER. */
  readonly loader: string
  readonly package: string
  /** Whether it supports standard decorators, not just legacy ones. */
  readonly knowsStandardDecorators: boolean
  /** Whether it emits decorator metadata. */
  readonly knowsMetadata: boolean
  /** Whether it writes CommonJS. */
  readonly writesCommonJs: boolean
  /** Returns undefined if the installed version is not usable. */
  create(module: unknown, request: CompilerRequest): Compile | undefined
}

/** The kind of files that a compiler is for. */
export interface CompilerRequest {
  /** The absolute path of the folder that has the compilers. */
  readonly root: string
  readonly tsConfig: TsConfig
  readonly format: ModuleFormat
  /** Whether the compiler must know the decorators of the project. */
  readonly forDecorators: boolean
}

/** In the order of MikroORM's own loaders. TypeScript itself is in nearly every project, but it is slow to load. */
const compilers: readonly Compiler[] = [
  {
    loader: 'oxc',
    package: '@oxc-node/core',
    knowsStandardDecorators: false,
    knowsMetadata: true,
    writesCommonJs: false,
    create: (module, {tsConfig}) => {
      const {OxcTransformer} = module as OxcNode
      const transformer = new OxcTransformer(dirname(tsConfig.path))
      return (path, source) => {
        const output = transformer.transform(path, source)
        return withSourceMap(output.source(), output.sourceMap())
      }
    },
  },
  {
    loader: 'swc',
    package: '@swc/core',
    knowsStandardDecorators: true,
    knowsMetadata: true,
    writesCommonJs: true,
    create: (module, request) => {
      const {transformSync} = module as Swc
      const {options, usesLegacyDecorators, definesFields} = request.tsConfig
      const decorators = usesLegacyDecorators
        ? {legacyDecorator: true, decoratorMetadata: options['emitDecoratorMetadata'] === true}
        : {decoratorVersion: '2022-03'}
      const compile = (filename: string, source: string, output: object): string =>
        transformSync(source, {
          filename,
          swcrc: false,
          configFile: false,
          sourceMaps: 'inline',
          module: output,
          jsc: {
            target: 'es2022',
            keepClassNames: true,
            parser: {syntax: 'typescript', decorators: true},
            transform: {...decorators, useDefineForClassFields: definesFields},
          },
        }).code
      if (request.format === 'module') return (filename, source) => compile(filename, source, {type: 'es6'})
      const interop = interoperates(request)
      const commonJs = {
        type: 'commonjs',
        exportInteropAnnotation: true,
        ignoreDynamic: options['module'] !== 'commonjs',
        noInterop: !interop,
      }
      // Without interoperation, swc does not mark its output as compiled, as TypeScript does.
      const mark = interop ? '' : "Object.defineProperty(exports, '__esModule', {value: true});"
      return (filename, source) =>
        withUnsetExports(compile(filename, source, commonJs)).replace('"use strict";', `$&${mark}`)
    },
  },
  {
    loader: 'typescript',
    package: 'typescript',
    knowsStandardDecorators: true,
    knowsMetadata: true,
    writesCommonJs: true,
    create: (module, {tsConfig: {path, options, definesFields}, format}) => {
      const {transpileModule, convertCompilerOptionsFromJson, ModuleKind, ScriptTarget} = module as TypeScript
      // From version 7 on, the package has no compiler that could be called.
      if (transpileModule === undefined || convertCompilerOptionsFromJson === undefined) return undefined
      // With Node16, a single file without its package.json is CommonJS that can import ES modules.
      const commonJs = options['module'] === 'commonjs' ? 'CommonJS' : 'Node16'
      const compilerOptions = {
        ...convertCompilerOptionsFromJson(options, dirname(path)).options,
        module: ModuleKind?.[format === 'commonjs' ? commonJs : 'ESNext'],
        // For bundlers, it would keep the syntax of ES modules.
        moduleResolution: undefined,
        target: ScriptTarget?.['ES2022'],
        useDefineForClassFields: definesFields,
        importHelpers: false,
        noEmitHelpers: false,
        inlineSourceMap: true,
        sourceMap: false,
        isolatedModules: true,
      }
      return (fileName, source) => {
        const {outputText, diagnostics} = transpileModule(source, {fileName, compilerOptions, reportDiagnostics: true})
        if (diagnostics?.some(({code}) => isSyntaxError(code))) throw new SyntaxError(`${fileName} cannot be parsed`)
        return outputText
      }
    },
  },
  {
    loader: 'tsx',
    package: 'esbuild',
    knowsStandardDecorators: true,
    knowsMetadata: false,
    writesCommonJs: true,
    create: (module, {tsConfig: {options, definesFields}, format}) => {
      const {transformSync} = module as Esbuild
      const tsconfigRaw = {compilerOptions: {...options, useDefineForClassFields: definesFields}}
      return (sourcefile, source) =>
        transformSync(source, {
          sourcefile,
          loader: 'ts',
          format: format === 'commonjs' ? 'cjs' : 'esm',
          // On this platform it annotates CommonJS with the names of its exports.
          platform: 'node',
          target: 'es2022',
          sourcemap: 'inline',
          tsconfigRaw,
        }).code
    },
  },
]

/**
 * Returns the first compiler that a project has and that knows what its tsconfig.json asks for.
 *
 * @param loader the one that the project wants, by MikroORM's name for it
 */
export function compilerOf(request: CompilerRequest, loader: string | undefined): Compile | undefined {
  const require = createRequire(join(request.root, 'package.json'))
  const fit = compilersFor(request)
  for (const one of fit.toSorted((a, b) => Number(b.loader === loader) - Number(a.loader === loader))) {
    const module = installed(one, require)
    const compile = module === undefined ? undefined : one.create(module, request)
    if (compile !== undefined) return compile
  }
  return undefined
}

/** Returns the packages of which `compilerOf` takes one, in the order in which they are tried. */
export function compilerPackagesFor(request: CompilerRequest): readonly string[] {
  return compilersFor(request).map((compiler) => compiler.package)
}

function compilersFor({tsConfig, format, forDecorators}: CompilerRequest): readonly Compiler[] {
  const {options, usesLegacyDecorators} = tsConfig
  const wantsMetadata = options['emitDecoratorMetadata'] === true
  return compilers.filter(
    (one) =>
      (one.writesCommonJs || format === 'module') &&
      (!forDecorators ||
        ((one.knowsStandardDecorators || usesLegacyDecorators) && (one.knowsMetadata || !wantsMetadata))),
  )
}

/** Returns the version of the project's typescript if it has no compiler that could be called, as from version 7 on. */
export function uncallableTypeScript(root: string): string | undefined {
  const version = typeScriptVersion(root)
  return version !== undefined && Number(version.split('.')[0]) >= 7 ? version : undefined
}

function typeScriptVersion(root: string): string | undefined {
  try {
    const {version} = createRequire(join(root, 'package.json'))('typescript/package.json') as {readonly version: string}
    return version
  } catch {
    return undefined
  }
}

/** Whether default imports of CommonJS packages work, which is the default from TypeScript 6 on. */
function interoperates({root, tsConfig: {options}}: CompilerRequest): boolean {
  if (typeof options['esModuleInterop'] === 'boolean') return options['esModuleInterop']
  const version = typeScriptVersion(root)
  return version === undefined || Number(version.split('.')[0]) >= 6
}

/**
 * Returns CommonJS that swc has written, whose exports are undefined before they are set, as with TypeScript: modules that
 * import each other have decorators that name classes too early.
 */
function withUnsetExports(code: string): string {
  return (
    code
      // swc annotates several exports for Node. A single one, Node finds by its getter, unless that is less simple.
      .replace(
        /^Object\.defineProperty\(exports, "([\w$]+)", (?=\{\s*enumerable)/m,
        '0 && (module.exports = {$1: null});Object.defineProperty((exports), "$1", ',
      )
      .replaceAll(/(get(?:: function| [\w$]+ )\(\) \{\s*)return ([\w$]+);(?=\s*\})/g, '$1try { return $2; } catch {}')
  )
}

/** Errors below 2000 are of the text itself; others are of options, which are the project's own business. */
function isSyntaxError(code: number): boolean {
  return code < 2000
}

/** tsx does not bring its esbuild within reach of the project: it is asked from where tsx is. */
function installed({package: name, loader}: Compiler, require: NodeJS.Require): unknown {
  try {
    return require(name)
  } catch {
    try {
      return loader === 'tsx' ? createRequire(require.resolve('tsx/package.json'))(name) : undefined
    } catch {
      return undefined
    }
  }
}

function withSourceMap(code: string, map: string | null): string {
  if (map === null) return code
  return `${code}\n//# sourceMappingURL=data:application/json;base64,${Buffer.from(map).toString('base64')}`
}

/** APIs used of the compilers, which are dependencies of the project, not of mig. */
interface OxcNode {
  readonly OxcTransformer: new (root: string) => {
    transform(path: string, source: string): {source(): string; sourceMap(): string | null}
  }
}
interface Swc {
  readonly transformSync: (source: string, options: object) => {readonly code: string}
}
interface TypeScript {
  readonly transpileModule?: (
    source: string,
    options: object,
  ) => {readonly outputText: string; readonly diagnostics?: readonly {readonly code: number}[]}
  readonly convertCompilerOptionsFromJson?: (options: object, root: string) => {readonly options: object}
  readonly ModuleKind?: Readonly<Record<string, number>>
  readonly ScriptTarget?: Readonly<Record<string, number>>
}
interface Esbuild {
  readonly transformSync: (source: string, options: object) => {readonly code: string}
}
