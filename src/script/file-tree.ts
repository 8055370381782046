/**
 * Source of the files of a script directory: the disk or a git commit.
 *
 * Paths are relative to the root of the tree and use `/`.
 */
export interface FileTree {
  /** Returns the paths of the files in a folder, in no special order; undefined when there is no such folder. */
  list(folder: string, options: {readonly recursive: boolean}): Promise<readonly string[] | undefined>
  /**
   * Returns the texts of files, in the order of `paths`.
   *
   * @throws MigError NOT_UTF8, FILE_UNREADABLE
   */
  read(paths: readonly string[]): Promise<readonly string[]>
  /** Returns the absolute path under which the code of a file is imported. */
  absolute(path: string): string
}
