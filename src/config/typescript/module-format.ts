import {existsSync} from 'node:fs'
import {dirname, join} from 'node:path'
import {readRegularFile} from '../../util/regular-file.ts'
import type {TsConfig} from './tsconfig.ts'

export type ModuleFormat = 'commonjs' | 'module'

/** Values of `module` with which a package without `"type": "module"` is compiled to CommonJS. */
const commonJsModules = new Set(['commonjs', 'node16', 'node18', 'node20', 'nodenext'])

const types = new Map<string, ModuleFormat | undefined>()

/** Returns the format of the JavaScript that a project's own compiler would write for a file of TypeScript. */
export function moduleFormatOf(path: string, {options: {module, target}}: TsConfig): ModuleFormat {
  const fixed = fixedFormatOf(path)
  if (fixed !== undefined) return fixed
  // Without `module`, the target decides.
  if (typeof module !== 'string') return /^es[35]$/i.test(String(target)) ? 'commonjs' : 'module'
  return commonJsModules.has(module.toLowerCase()) ? 'commonjs' : 'module'
}

/** Returns the format that a file has with every tsconfig.json. */
export function fixedFormatOf(path: string): ModuleFormat | undefined {
  if (path.endsWith('.mts')) return 'module'
  if (path.endsWith('.cts')) return 'commonjs'
  return packageTypeOf(dirname(path)) === 'module' ? 'module' : undefined
}

/** Returns `"type"` of the nearest package.json, upwards from a folder. */
function packageTypeOf(folder: string): ModuleFormat | undefined {
  if (!types.has(folder)) types.set(folder, readPackageType(folder))
  return types.get(folder)
}

function readPackageType(folder: string): ModuleFormat | undefined {
  const path = join(folder, 'package.json')
  if (!existsSync(path)) return folder === dirname(folder) ? undefined : packageTypeOf(dirname(folder))
  try {
    const {type} = JSON.parse(readRegularFile(path)) as {readonly type?: unknown}
    return type === 'module' || type === 'commonjs' ? type : undefined
  } catch {
    return undefined
  }
}
