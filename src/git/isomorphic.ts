import {existsSync} from 'node:fs'
import {join, posix} from 'node:path'
import * as git from 'isomorphic-git'
import {MigError} from '../errors.ts'
import {messageOf} from '../util/error-info.ts'
import {readRegularFile} from '../util/regular-file.ts'
import {ObjectUnreadableError} from './errors.ts'
import {readExpression} from './expression.ts'
import {shallowCommits} from './locate.ts'
import type {RepositoryPlace} from './locate.ts'
import {entriesInto, mergeBases} from './merge-base.ts'
import {ObjectStore} from './object-store.ts'
import {emptyTree, parseCommit, parseTree} from './objects.ts'
import type {GitObject} from './pack.ts'
import {readObjects} from './read-objects.ts'
import {readOnlyFs} from './read-only-fs.ts'
import {foldersOf, readAddition, readAdditions, readAncestors, readDifferences, readPast} from './read-past.ts'
import {readReflogs} from './reflog.ts'
import type {Commit, CommitId, ComparedCommit, Difference, PastFile, Ref, Repository, TreeFile} from './repository.ts'

/** Limit of a history search: isomorphic-git reads a few thousand commits a second. */
const searchedCommits = 10_000

/** Number of commits after which starting a git process pays off. */
const nearby = 100

/** Number of merges with a commit after which its whole history is read. */
const often = 4

/** Number of trees that are kept: commits next to each other have most of them in common. */
const keptTrees = 64

/** Number of objects from which starting a git process pays off. */
const many = 200

