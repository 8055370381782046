import {isFileMode, linkMode} from './objects.ts'
import {GitProgramRepository} from './program.ts'
import type {CommitId, TreeFile} from './repository.ts'
import {runGit} from './run-git.ts'

/** Pseudo commit id of the index. */
export const stagedCommit: CommitId = ':staged'

/** A repository with its index as an additional commit. In a hook, GIT_INDEX_FILE selects the index. */
export class IndexRepository extends GitProgramRepository {
  override async files(commit: CommitId, folder: string, recursive: boolean): Promise<readonly TreeFile[] | undefined> {
    if (commit !== stagedCommit) return super.files(commit, folder, recursive)
    const args = ['ls-files', '-z', '--stage', '--', `:(top,literal)${folder === '' ? '.' : folder}`]
    const entries = (await runGit(this.root, args)).toString().split('\0').filter(Boolean)
    const files = entries.flatMap((entry) => {
      const tab = entry.indexOf('\t')
      const [mode = '', id = ''] = entry.slice(0, tab).split(' ')
      const isLink = mode === linkMode
      return isFileMode(mode) ? [{path: entry.slice(tab + 1), id, ...(isLink && {isLink})}] : []
    })
    if (files.length === 0) return undefined
    const start = folder === '' ? 0 : folder.length + 1
    return recursive ? files : files.filter(({path}) => !path.includes('/', start))
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
    return (await runGit(this.root, args)).toString().split('\0').filter(Boolean)
  }

  /** Returns the text of a staged file, or undefined. */
  async stagedText(path: string): Promise<string | undefined> {
    const found = await this.files(stagedCommit, path, true)
    const id = found?.find((file) => file.path === path)?.id
    return id === undefined ? undefined : (await this.blobs([id]))[0]?.toString('utf8')
  }
}
