import {readFileSync} from 'node:fs'
import {fileURLToPath} from 'node:url'

/** The version in package.json when mig was built; the sources run without it. */
declare const BUILT_VERSION: string | undefined

/** Returns the version of this mig. */
export function migVersion(): string {
  try {
    const manifest = readFileSync(fileURLToPath(import.meta.resolve('#package.json')), 'utf8')
    return (JSON.parse(manifest) as {readonly version: string}).version
  } catch (error) {
    // In the bundle of an application, mig has no package.json.
    if (typeof BUILT_VERSION === 'undefined') throw error
    return BUILT_VERSION
  }
}
