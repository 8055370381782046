/** The id of a commit: 40 hexadecimal digits, or 64 where a repository uses SHA-256. */
export type CommitId = string

/** What is kept of a commit. */
export interface Commit {
  readonly id: CommitId
  readonly parents: readonly CommitId[]
  readonly author: string
  /** When it was written, in seconds since 1970. */
  readonly authored: number
  /** When it was committed, in seconds since 1970. */
  readonly committed: number
}

/** A file of a commit. */
export interface TreeFile {
  /** From the top of the repository, with `/` between its parts. */
  readonly path: string
  /** The id of the blob with its content. */
  readonly id: string
}

/** A branch, a tag, or what else has a name. */
export interface Ref {
  /** In full: `refs/heads/main`. */
  readonly name: string
  readonly commit: CommitId
}

/** A state that a file had in a commit. */
export interface PastFile extends TreeFile {
  readonly commit: CommitId
}

/**
 * A repository, read. Nothing here ever writes.
 *
 * Every method throws MigError GIT_OBJECT_UNREADABLE where an object that it needs is missing or corrupt.
 */
export interface Repository {
  /** What reads it. */
  readonly source: 'isomorphic-git' | 'git'
  /** The absolute path of the top of the work tree. */
  readonly root: string
  /** Whether the history of this clone ends before its beginning. */
  readonly isShallow: boolean
  /** Returns the commit that a text means: `main`, `v2.3.0`, `4f2a9c1`, `HEAD~2`, `stash@{0}`; undefined when none. */
  resolve(text: string): Promise<CommitId | undefined>
  commit(id: CommitId): Promise<Commit>
  /** Returns the files below a folder of a commit; undefined when it has no such folder. */
  files(commit: CommitId, folder: string, recursive: boolean): Promise<readonly TreeFile[] | undefined>
  /** Returns the contents of blobs, in the order of `ids`. */
  blobs(ids: readonly string[]): Promise<readonly Buffer[]>
  has(id: string): Promise<boolean>
  /** Returns the best common ancestors of two commits: none when their histories have nothing in common. */
  mergeBases(one: CommitId, other: CommitId): Promise<readonly CommitId[]>
  /** Returns the commit in the history of `from` that brought a file that `from` has. */
  commitThatAdded(from: CommitId, path: string): Promise<Commit | undefined>
  /** Returns every branch, remote branch, tag and the stash, each with the commit that it means. */
  refs(): Promise<readonly Ref[]>
  /** Returns the commits that HEAD, branches and the stash once were, newest first. */
  reflog(): Promise<readonly CommitId[]>
  /** Returns the states that files below some folders had in the histories of some commits, newest first. */
  past(from: readonly CommitId[], folders: readonly string[]): AsyncIterable<PastFile>
  /** Returns the name of the branch that is checked out, and of the remote branch that it follows. */
  branch(): Promise<{readonly name: string | undefined; readonly upstream: string | undefined}>
}
