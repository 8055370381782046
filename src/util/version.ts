import {readFileSync} from 'node:fs'
import {fileURLToPath} from 'node:url'

/** Returns the version of this mig. */
export function migVersion(): string {
  const manifest = readFileSync(fileURLToPath(import.meta.resolve('#package.json')), 'utf8')
  return (JSON.parse(manifest) as {readonly version: string}).version
}
