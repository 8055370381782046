import {existsSync, readdirSync, statSync} from 'node:fs'
import {join} from 'node:path'
import type {CommitId} from './repository.ts'
import {readRegularFile} from '../util/regular-file.ts'

const line = /^[0-9a-f]+ (?<id>[0-9a-f]+) .*> (?<seconds>\d+) /

/**
 * Returns the reflog of a ref, or of all refs, newest first.
 *
 * isomorphic-git cannot read reflogs; each line is "old-id new-id name <address> seconds zone\tmessage".
 *
 * @param ref a full ref name or HEAD; default: all
 */
export function readReflogs(gitFolder: string, ref?: string): readonly CommitId[] {
  const folder = join(gitFolder, 'logs', ref ?? '')
  const files = !existsSync(folder)
    ? []
    : statSync(folder).isFile()
      ? [folder]
      : readdirSync(folder, {recursive: true, withFileTypes: true})
          .filter((entry) => entry.isFile())
          .map((entry) => join(entry.parentPath, entry.name))
  const entries = files.flatMap((file) => {
    const lines = readRegularFile(file).split('\n')
    return lines.flatMap((text) => {
      const {id, seconds} = line.exec(text)?.groups ?? {}
      return id === undefined ? [] : [{id, seconds: Number(seconds)}]
    })
  })
  const newestFirst = entries.toReversed().toSorted((a, b) => b.seconds - a.seconds)
  return ref === undefined ? [...new Set(newestFirst.map(({id}) => id))] : entries.toReversed().map(({id}) => id)
}

/** Returns the reason of the last change of HEAD, such as `commit (merge): a message`; undefined without a reflog. */
export function lastReason(gitFolder: string): string | undefined {
  const file = join(gitFolder, 'logs/HEAD')
  if (!existsSync(file)) return undefined
  const text = readRegularFile(file).trimEnd()
  return text.slice(text.lastIndexOf('\n') + 1).split('\t')[1]
}
