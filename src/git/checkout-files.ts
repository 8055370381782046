import {lstatSync, mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {entriesOf, runGit, tryGit} from './run-git.ts'

/** A file that differs between two commits. */
interface TouchedFile {
  readonly path: string
  readonly kind: 'added' | 'removed' | 'changed'
  /** Its mode and object before and after, as `git update-index --index-info` reads them. */
  readonly before: string
  readonly after: string
}

/** The files that a checkout touches, as seen before it. The work tree has no uncommitted changes then. */
export class CheckoutFiles {
  readonly #root: string
  readonly #files: readonly TouchedFile[]
  /** New files whose paths were already in use. */
  readonly #inUse: ReadonlySet<string>

  private constructor(root: string, files: readonly TouchedFile[]) {
    this.#root = root
    this.#files = files
    this.#inUse = new Set(files.filter(({kind, path}) => kind === 'added' && isFile(root, path)).map(({path}) => path))
  }

  /**
   * Returns the files that differ between two commits or trees.
   *
   * @throws MigError GIT_FAILED, GIT_UNAVAILABLE
   */
  static async between(root: string, from: string, to: string): Promise<CheckoutFiles> {
    const args = ['diff-tree', '-r', '-z', '--raw', '--no-abbrev', '--no-renames', from, to]
    const parts = entriesOf(await runGit(root, args))
    const files = parts.flatMap((part, i): readonly TouchedFile[] => {
      const [former = '', mode = '', formerBlob = '', blob = ''] = part.split(' ')
      const formerMode = former.slice(1)
      const path = parts[i + 1]
      // The work trees of submodules are left alone.
      if (!part.startsWith(':') || path === undefined || formerMode === '160000' || mode === '160000') return []
      const kind = formerMode === '000000' ? 'added' : mode === '000000' ? 'removed' : 'changed'
      return [{path, kind, before: `${formerMode} ${formerBlob}\t${path}`, after: `${mode} ${blob}\t${path}`}]
    })
    return new CheckoutFiles(root, files)
  }

  /** Undoes a checkout that git did not finish, unless a file has other content; returns the files that still differ. */
  async undo(): Promise<readonly TouchedFile[]> {
    const written = this.#files.filter(({kind}) => kind !== 'removed').map(({after}) => after)
    const others = await differing(this.#root, written)
    const {deleted, restored} = Object.groupBy(this.#files, ({path, kind}) => {
      const isThere = isFile(this.#root, path)
      const isWritten = isThere && kind !== 'removed' && !others.has(path)
      if (kind === 'added') return isWritten && !this.#inUse.has(path) ? 'deleted' : 'kept'
      return isWritten || !isThere ? 'restored' : 'kept'
    })
    for (const {path} of deleted ?? []) rmSync(join(this.#root, path), {force: true})
    const input = (restored ?? []).map(({path}) => `${path}\0`).join('')
    if (input !== '') await tryGit(this.#root, ['checkout-index', '--force', '-z', '--stdin'], {input})
    const changed = await changedFiles(this.#root)
    return this.#files.filter(({path, kind}) => changed.has(path) || (kind === 'added' && this.#isNew(path)))
  }

  /** Returns the files that git could not write or remove, although it moved HEAD. Hooks may have changed others. */
  async unfinished(): Promise<readonly string[]> {
    const changed = await changedFiles(this.#root)
    const added = new Set(this.#files.filter(({kind}) => kind === 'added').map(({path}) => path.toLowerCase()))
    const suspects = this.#files.filter(({kind, path}) => kind === 'changed' && changed.has(path))
    const others = await differing(
      this.#root,
      suspects.map(({before}) => before),
    )
    const former = new Set(suspects.map(({path}) => path).filter((path) => !others.has(path)))
    const files = this.#files.filter(({path, kind}) => {
      const isThere = isFile(this.#root, path)
      if (kind === 'removed') return isThere && !added.has(path.toLowerCase())
      return changed.has(path) && (!isThere || former.has(path))
    })
    return files.map(({path}) => path)
  }

  #isNew(path: string): boolean {
    return !this.#inUse.has(path) && isFile(this.#root, path)
  }
}

/** Returns the paths whose files are missing or differ from their entries. */
async function differing(root: string, entries: readonly string[]): Promise<ReadonlySet<string>> {
  if (entries.length === 0) return new Set()
  const folder = mkdtempSync(join(tmpdir(), 'mig-index-'))
  const index = join(folder, 'index')
  try {
    const input = entries.map((entry) => `${entry}\0`).join('')
    await runGit(root, ['update-index', '-z', '--index-info'], {index, input})
    return await changedFiles(root, index)
  } finally {
    rmSync(folder, {recursive: true, force: true})
  }
}

async function optionalFilters(root: string): Promise<readonly string[]> {
  const {stdout} = await tryGit(root, [
    'config',
    '-z',
    '--name-only',
    '--get-regexp',
    String.raw`^filter\..*\.required$`,
  ])
  return entriesOf(stdout).flatMap((key) => ['-c', `${key}=false`])
}

/** Returns the files that differ from the index. */
async function changedFiles(root: string, index?: string): Promise<ReadonlySet<string>> {
  // A required filter that fails would end git; without it, the file counts as different.
  const settings = await optionalFilters(root)
  const options = ['--name-only', '-z', '--no-renames', '--ignore-submodules=all', '--no-ext-diff']
  const args = [...settings, '-c', 'diff.autoRefreshIndex=true', 'diff', ...options]
  return new Set(entriesOf(await runGit(root, args, index === undefined ? {} : {index})))
}

function isFile(root: string, path: string): boolean {
  return lstatSync(join(root, path), {throwIfNoEntry: false})?.isDirectory() === false
}
