/**
 * Where the files of a script directory come from. The disk is one; a git commit looks the same.
 *
 * Paths are relative to the tree's root, with `/` between their parts.
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
  /** Returns the absolute path that a file's code is imported as. */
  absolute(path: string): string
}
