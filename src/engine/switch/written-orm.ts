import {relative, sep} from 'node:path'
import type {ConfiguredDatabase} from '../../config/database.ts'
import {writtenSettings} from '../../config/written-settings.ts'
import {textOf} from '../../git/commit-tree.ts'
import type {CommitId, Repository} from '../../git/repository.ts'
import {contentIdOf} from '../../script/content-id.ts'
import {readRegularFile} from '../../util/regular-file.ts'
import {hideInAddress} from '../../util/secrets.ts'

/** The options by which a MikroORM configuration names a database and that are literals. */
const keys = ['clientUrl', 'host', 'port', 'user', 'dbName', 'schema'] as const

/** The difference of the MikroORM configurations of a commit and of the checkout. */
type Difference =
  | {readonly kind: 'none'}
  /** Only running it would tell. */
  | {readonly kind: 'unknown'; readonly file: string}
  | {readonly kind: 'database'; readonly file: string; readonly database: string}

/**
 * Returns whether the MikroORM configurations of a commit name other databases than those of the checkout, read from their
 * texts without running them.
 */
export async function ormDifference(
  repository: Repository,
  commit: CommitId,
  databases: readonly ConfiguredDatabase[],
): Promise<Difference> {
  for (const database of databases) {
    // A URL of the environment takes precedence over the file.
    if (database.kind === 'url' || database.url !== undefined) continue
    const difference = await differenceOf(repository, commit, database.from)
    if (difference.kind !== 'none') return difference
  }
  return {kind: 'none'}
}

/** @param path the absolute path of a file, or a description of options that are in none */
async function differenceOf(repository: Repository, commit: CommitId, path: string): Promise<Difference> {
  const file = relative(repository.root, path).split(sep).join('/')
  const isFile = /\.[cm]?[jt]s$/.test(path) && !file.startsWith('../')
  if (!isFile) return {kind: 'none'}
  const text = readRegularFile(path)
  const folder = file.includes('/') ? file.slice(0, file.lastIndexOf('/')) : ''
  const listed = (await repository.files(commit, folder, false)) ?? []
  const found = listed.find((each) => each.path === file)
  if (found === undefined) return {kind: 'unknown', file}
  const [bytes = Buffer.alloc(0)] = await repository.blobs([found.id])
  const there = textOf(bytes, file)
  if (contentIdOf(there) === contentIdOf(text)) return {kind: 'none'}
  const [ours, theirs] = [writtenSettings(text, keys, undefined), writtenSettings(there, keys, undefined)]
  if (ours === undefined || theirs === undefined || driversIn(text) !== driversIn(there)) return {kind: 'unknown', file}
  const isSame = keys.every((key) => ours[key] === theirs[key])
  return isSame ? {kind: 'none'} : {kind: 'database', file, database: describe(theirs)}
}

/** Returns the packages of MikroORM that a text names, which include that of its driver. */
function driversIn(text: string): string {
  const names = [...text.matchAll(/@mikro-orm\/[\w-]+/g)].map(([name]) => name)
  return [...new Set(names)].toSorted().join(' ')
}

function describe(options: Readonly<Record<string, unknown>>): string {
  const {clientUrl} = options
  if (typeof clientUrl === 'string') return hideInAddress(clientUrl)
  return keys
    .flatMap((key) => (options[key] === undefined ? [] : [`${key} ${JSON.stringify(options[key])}`]))
    .join(', ')
}
