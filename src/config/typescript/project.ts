import {join, sep} from 'node:path'
import {compilerOf, compilerPackagesFor, uncallableTypeScript} from './compilers.ts'
import type {Compile, CompilerRequest} from './compilers.ts'
import {fixedFormatOf, moduleFormatOf} from './module-format.ts'
import type {ModuleFormat} from './module-format.ts'
import {tsConfigOf} from './tsconfig.ts'
import type {TsConfig} from './tsconfig.ts'

/** TypeScript settings of a project. */
export interface TypeScriptOptions {
  readonly tsConfigPath?: string | undefined
  readonly tsLoader?: string | undefined
}

/**
 * The ways to run ES modules, each for what the one before cannot do: Node runs those that it can, the compiler compiles all,
 * and to CommonJS, as bundlers take it.
 */
const ways = ['node', 'compiler', 'commonjs'] as const

/** A folder whose TypeScript is made to run. */
export class Project {
  #way: (typeof ways)[number] = 'node'
  readonly root: string
  readonly #options: TypeScriptOptions
  readonly #tsConfigs = new Map<string, TsConfig>()
  readonly #compilers = new Map<string, Compile | undefined>()

  constructor(root: string, options: TypeScriptOptions) {
    this.root = root
    this.#options = options
  }

  tsConfigOf(path: string): TsConfig {
    const known = this.#tsConfigs.get(path) ?? tsConfigOf(path, this.root, this.#options.tsConfigPath)
    this.#tsConfigs.set(path, known)
    return known
  }

  /** Whether the compiler does all ES modules, and not just those that Node cannot do. */
  get compilesAll(): boolean {
    return this.#way !== 'node'
  }

  /** Returns the format in which a file runs: CommonJS takes a compiler that writes it. */
  formatOf(path: string): ModuleFormat {
    const isBundled = this.#way === 'commonjs' && fixedFormatOf(path) === undefined
    const format = isBundled ? 'commonjs' : moduleFormatOf(path, this.tsConfigOf(path))
    if (format === 'module' || path.endsWith('.cts')) return format
    return this.hasCompiler(path, format) ? format : 'module'
  }

  /** Runs ES modules in the next way, from now on. Returns false if there is none that differs. */
  runOtherwise(): boolean {
    const path = join(this.root, 'index.ts')
    const next = ways.slice(ways.indexOf(this.#way) + 1).find((way) => {
      if (way === 'commonjs') return fixedFormatOf(path) === undefined && this.hasCompiler(path, 'commonjs')
      return this.hasCompiler(path, 'module')
    })
    if (next !== undefined) this.#way = next
    return next !== undefined
  }

  hasCompiler(path: string, format: ModuleFormat): boolean {
    return this.compilerFor(path, format, false) !== undefined
  }

  compilerFor(path: string, format: ModuleFormat, forDecorators: boolean): Compile | undefined {
    const request = this.#request(path, format, forDecorators)
    const key = JSON.stringify([request.tsConfig.path, format, forDecorators])
    if (!this.#compilers.has(key)) this.#compilers.set(key, compilerOf(request, this.#options.tsLoader))
    return this.#compilers.get(key)
  }

  /** Returns the packages of which one would compile a file. */
  compilerPackagesFor(path: string, format: ModuleFormat, forDecorators: boolean): readonly string[] {
    return compilerPackagesFor(this.#request(path, format, forDecorators))
  }

  /** The version of an installed typescript that cannot compile; undefined if there is none. */
  get uncallableTypeScript(): string | undefined {
    return uncallableTypeScript(this.root)
  }

  #request(path: string, format: ModuleFormat, forDecorators: boolean): CompilerRequest {
    return {root: this.root, tsConfig: this.tsConfigOf(path), format, forDecorators}
  }
}

const projects = new Map<string, Project>()

/** Registers a project. Without options, settings that are there already stay. */
export function addProject(root: string, options: TypeScriptOptions | undefined): void {
  // The configuration of mig comes first, and does not know what that of MikroORM wants.
  if (projects.has(root) && options === undefined) return
  projects.set(root, new Project(root, options ?? {}))
}

/** Returns the project that a file is in; of one that is in none, as in a workspace, the one that came last. */
export function projectOf(path: string): Project {
  const around = [...projects.values()].filter(({root}) => path.startsWith(root + sep))
  const [innermost] = around.toSorted((a, b) => b.root.length - a.root.length)
  const project = innermost ?? [...projects.values()].at(-1)
  if (project === undefined) throw new Error('there are no hooks without a project')
  return project
}

/** Runs the ES modules of a project otherwise. Returns false if there is no other way. */
export function runOtherwise(root: string): boolean {
  return projects.get(root)?.runOtherwise() ?? false
}
