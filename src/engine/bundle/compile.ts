import {createRequire} from 'node:module'
import {join} from 'node:path'
import {packageManagerOf} from '../../util/package-manager.ts'
import {BundlerMissingError, BundleRefusedError} from './errors.ts'

/** The API used of esbuild, which is a dependency of the project, not of mig. */
interface Esbuild {
  readonly build: (options: object) => Promise<{
    readonly outputFiles: readonly {readonly text: string}[]
    readonly warnings: readonly Message[]
    readonly metafile: {readonly inputs: Readonly<Record<string, {readonly imports: readonly Import[]}>>}
  }>
}

interface Import {
  readonly path: string
  readonly kind: string
  /** Whether it stays an import, because it is a package or a module of Node. */
  readonly external?: boolean
}

interface Message {
  readonly id: string
  readonly text: string
  readonly location: {readonly file: string; readonly line: number} | null
}

/**
 * Returns a module with all files that it imports; packages stay imports.
 *
 * @param root the absolute path of the folder that imports are relative to
 * @param code a file of the module, for messages
 * @throws MigError BUNDLER_MISSING, BUNDLE_REFUSED
 */
export async function bundleModule(module: string, root: string, code: string): Promise<string> {
  const esbuild = esbuildOf(root)
  if (esbuild === undefined) throw new BundlerMissingError(code, packageManagerOf(root).installForDevelopment)
  const options = {
    stdin: {contents: module, resolveDir: root, sourcefile: 'bundle', loader: 'js'},
    absWorkingDir: root,
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    target: 'node22',
    charset: 'utf8',
    legalComments: 'none',
    metafile: true,
    logLevel: 'silent',
    // In a bundle, it would be the place of the bundle. esbuild warns of each use.
    supported: {'import-meta': false},
  }
  const {outputFiles, warnings, metafile} = await esbuild.build(options).catch((error: unknown) => {
    const [first] = (error as {readonly errors?: readonly Message[]}).errors ?? []
    if (first === undefined) throw error
    throw new BundleRefusedError(
      `${placeOf(first)}: ${first.text}`,
      'Correct the code, and run the same command again.',
    )
  })
  const placed = warnings.find(({id}) => id === 'empty-import-meta')
  if (placed !== undefined)
    throw new BundleRefusedError(
      `${placeOf(placed)} uses import.meta, which in a bundle does not lead to the file`,
      'Put what the code reads into the code, or into a module that it imports.',
    )
  for (const [file, {imports}] of Object.entries(metafile.inputs)) {
    const required = imports.find(({kind, external}) => kind === 'require-call' && external === true)
    if (required !== undefined)
      throw new BundleRefusedError(
        `${file} calls require('${required.path}'), which modules do not have`,
        'Use `import` instead, or make the file a package.',
      )
  }
  return outputFiles[0]?.text ?? ''
}

function placeOf({location}: Message): string {
  return location === null ? 'The bundle' : `${location.file}:${location.line}`
}

/** Returns the esbuild of a project: its own, or that of tsx or Vite. */
function esbuildOf(root: string): Esbuild | undefined {
  const require = createRequire(join(root, 'package.json'))
  for (const owner of [undefined, 'tsx', 'vite'])
    try {
      const from = owner === undefined ? require : createRequire(require.resolve(`${owner}/package.json`))
      return from('esbuild') as Esbuild
    } catch {
      continue
    }
  return undefined
}
