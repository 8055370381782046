/** A commit id: 40 hexadecimal digits, or 64 in a SHA-256 repository. */
export type CommitId = string

/** Metadata of a commit. */
export interface Commit {
  readonly id: CommitId
  readonly parents: readonly CommitId[]
  readonly author: string
  /** Author date, in seconds since the epoch. */
  readonly authored: number
  /** Committer date, in seconds since the epoch. */
  readonly committed: number
}

/** A file of a commit. */
export interface TreeFile {
  /** Relative to the top of the repository, with `/`. */
  readonly path: string
  /** Blob id of its content. */
  readonly id: string
  /** Set for a symbolic link, whose content is the path that it leads to. */
  readonly isLink?: true
}

/** A named ref: a branch, tag or other. */
export interface Ref {
  /** Full name: `refs/heads/main`. */
  readonly name: string
  readonly commit: CommitId
}

/** State of a file in a past commit. */
export interface PastFile extends TreeFile {
  readonly commit: CommitId
}

/** A commit and another one to compare it with. */
export interface ComparedCommit {
  readonly commit: CommitId
  readonly with: CommitId
}

/** A file that differs between two commits. */
export interface Difference {
  readonly commit: CommitId
  readonly path: string
  /** Blob id in this commit; undefined if it does not have the file. */
  readonly id: string | undefined
  readonly isLink?: true
}

/**
 * Read-only access to a repository.
 *
 * Every method throws MigError GIT_OBJECT_UNREADABLE if a required object is missing or corrupt.
 */
export interface Repository {
  /** Implementation that reads it. */
  readonly source: 'isomorphic-git' | 'git'
  /** Absolute path of the top of the work tree. */
  readonly root: string
  /** Whether this is a shallow clone. */
  readonly isShallow: boolean
  /** Returns the commit of an expression such as `main`, `v2.3.0`, `4f2a9c1`, `HEAD~2`, `stash@{0}`, or undefined. */
  resolve(text: string): Promise<CommitId | undefined>
  commit(id: CommitId): Promise<Commit>
  /** Returns the files below a folder of a commit; undefined if the folder does not exist. */
  files(commit: CommitId, folder: string, recursive: boolean): Promise<readonly TreeFile[] | undefined>
  /** Returns the contents of blobs, in the order of `ids`. */
  blobs(ids: readonly string[]): Promise<readonly Buffer[]>
  has(id: string): Promise<boolean>
  /** Returns the best common ancestors of two commits; none if the histories are unrelated, or shallow and end too early. */
  mergeBases(one: CommitId, other: CommitId): Promise<readonly CommitId[]>
  /** Returns the commit in the history of `from` that added a file of `from`. */
  commitThatAdded(from: CommitId, path: string): Promise<Commit | undefined>
  /** Returns the commits in the history of `from` that added some files of `from`, by path. */
  commitsThatAdded(from: CommitId, paths: readonly string[]): Promise<ReadonlyMap<string, Commit>>
  /** Returns all branches, remote branches, tags and the stash, each with its commit. */
  refs(): Promise<readonly Ref[]>
  /** Returns the commits of all stashes, newest first. */
  stashes(): Promise<readonly CommitId[]>
  /** Returns the commits in the reflogs of HEAD, branches and the stash, newest first. */
  reflog(): Promise<readonly CommitId[]>
  /**
   * Returns the files at some paths or below them that differ between commits and those they are compared with, in this order.
   *
   * @param omitted 'deleted' to leave out files that a commit does not have
   */
  differences(
    compared: readonly ComparedCommit[],
    paths: readonly string[],
    omitted?: 'deleted',
  ): AsyncIterable<Difference>
  /** Returns past states of files below some folders in the histories of some commits, newest first. */
  past(from: readonly CommitId[], folders: readonly string[]): AsyncIterable<PastFile>
  /** Returns the checked-out branch and its upstream. */
  branch(): Promise<{readonly name: string | undefined; readonly upstream: string | undefined}>
}
