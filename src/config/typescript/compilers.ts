import {createRequire} from 'node:module'
import {join} from 'node:path'
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
  /** Returns undefined if the installed version is not usable. */
  create(module: unknown, tsConfig: TsConfig): Compile | undefined
}

/** In the order of MikroORM's own loaders. TypeScript itself is in nearly every project, but it is slow to load. */
const compilers: readonly Compiler[] = [
  {
    loader: 'oxc',
    package: '@oxc-node/core',
    knowsStandardDecorators: false,
    knowsMetadata: true,
    create: (module, {root}) => {
      const {OxcTransformer} = module as OxcNode
      const transformer = new OxcTransformer(root)
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
    create: (module, {options, usesLegacyDecorators}) => {
      const {transformSync} = module as Swc
      const decorators = usesLegacyDecorators
        ? {legacyDecorator: true, decoratorMetadata: options['emitDecoratorMetadata'] === true}
        : {decoratorVersion: '2022-03'}
      return (filename, source) =>
        transformSync(source, {
          filename,
          swcrc: false,
          configFile: false,
          sourceMaps: 'inline',
          module: {type: 'es6'},
          jsc: {
            target: 'es2022',
            keepClassNames: true,
            parser: {syntax: 'typescript', decorators: true},
            transform: {...decorators, useDefineForClassFields: options['useDefineForClassFields'] ?? true},
          },
        }).code
    },
  },
  {
    loader: 'typescript',
    package: 'typescript',
    knowsStandardDecorators: true,
    knowsMetadata: true,
    create: (module, {root, options}) => {
      const {transpileModule, convertCompilerOptionsFromJson, ModuleKind, ScriptTarget} = module as TypeScript
      // From version 7 on, the package has no compiler that could be called.
      if (transpileModule === undefined || convertCompilerOptionsFromJson === undefined) return undefined
      const compilerOptions = {
        ...convertCompilerOptionsFromJson(options, root).options,
        module: ModuleKind?.['ESNext'],
        target: ScriptTarget?.['ES2022'],
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
    create: (module, {options}) => {
      const {transformSync} = module as Esbuild
      const tsconfigRaw = {compilerOptions: options}
      return (sourcefile, source) =>
        transformSync(source, {
          sourcefile,
          loader: 'ts',
          format: 'esm',
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
 * @param forDecorators whether it must know the decorators of the project
 */
export function compilerOf(
  tsConfig: TsConfig,
  loader: string | undefined,
  forDecorators: boolean,
): Compile | undefined {
  const require = createRequire(join(tsConfig.root, 'package.json'))
  const fit = compilersFor(tsConfig, forDecorators)
  for (const one of fit.toSorted((a, b) => Number(b.loader === loader) - Number(a.loader === loader))) {
    const module = installed(one, require)
    const compile = module === undefined ? undefined : one.create(module, tsConfig)
    if (compile !== undefined) return compile
  }
  return undefined
}

/** Returns the packages of which `compilerOf` takes one, in the order in which they are tried. */
export function compilerPackagesFor(tsConfig: TsConfig, forDecorators: boolean): readonly string[] {
  return compilersFor(tsConfig, forDecorators).map((compiler) => compiler.package)
}

function compilersFor({options, usesLegacyDecorators}: TsConfig, forDecorators: boolean): readonly Compiler[] {
  if (!forDecorators) return compilers
  const wantsMetadata = options['emitDecoratorMetadata'] === true
  return compilers.filter(
    (one) => (one.knowsStandardDecorators || usesLegacyDecorators) && (one.knowsMetadata || !wantsMetadata),
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
