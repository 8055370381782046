import {branchOfRef} from './ref-names.ts'
import {isFileMode, linkMode, parseCommit} from './objects.ts'
import {shallowCommits} from './locate.ts'
import type {RepositoryPlace} from './locate.ts'
import type {Commit, CommitId, ComparedCommit, Difference, PastFile, Ref, Repository, TreeFile} from './repository.ts'
import {foldersOf, readAddition, readAdditions, readDifferences, readPast} from './read-past.ts'
import {readObjects} from './read-objects.ts'
import {gitFailure, runGit, tryGit} from './run-git.ts'

/** A repository read by the git executable; supports every kind of repository. */
export class GitProgramRepository implements Repository {
  readonly source = 'git'
  readonly root: string
  readonly isShallow: boolean
  readonly #shallow: ReadonlySet<CommitId>
  readonly #commits = new Map<CommitId, Commit>()

  constructor(place: RepositoryPlace) {
    this.root = place.root
    this.#shallow = shallowCommits(place)
    this.isShallow = this.#shallow.size > 0
  }

  async resolve(text: string): Promise<CommitId | undefined> {
    if (text.startsWith('-') || text.includes(':')) return undefined
    const args = ['rev-parse', '--verify', '--quiet', `${text}^{commit}`]
    const {status, stdout, stderr} = await tryGit(this.root, args)
    if (status !== 0 && stderr.includes('dubious ownership')) throw gitFailure(args, stderr, status)
    return status === 0 ? stdout.toString().trim() : undefined
  }

  async commit(id: CommitId): Promise<Commit> {
    const known = this.#commits.get(id)
    if (known !== undefined) return known
    const [bytes = Buffer.alloc(0)] = await readObjects(this.root, [id])
    const commit = parseCommit(id, bytes.toString())
    this.#commits.set(id, commit)
    return commit
  }

  async files(commit: CommitId, folder: string, recursive: boolean): Promise<readonly TreeFile[] | undefined> {
    const where = folder === '' ? [] : ['--', `${folder}/`]
    const args = ['ls-tree', '-z', '--full-tree', ...(recursive ? ['-r'] : []), commit, ...where]
    const entries = (await this.#lines(args, '\0')).map((entry) => {
      const [mode = '', , id = ''] = entry.slice(0, entry.indexOf('\t')).split(' ')
      return {mode, id, path: entry.slice(entry.indexOf('\t') + 1)}
    })
    // git does not track empty folders.
    if (entries.length === 0 && folder !== '') return undefined
    return entries
      .filter(({mode}) => isFileMode(mode))
      .map(({path, id, mode}) => ({path, id, ...(mode === linkMode && {isLink: true})}))
  }

  async blobs(ids: readonly string[]): Promise<readonly Buffer[]> {
    return readObjects(this.root, ids)
  }

  async has(id: string): Promise<boolean> {
    return (await tryGit(this.root, ['cat-file', '-e', id])).status === 0
  }

  async mergeBases(one: CommitId, other: CommitId): Promise<readonly CommitId[]> {
    const args = ['merge-base', '--all', one, other]
    const {status, stdout, stderr} = await tryGit(this.root, args)
    if (status > 1) throw gitFailure(args, stderr, status)
    const bases = linesOf(stdout)
    if (!this.isShallow || bases.length === 0) return bases
    // A better one may be behind the end of only one history.
    const between = await this.#lines(['rev-list', one, other, '--not', ...bases])
    return between.some((commit) => this.#shallow.has(commit)) ? [] : bases
  }

  async commitThatAdded(from: CommitId, path: string): Promise<Commit | undefined> {
    const id = await readAddition(this.root, from, path)
    return id === undefined ? undefined : this.commit(id)
  }

  async commitsThatAdded(from: CommitId, paths: readonly string[]): Promise<ReadonlyMap<string, Commit>> {
    const added = await readAdditions(this.root, from, foldersOf(paths))
    const found = new Map<string, Commit>()
    for (const path of paths) {
      const id = added.get(path)
      if (id !== undefined) found.set(path, await this.commit(id))
    }
    return found
  }

  async refs(): Promise<readonly Ref[]> {
    const format = '%(refname) %(objecttype) %(objectname) %(*objecttype) %(*objectname)'
    const lines = await this.#lines(['for-each-ref', `--format=${format}`])
    return lines.flatMap((line) => {
      const [name = '', type, id = '', peeledType, peeled = ''] = line.split(' ')
      const commit = type === 'commit' ? id : peeledType === 'commit' ? peeled : undefined
      return commit === undefined || name.endsWith('/HEAD') ? [] : [{name, commit}]
    })
  }

  async stashes(): Promise<readonly CommitId[]> {
    return this.#lines(['stash', 'list', '--format=%H'])
  }

  async reflog(): Promise<readonly CommitId[]> {
    return [...new Set(await this.#lines(['log', '--reflog', '--no-walk=unsorted', '--format=%H']))]
  }

  differences(
    compared: readonly ComparedCommit[],
    paths: readonly string[],
    omitted?: 'deleted',
  ): AsyncIterable<Difference> {
    return readDifferences(this.root, compared, paths, omitted)
  }

  past(from: readonly CommitId[], folders: readonly string[]): AsyncIterable<PastFile> {
    return readPast(this.root, from, folders)
  }

  async branch(): ReturnType<Repository['branch']> {
    const short = async (ref: string): Promise<string | undefined> => {
      const {status, stdout} = await tryGit(this.root, ['rev-parse', '--abbrev-ref', '--symbolic-full-name', ref])
      return status === 0 ? stdout.toString().trim() : undefined
    }
    const [{status, stdout}, upstream] = await Promise.all([
      tryGit(this.root, ['symbolic-ref', '--quiet', 'HEAD']),
      short('@{upstream}'),
    ])
    return {name: status === 0 ? branchOfRef(stdout.toString().trim()) : undefined, upstream}
  }

  async #lines(args: readonly string[], separator = '\n'): Promise<string[]> {
    return linesOf(await runGit(this.root, args), separator)
  }
}

function linesOf(output: Buffer, separator = '\n'): string[] {
  return output.toString().split(separator).filter(Boolean)
}
