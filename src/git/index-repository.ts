import {isFileMode, linkMode} from './objects.ts'
import {GitProgramRepository} from './program.ts'
import type {CommitId, TreeFile} from './repository.ts'
import {once} from '../util/once.ts'
import {entriesOf, runGit} from './run-git.ts'

/** Pseudo commit id of the index. */
export const stagedCommit: CommitId = ':staged'

/** A repository with its index as an additional commit. In a hook, GIT_INDEX_FILE selects the index. */
export class IndexRepository extends GitProgramRepository {
  /** All files of the index: starting git takes longer than listing them. */
  readonly #staged = once(async () => this.#readIndex())

  override async files(commit: CommitId, folder: string, recursive: boolean): Promise<readonly TreeFile[] | undefined> {
    if (commit !== stagedCommit) return super.files(commit, folder, recursive)
    const start = folder === '' ? 0 : folder.length + 1
    const isBelow = (path: string): boolean => start === 0 || path === folder || path.startsWith(`${folder}/`)
    const files = (await this.#staged()).filter(({path}) => isBelow(path))
    if (files.length === 0) return undefined
    return recursive ? files : files.filter(({path}) => !path.includes('/', start))
  }

  async #readIndex(): Promise<readonly TreeFile[]> {
    return entriesOf(await runGit(this.root, ['ls-files', '-z', '--stage'])).flatMap((entry) => {
      const tab = entry.indexOf('\t')
      const [mode = '', id = ''] = entry.slice(0, tab).split(' ')
      const isLink = mode === linkMode
      return isFileMode(mode) ? [{path: entry.slice(tab + 1), id, ...(isLink && {isLink})}] : []
    })
  }

  /** Returns the staged changes below some folders, as paths. */
  async stagedChanges(folders: readonly string[]): Promise<readonly string[]> {
    const paths = folders.map((folder) => `:(top,literal)${folder}`)
    const args = [
      'diff',
      '--cached',
      '--no-ext-diff',
      '--no-textconv',
      '--name-only',
      '--no-renames',
      '-z',
      '--',
      ...paths,
    ]
    return entriesOf(await runGit(this.root, args))
  }

  /** Returns the text of a staged file, or undefined. */
  async stagedText(path: string): Promise<string | undefined> {
    const found = await this.files(stagedCommit, path, true)
    const id = found?.find((file) => file.path === path)?.id
    return id === undefined ? undefined : (await this.blobs([id]))[0]?.toString('utf8')
  }
}
