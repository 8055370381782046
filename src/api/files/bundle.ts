import {writeBundle} from '../../engine/bundle/write.ts'
import {openProject} from '../../engine/project.ts'
import type {ProjectOptions} from '../../engine/project.ts'

interface BundleFileOptions extends ProjectOptions {
  /** The path of the file. */
  readonly out: string
  /** Whether to compare the file without writing it. */
  readonly check?: boolean | undefined
}

/** A file with a bundle. */
export interface BundleResult {
  readonly file: string
  readonly state: 'up to date' | 'written' | 'out of date'
  /** The number of revisions in the history. */
  readonly revisions: number
}

/** Writes the history of a project as one module, or checks that the module is up to date. */
export async function bundle({out, check = false, ...options}: BundleFileOptions): Promise<BundleResult> {
  const {isUpToDate, revisions} = await writeBundle(await openProject(options), out, check)
  return {file: out, state: isUpToDate ? 'up to date' : check ? 'out of date' : 'written', revisions}
}