/** A repository read by isomorphic-git; needs no git executable. */
export class IsomorphicRepository implements Repository {
  readonly source = 'isomorphic-git'
  readonly root: string
  readonly isShallow: boolean
  readonly #gitFolder: string
  readonly #objects: ObjectStore
  readonly #options: {readonly fs: typeof readOnlyFs; readonly gitdir: string; readonly cache: object}
  /** Commits at the boundary of a shallow clone. */
  readonly #shallow: ReadonlySet<CommitId>
  /** The commit that merge bases were last asked for. */
  #mergedWith: {commit: CommitId; count: number; ancestors: ReadonlySet<CommitId> | undefined} = {
    commit: '',
    count: 0,
    ancestors: undefined,
  }
  readonly #commits = new Map<CommitId, {readonly commit: Commit; readonly tree: string}>()
  readonly #trees = new Map<string, ReturnType<typeof parseTree>>()

  constructor(place: RepositoryPlace) {
    const {root, gitFolder} = place
    this.root = root
    this.#shallow = shallowCommits(place)
    this.isShallow = this.#shallow.size > 0
    this.#gitFolder = gitFolder
    this.#objects = new ObjectStore(gitFolder)
    this.#options = {fs: readOnlyFs, gitdir: gitFolder, cache: {}}
  }

  async resolve(text: string): Promise<CommitId | undefined> {
    const expression = readExpression(text)
    if (expression === undefined) return undefined
    let id = await this.#named(expression.name, expression.reflog)
    for (const step of expression.steps)
      for (let left = step.kind === 'ancestor' ? step.count : 1; left > 0 && id !== undefined; left--) {
        const {parents} = await this.commit(id)
        if (step.kind === 'ancestor') id = parents[0]
        else if (step.count > 0) id = parents[step.count - 1]
      }
    return id
  }

  async commit(id: CommitId): Promise<Commit> {
    return (await this.#commitAndTree(id)).commit
  }

  async files(commit: CommitId, folder: string, recursive: boolean): Promise<readonly TreeFile[] | undefined> {
    const tree = await this.#treeAt(commit, folder)
    if (tree === undefined) return undefined
    const found: TreeFile[] = []
    const folders = [{path: folder, tree}]
    for (const {path, tree: id} of folders)
      for (const entry of await this.#tree(id)) {
        const inner = path === '' ? entry.name : `${path}/${entry.name}`
        if (entry.isFile) found.push({path: inner, id: entry.id, ...(entry.isLink && {isLink: true})})
        else if (entry.isFolder && recursive) folders.push({path: inner, tree: entry.id})
      }
    return found
  }

  async blobs(ids: readonly string[]): Promise<readonly Buffer[]> {
    // If installed, the git executable reads objects about ten times as fast as isomorphic-git.
    const read = ids.length < many ? undefined : await readObjects(this.root, ids).catch(() => undefined)
    if (read !== undefined) return read
    const contents: Buffer[] = []
    for (const id of ids) contents.push((await this.#object(id)).bytes)
    return contents
  }

  async has(id: string): Promise<boolean> {
    return this.#object(id).then(
      () => true,
      () => false,
    )
  }

  async mergeBases(one: CommitId, other: CommitId): Promise<readonly CommitId[]> {
    const commitOf = async (id: CommitId): Promise<Commit> => this.commit(id)
    const ancestors = await this.#ancestorsOf(other)
    const entries = ancestors && (await entriesInto(ancestors, one, commitOf))
    return entries?.length === 1 ? entries : mergeBases(one, other, commitOf, this.#shallow)
  }

  /** Returns a commit and all its ancestors, if it has been merged with so often that reading them pays off. */
  async #ancestorsOf(commit: CommitId): Promise<ReadonlySet<CommitId> | undefined> {
    if (this.#mergedWith.commit !== commit) this.#mergedWith = {commit, count: 0, ancestors: undefined}
    if (++this.#mergedWith.count === often)
      this.#mergedWith.ancestors = await readAncestors(this.root, commit).catch(() => undefined)
    return this.#mergedWith.ancestors
  }

  async commitThatAdded(from: CommitId, path: string): Promise<Commit | undefined> {
    if (!(await this.#hasFile(from, path))) return undefined
    for (let id = from, seen = 0; seen < searchedCommits; seen++) {
      if (seen === nearby) {
        const found = await readAddition(this.root, id, path).catch(() => undefined)
        if (found !== undefined) return this.#shallow.has(found) ? undefined : this.commit(found)
      }
      const commit = await this.commit(id)
      const parents: CommitId[] = []
      for (const parent of commit.parents) if (await this.#hasFile(parent, path)) parents.push(parent)
      const [next] = parents
      // The history beyond the end of a shallow clone is unknown.
      if (next === undefined) return this.#shallow.has(id) ? undefined : commit
      id = next
    }
    return undefined
  }

  async commitsThatAdded(from: CommitId, paths: readonly string[]): Promise<ReadonlyMap<string, Commit>> {
    // If installed, the git executable finds all of them in one walk.
    const added = await readAdditions(this.root, from, foldersOf(paths)).catch(() => undefined)
    const found = new Map<string, Commit>()
    for (const path of paths) {
      const id = added?.get(path)
      // The history beyond the end of a shallow clone is unknown.
      if (id !== undefined && this.#shallow.has(id)) continue
      const commit = id === undefined ? await this.commitThatAdded(from, path) : await this.commit(id)
      if (commit !== undefined) found.set(path, commit)
    }
    return found
  }

  async refs(): Promise<readonly Ref[]> {
    const names = await git.listRefs({...this.#options, filepath: 'refs'})
    const refs: Ref[] = []
    for (const name of names.map((ref) => `refs/${ref}`)) {
      // In packed-refs, `…^{}` is the target of an annotated tag.
      const commit = /\/HEAD$|\^\{\}$/.test(name) ? undefined : await this.#named(name)
      if (commit !== undefined) refs.push({name, commit})
    }
    return refs
  }

  async stashes(): Promise<readonly CommitId[]> {
    return readReflogs(this.#gitFolder, 'refs/stash')
  }

  async reflog(): Promise<readonly CommitId[]> {
    return readReflogs(this.#gitFolder)
  }

  async *differences(
    compared: readonly ComparedCommit[],
    paths: readonly string[],
    omitted?: 'deleted',
  ): AsyncIterable<Difference> {
    try {
      // The git executable, if installed, compares trees without reading what they have in common.
      return yield* readDifferences(this.root, compared, paths, omitted)
    } catch (error) {
      if (!(error instanceof MigError)) throw error
      yield* this.#differences(compared, paths, omitted)
    }
  }

  async *#differences(
    compared: readonly ComparedCommit[],
    paths: readonly string[],
    omitted?: 'deleted',
  ): AsyncIterable<Difference> {
    const filesOf = async (commit: CommitId): Promise<ReadonlyMap<string, string>> => {
      const files = await Promise.all(paths.map(async (path) => this.#filesAt(commit, path)))
      return new Map(files.flatMap((found) => found.map(({path, id}) => [path, id])))
    }
    for (const {commit, with: other} of compared) {
      const [before, now] = [await filesOf(other), await filesOf(commit)]
      for (const [path, id] of now) if (before.get(path) !== id) yield {commit, path, id}
      if (omitted === 'deleted') continue
      for (const path of before.keys()) if (!now.has(path)) yield {commit, path, id: undefined}
    }
  }

  /** Returns a file, or those below a folder. */
  async #filesAt(commit: CommitId, path: string): Promise<readonly TreeFile[]> {
    const below = await this.files(commit, path, true)
    if (below !== undefined) return below
    const beside = (await this.files(commit, posix.dirname(path).replace(/^\.$/, ''), false)) ?? []
    return beside.filter((file) => file.path === path)
  }

  async *past(from: readonly CommitId[], folders: readonly string[]): AsyncIterable<PastFile> {
    try {
      // For a whole history the git executable, if installed, is a hundred times faster.
      return yield* readPast(this.root, from, folders)
    } catch (error) {
      if (!(error instanceof MigError)) throw error
      yield* this.#past(from, folders)
    }
  }

  async *#past(from: readonly CommitId[], folders: readonly string[]): AsyncIterable<PastFile> {
    const seen = new Set<CommitId>(from)
    const seenTrees = new Set<string>()
    for (const commit of seen) {
      if (seen.size > searchedCommits) return
      for (const folder of folders) {
        const tree = await this.#treeAt(commit, folder).catch(() => undefined)
        if (tree === undefined || seenTrees.has(tree)) continue
        seenTrees.add(tree)
        for (const file of (await this.files(commit, folder, true)) ?? []) yield {...file, commit}
      }
      for (const parent of (await this.commit(commit)).parents) seen.add(parent)
    }
  }

  async branch(): ReturnType<Repository['branch']> {
    const name = (await git.currentBranch(this.#options)) ?? undefined
    return {name, upstream: name === undefined ? undefined : await this.#upstreamOf(name)}
  }

  async #upstreamOf(branch: string): Promise<string | undefined> {
    const value = async (key: string): Promise<unknown> =>
      git.getConfig({...this.#options, path: `branch.${branch}.${key}`})
    const [remote, merge] = [await value('remote'), await value('merge')]
    if (typeof remote !== 'string' || typeof merge !== 'string') return undefined
    const name = merge.replace(/^refs\/heads\//, '')
    return remote === '.' ? name : `${remote}/${name}`
  }

  /** Returns the commit that a name or id refers to, now or in an earlier reflog entry. */
  async #named(name: string, reflog?: number | 'upstream'): Promise<CommitId | undefined> {
    if (reflog === 'upstream') {
      const branch = name === 'HEAD' ? (await this.branch()).name : name
      const upstream = branch === undefined ? undefined : await this.#upstreamOf(branch)
      return upstream === undefined ? undefined : this.#named(upstream)
    }
    const id = await this.#idOf(name)
    if (id === undefined) return undefined
    if (reflog === undefined) return this.#peeled(id)
    const full = name === 'HEAD' ? name : await git.expandRef({...this.#options, ref: name}).catch(() => undefined)
    return full === undefined ? undefined : readReflogs(this.#gitFolder, full)[reflog]
  }

  async #idOf(name: string): Promise<string | undefined> {
    if (/^[0-9a-f]{40}$/.test(name)) return name
    // Files such as FETCH_HEAD have more lines, and more on a line, than an id.
    const noted = /^[A-Z_]+_HEAD$/.test(name) ? firstIdIn(join(this.#gitFolder, name)) : undefined
    if (noted !== undefined) return noted
    // Only names like HEAD are files outside of refs/; a branch may be called `config`.
    const isWhole = name.startsWith('refs/') || /^[A-Z_]+$/.test(name)
    const below = ['refs/', 'refs/tags/', 'refs/heads/', 'refs/remotes/'].map((folder) => folder + name)
    for (const ref of [...(isWhole ? [name] : []), ...below, `refs/remotes/${name}/HEAD`]) {
      const id = await git.resolveRef({...this.#options, ref}).catch(() => undefined)
      if (id !== undefined) return id
    }
    if (!/^[0-9a-f]{4,40}$/.test(name)) return undefined
    return git.expandOid({...this.#options, oid: name}).catch(() => undefined)
  }

  /** Dereferences annotated tags; returns undefined if the target is missing or not a commit. */
  async #peeled(id: string): Promise<CommitId | undefined> {
    if (this.#commits.has(id)) return id
    const object = await this.#object(id).catch(() => undefined)
    if (object === undefined) return undefined
    const {type, bytes} = object
    if (type === 'commit') return this.#remember(id, bytes).commit.id
    return type === 'tag' ? this.#peeled(bytes.toString('latin1', 7, 47)) : undefined
  }

  async #commitAndTree(id: CommitId): Promise<{readonly commit: Commit; readonly tree: string}> {
    return this.#commits.get(id) ?? this.#remember(id, (await this.#object(id)).bytes)
  }

  #remember(id: CommitId, bytes: Buffer): {readonly commit: Commit; readonly tree: string} {
    const text = bytes.toString('utf8')
    const commit = parseCommit(id, text)
    const read = {commit: this.#shallow.has(id) ? {...commit, parents: []} : commit, tree: text.slice(5, 45)}
    this.#commits.set(id, read)
    return read
  }

  async #treeAt(commit: CommitId, folder: string): Promise<string | undefined> {
    let {tree} = await this.#commitAndTree(commit)
    for (const name of folder === '' ? [] : folder.split('/')) {
      const entry = (await this.#tree(tree)).find((child) => child.name === name && child.isFolder)
      if (entry === undefined) return undefined
      tree = entry.id
    }
    return tree
  }

  async #hasFile(commit: CommitId, path: string): Promise<boolean> {
    const slash = path.lastIndexOf('/')
    const tree = await this.#treeAt(commit, path.slice(0, Math.max(slash, 0)))
    if (tree === undefined) return false
    return (await this.#tree(tree)).some(({name, isFile}) => isFile && name === path.slice(slash + 1))
  }

  async #tree(id: string): Promise<ReturnType<typeof parseTree>> {
    if (id === emptyTree) return []
    const known = this.#trees.get(id) ?? parseTree((await this.#object(id)).bytes)
    this.#trees.delete(id)
    this.#trees.set(id, known)
    const [oldest] = this.#trees.keys()
    if (this.#trees.size > keptTrees && oldest !== undefined) this.#trees.delete(oldest)
    return known
  }

  async #object(id: string): Promise<GitObject> {
    let found: GitObject | undefined
    try {
      found = this.#objects.read(id)
    } catch (error) {
      throw new ObjectUnreadableError(id, `it is corrupt: ${messageOf(error)}`, error)
    }
    if (found === undefined) throw new ObjectUnreadableError(id, 'it is not in this clone')
    return found
  }
}

/** Returns the id at the beginning of a file. */
function firstIdIn(path: string): string | undefined {
  return existsSync(path) ? /^[0-9a-f]{40}/.exec(readRegularFile(path))?.[0] : undefined
}
