import {expect} from 'chai'
import {mergeFiles} from '../../src/git/merge-files.ts'
import type {MergeTexts, Sides} from '../../src/git/merge-files.ts'
import type {VersionFile} from '../../src/git/version-files.ts'
import {ScriptRevision} from '../../src/script/revision-file.ts'

/** Reads files as `aaaa:a.ts=1 notes.md=1`: the revision, if any, the path, and the id of the blob. */
function filesOf(text: string): readonly VersionFile[] {
  return text
    .split(' ')
    .filter(Boolean)
    .map((part) => {
      const {
        revision,
        path = '',
        id = '',
      } = /^(?:(?<revision>\w+):)?(?<path>[^=]+)=(?<id>\w+)$/.exec(part)?.groups ?? {}
      const stated = {downRevisions: [], dependsOn: [], branchLabels: [], transactional: true, comment: ''}
      return {
        path,
        inRepository: path,
        id,
        contentId: id,
        content:
          revision === undefined
            ? {kind: 'other'}
            : {kind: 'revision', revision: new ScriptRevision({...stated, id: revision, file: path})},
      }
    })
}

function textOf(files: readonly VersionFile[]): string {
  return files
    .map(({path, id, content}) => `${content.kind === 'revision' ? `${content.revision.id}:` : ''}${path}=${id}`)
    .join(' ')
}

/** Changes of other lines are merged into one that has the ids of both sides; anything else overlaps. */
const apart: MergeTexts = async ({ours, theirs}) => ({...theirs, id: `${ours.id}and${theirs.id}`})
const overlapping: MergeTexts = async () => undefined

interface Case extends Sides<string> {
  readonly merged: string
  /** The paths that are in conflict. */
  readonly conflicts?: readonly string[]
  readonly mergeTexts?: MergeTexts
}

const cases: Readonly<Record<string, Case>> = {
  'nothing anywhere': {base: '', ours: '', theirs: '', merged: ''},
  'nothing that changed': {base: 'a:a=1', ours: 'a:a=1', theirs: 'a:a=1', merged: 'a:a=1'},
  'a file of ours': {base: '', ours: 'a:a=1', theirs: '', merged: 'a:a=1'},
  'a file of theirs': {base: '', ours: '', theirs: 'a:a=1', merged: 'a:a=1'},
  'a file of either side': {base: '', ours: 'a:a=1', theirs: 'b:b=1', merged: 'b:b=1 a:a=1'},
  'an edit of ours': {base: 'a:a=1', ours: 'a:a=2', theirs: 'a:a=1', merged: 'a:a=2'},
  'an edit of theirs': {base: 'a:a=1', ours: 'a:a=1', theirs: 'a:a=2', merged: 'a:a=2'},
  'the same edit on both sides': {base: 'a:a=1', ours: 'a:a=2', theirs: 'a:a=2', merged: 'a:a=2'},
  'a deletion of ours': {base: 'a:a=1', ours: '', theirs: 'a:a=1', merged: ''},
  'a deletion of theirs': {base: 'a:a=1', ours: 'a:a=1', theirs: '', merged: ''},
  'a deletion on both sides': {base: 'a:a=1 b:b=1', ours: 'b:b=1', theirs: 'b:b=1', merged: 'b:b=1'},
  'a rename of ours': {base: 'a:a=1', ours: 'a:new=1', theirs: 'a:a=1', merged: 'a:new=1'},
  'a rename of theirs': {base: 'a:a=1', ours: 'a:a=1', theirs: 'a:new=1', merged: 'a:new=1'},
  'a rename of ours with an edit of theirs': {base: 'a:a=1', ours: 'a:new=1', theirs: 'a:a=2', merged: 'a:new=2'},
  'a rename of theirs with an edit of ours': {base: 'a:a=1', ours: 'a:a=2', theirs: 'a:new=1', merged: 'a:new=2'},
  'an edit with a rename of ours': {base: 'a:a=1', ours: 'a:new=2', theirs: 'a:a=1', merged: 'a:new=2'},
  'renames of both sides to one path': {base: 'a:a=1', ours: 'a:new=1', theirs: 'a:new=1', merged: 'a:new=1'},
  'renames of both sides to two paths': {
    base: 'a:a=1',
    ours: 'a:mine=1',
    theirs: 'a:theirs=1',
    merged: 'a:theirs=1',
    conflicts: ['mine'],
  },
  'renames of both sides to two paths, with edits': {
    base: 'a:a=1',
    ours: 'a:mine=2',
    theirs: 'a:theirs=3',
    merged: 'a:theirs=3',
    conflicts: ['mine'],
  },
  'edits of other lines': {base: 'a:a=1', ours: 'a:a=2', theirs: 'a:a=3', merged: 'a:a=2and3'},
  'edits of the same lines': {
    base: 'a:a=1',
    ours: 'a:a=2',
    theirs: 'a:a=3',
    mergeTexts: overlapping,
    merged: 'a:a=3',
    conflicts: ['a'],
  },
  'an edit of ours of what theirs deletes': {
    base: 'a:a=1',
    ours: 'a:a=2',
    theirs: '',
    merged: 'a:a=2',
    conflicts: ['a'],
  },
  'an edit of theirs of what ours deletes': {
    base: 'a:a=1',
    ours: '',
    theirs: 'a:a=2',
    merged: 'a:a=2',
    conflicts: ['a'],
  },
  'the same new file': {base: '', ours: 'a:a=1', theirs: 'a:a=1', merged: 'a:a=1'},
  'the same new revision in two files': {
    base: '',
    ours: 'a:mine=1',
    theirs: 'a:theirs=1',
    merged: 'a:theirs=1 a:mine=1',
  },
  'a new revision in two files with other contents': {
    base: '',
    ours: 'a:mine=1',
    theirs: 'a:theirs=2',
    merged: 'a:theirs=2 a:mine=1',
  },
  'a new file with other contents': {base: '', ours: 'a:a=1', theirs: 'a:a=2', merged: 'a:a=2', conflicts: ['a']},
  'two new revisions in files of one name': {
    base: '',
    ours: 'a:new=1',
    theirs: 'b:new=2',
    merged: 'b:new=2 a:new=1',
    conflicts: ['new'],
  },
  'a rename to the name of a new file': {
    base: 'a:a=1',
    ours: 'a:new=1',
    theirs: 'a:a=1 b:new=2',
    merged: 'a:new=1 b:new=2',
    conflicts: ['new'],
  },
  'files that are no revisions, by their paths': {
    base: 'x=1 y=1',
    ours: 'x=2 y=1',
    theirs: 'x=1 z=1',
    merged: 'x=2 z=1',
  },
  'an id that stands in two files, by their paths': {
    base: 'a:a=1 a:copy=2',
    ours: 'a:a=1 a:copy=3',
    theirs: 'a:a=4 a:copy=2',
    merged: 'a:a=4 a:copy=3',
  },
}

