import {existsSync, statSync} from 'node:fs'
import {dirname, join, resolve} from 'node:path'
import {readRegularFile} from '../util/regular-file.ts'

/** Location of a repository. All paths are absolute. */
export interface RepositoryPlace {
  /** The top of the work tree. */
  readonly root: string
  /** Git folder of this work tree, with HEAD and the index. */
  readonly gitFolder: string
  /** Git folder shared by all work trees, with objects, refs and the configuration. */
  readonly commonFolder: string
}

/** Returns the repository that contains a folder, which may be missing. */
export function locateRepository(folder: string): RepositoryPlace | undefined {
  for (let root = resolve(folder); ; root = dirname(root)) {
    const dotGit = join(root, '.git')
    if (existsSync(dotGit)) {
      const gitFolder = statSync(dotGit).isDirectory() ? dotGit : resolve(root, pathIn(dotGit, /^gitdir: /))
      const shared = join(gitFolder, 'commondir')
      return {root, gitFolder, commonFolder: existsSync(shared) ? resolve(gitFolder, pathIn(shared)) : gitFolder}
    }
    if (root === dirname(root)) return undefined
  }
}

/** Returns the commits at the boundary of a shallow clone. */
export function shallowCommits({commonFolder}: RepositoryPlace): ReadonlySet<string> {
  const file = join(commonFolder, 'shallow')
  return new Set(existsSync(file) ? readRegularFile(file).split('\n').filter(Boolean) : [])
}

/** Returns the feature of a repository that isomorphic-git cannot read, if any. */
export function obstacleIn({gitFolder, commonFolder}: RepositoryPlace): string | undefined {
  if (gitFolder !== commonFolder) return 'a linked work tree'
  if (existsSync(join(commonFolder, 'objects/info/alternates'))) return 'objects that are in another repository'
  const config = join(commonFolder, 'config')
  const text = existsSync(config) ? readRegularFile(config) : ''
  return obstacles.find(({sign}) => sign.test(text))?.name
}

const obstacles: readonly {readonly sign: RegExp; readonly name: string}[] = [
  {sign: /^\s*objectformat\s*=\s*"?sha256/im, name: 'SHA-256 ids'},
  {sign: /^\s*refstorage\s*=\s*"?reftable/im, name: 'refs in a reftable'},
  {sign: /^\s*(?:partialclone|promisor)\s*=/im, name: 'a partial clone'},
]

/** A git operation that stops for the user. */
export type GitOperation = 'am' | 'rebase' | 'merge' | 'cherry-pick' | 'revert' | 'bisect'

/** Returns the unfinished git operation, if any. */
export function operationIn({gitFolder}: RepositoryPlace): GitOperation | undefined {
  return operationFiles.find(({file}) => existsSync(join(gitFolder, file)))?.operation ?? sequenceIn(gitFolder)
}

/** The files by which git itself recognises an unfinished operation, inner operations first. */
const operationFiles: readonly {readonly file: string; readonly operation: GitOperation}[] = [
  {file: 'rebase-apply/applying', operation: 'am'},
  {file: 'rebase-apply', operation: 'rebase'},
  {file: 'rebase-merge', operation: 'rebase'},
  {file: 'MERGE_HEAD', operation: 'merge'},
  {file: 'CHERRY_PICK_HEAD', operation: 'cherry-pick'},
  {file: 'REVERT_HEAD', operation: 'revert'},
  {file: 'BISECT_LOG', operation: 'bisect'},
]

/** Returns the commit that an unfinished `git rebase` puts the branch on. */
export function rebasedOnto({gitFolder}: RepositoryPlace): string | undefined {
  const file = ['rebase-merge/onto', 'rebase-apply/onto'].map((name) => join(gitFolder, name)).find(existsSync)
  return file === undefined ? undefined : pathIn(file)
}

/** A sequence of several commits may be between two of them. */
function sequenceIn(gitFolder: string): GitOperation | undefined {
  const todo = join(gitFolder, 'sequencer/todo')
  if (!existsSync(todo)) return undefined
  return readRegularFile(todo).startsWith('revert') ? 'revert' : 'cherry-pick'
}

function pathIn(file: string, prefix = /^/): string {
  return readRegularFile(file).replace(prefix, '').trim()
}
