/**
 * Source of the files of a script directory: the disk, a git commit, or a bundle.
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
  /** Returns the git blob id of a listed file, if the tree knows it without reading the file. */
  contentId?(path: string): string | undefined
  /** Returns the absolute path of a file in stack traces. */
  absolute(path: string): string
  /**
   * Imports the code of a file.
   *
   * @param text as read from the tree
   * @throws whatever the code throws; SyntaxError
   */
  import(path: string, text: string): Promise<ModuleExports>
}

/** The exports of a module by name. */
export type ModuleExports = Readonly<Record<string, unknown>>