describe('git/merge-files', () => {
  for (const [name, {base, ours, theirs, merged, conflicts = [], mergeTexts = apart}] of Object.entries(cases))
    it(`merges ${name}`, async () => {
      const sides = {base: filesOf(base), ours: filesOf(ours), theirs: filesOf(theirs)}
      const result = await mergeFiles(sides, mergeTexts)
      expect(textOf(result.files)).to.equal(merged)
      expect(result.conflicts.map(({path}) => path)).to.deep.equal(conflicts)
    })

  it('gives the three texts of a file to what merges them', async () => {
    const given: string[] = []
    await mergeFiles(
      {base: filesOf('a:a=1'), ours: filesOf('a:b=2'), theirs: filesOf('a:a=3')},
      async ({base, ours, theirs}) => {
        given.push(textOf([base, ours, theirs]))
        return undefined
      },
    )
    expect(given).to.deep.equal(['a:a=1 a:b=2 a:b=3'])
  })

  it('gives each conflict its reason, with the side that edits what the other deletes', async () => {
    const reasonOf = async (base: string, ours: string, theirs: string): Promise<string | undefined> => {
      const sides = {base: filesOf(base), ours: filesOf(ours), theirs: filesOf(theirs)}
      return (await mergeFiles(sides, overlapping)).conflicts[0]?.reason
    }
    const [ours, theirs] = [await reasonOf('a:a=1', 'a:a=2', ''), await reasonOf('a:a=1', '', 'a:a=2')]
    expect(theirs?.replace('theirs', 'ours')).to.equal(ours)
    const added = await reasonOf('', 'a:a=1', 'a:a=2')
    expect(await reasonOf('', 'a:new=1', 'b:new=2')).to.equal(added)
    const reasons = [ours, theirs, added, await reasonOf('a:a=1', 'a:a=2', 'a:a=3')]
    expect(new Set(reasons.filter(Boolean)).size).to.equal(4)
  })
})
