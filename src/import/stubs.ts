import type {NewRevision} from '../script/new-revision.ts'
import type {FileTree} from '../script/file-tree.ts'
import type {ScriptRevision} from '../script/revision-file.ts'
import type {ScriptDirectory} from '../script/script-directory.ts'
import type {ForeignMigration} from './history.ts'
import {originOf, writtenAs} from './revisions.ts'
import type {History} from './revisions.ts'
import {isStub} from './write-body.ts'

/** A revision that an earlier import left open, and whose file is still as it was written. */
export interface Stub {
  readonly revision: ScriptRevision
  readonly migration: ForeignMigration
}

/** Returns the stubs of a history by their ids. */
export async function stubsOf(
  history: History,
  {graph}: Pick<ScriptDirectory, 'graph'>,
  tree: FileTree,
): Promise<ReadonlyMap<string, Stub>> {
  const imported = history.migrations.flatMap((migration): Stub[] => {
    const id = history.ids.get(migration.name) ?? ''
    const revision = graph.has(id) ? graph.get(id) : undefined
    const isImported = revision?.description?.includes(originOf(history, migration.name)) === true
    return isImported && /\.[cm]?[jt]s$/.test(revision.file) ? [{revision, migration}] : []
  })
  const texts = await tree.read(imported.map(({revision}) => revision.file))
  return new Map(imported.flatMap((stub, i) => (isStub(texts[i] ?? '') ? [[stub.revision.id, stub]] : [])))
}

/** Returns the revisions that replace the stubs whose statements are known now. */
export function completions(history: History, stubs: ReadonlyMap<string, Stub>): readonly NewRevision[] {
  return [...stubs.values()].flatMap(({revision, migration}) => {
    if (migration.body.kind === 'open') return []
    const {downRevisions, dependsOn, branchLabels} = revision
    return [
      {...writtenAs(migration, history), downRevisions, dependsOn, branchLabels, replaces: revision, keepsName: true},
    ]
  })
}
