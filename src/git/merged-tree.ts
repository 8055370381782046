import {resolve} from 'node:path'
import type {RevisionGraph} from '../graph/revision-graph.ts'
import type {FileTree, ModuleExports} from '../script/file-tree.ts'
import type {ScriptRevision} from '../script/revision-file.ts'
import {importSource} from '../util/import-source.ts'
import {textOf} from './commit-tree.ts'
import type {MergeEvaluation} from './evaluate-merge.ts'
import type {Repository} from './repository.ts'

/** File tree of the revisions that a merge in memory has. */
export class MergedTree implements FileTree {
  readonly #repository: Repository
  readonly #base: string
  /** Blob ids by paths. */
  readonly #blobs: ReadonlyMap<string, string>

  /** @param base the absolute path to which the paths of the tree are relative */
  constructor(
    repository: Repository,
    {files}: Pick<MergeEvaluation, 'files'>,
    merged: RevisionGraph<ScriptRevision>,
    base: string,
  ) {
    this.#repository = repository
    this.#base = base
    const byRevision = new Map<ScriptRevision, string>()
    const byId = new Map<string, string>()
    for (const {id, content} of [...files.ours, ...files.theirs])
      if (content.kind === 'revision') {
        byRevision.set(content.revision, id)
        byId.set(content.revision.id, id)
      }
    this.#blobs = new Map(
      [...merged.revisions].map((revision) => [revision.file, byRevision.get(revision) ?? byId.get(revision.id) ?? '']),
    )
  }

  async list(): Promise<readonly string[]> {
    return [...this.#blobs.keys()]
  }

  async read(paths: readonly string[]): Promise<readonly string[]> {
    const contents = await this.#repository.blobs(paths.map((path) => this.#blobs.get(path) ?? ''))
    return contents.map((bytes, i) => textOf(bytes, paths[i] ?? ''))
  }

  absolute(path: string): string {
    return resolve(this.#base, path)
  }

  async import(path: string, text: string): Promise<ModuleExports> {
    return importSource(this.absolute(path), text)
  }
}
