import {expect} from 'chai'
import {DuplicateRevisionError} from '../../src/graph/errors.ts'
import {buildRevisionGraph} from '../../src/graph/build.ts'
import type {MergeEvaluation, PublishedChange} from '../../src/git/evaluate-merge.ts'
import {judge} from '../../src/git/merge-verdict.ts'
import type {MergeStatus} from '../../src/git/merge-verdict.ts'
import type {Policy} from '../../src/git/policy.ts'
import {InvalidRevisionFileError} from '../../src/script/errors.ts'
import {ScriptRevision} from '../../src/script/revision-file.ts'
import {revisions} from '../support/dag.ts'

const unreadable = new InvalidRevisionFileError('c.ts', 3, 'it is cut off')

const scripts = (graph: string): readonly ScriptRevision[] =>
  revisions(graph).map((one) => new ScriptRevision({...one, comment: '', transactional: true, file: `${one.id}.ts`}))

const duplicate = new DuplicateRevisionError(scripts('b')[0]!, scripts('b')[0]!)

/** An evaluation of a merge that gives a graph, and what differs from a merge that is all right. */
function evaluation(graph: string, ours: string, change: Partial<MergeEvaluation>): MergeEvaluation {
  const file = (id: string) => {
    const [revision] = scripts(id)
    const path = `${id}.ts`
    return {path, inRepository: path, id, contentId: id, content: {kind: 'revision', revision: revision!} as const}
  }
  return {
    ours: {ref: 'HEAD', commit: '1'},
    theirs: {ref: 'origin/main', commit: '2'},
    merged: buildRevisionGraph(scripts(graph)),
    headsBefore: 1,
    conflicts: [],
    broken: [],
    changed: [],
    files: {base: [], theirs: [], ours: ours.split(' ').filter(Boolean).map(file)},
    ...change,
  }
}

interface Case {
  readonly name: string
  readonly graph?: string
  readonly change?: Partial<MergeEvaluation>
  readonly policy?: Partial<Policy>
  readonly status: MergeStatus
  /** `error CODE`, in order. */
  readonly findings: readonly string[]
  readonly tooMany?: readonly string[]
}

const conflicts = [{path: 'b.ts', reason: 'x'}]
const broken = [{path: 'c.ts', error: unreadable}]
const change = (kind: PublishedChange['kind']): PublishedChange => ({kind, revision: 'b', path: 'b.ts', to: 'new.ts'})

const cases: readonly Case[] = [
  {name: 'nothing', status: 'ok', findings: []},
  {
    name: 'two heads',
    graph: 'a <- b; a <- c',
    status: 'diverged',
    findings: ['error DIVERGENT_HEADS'],
    tooMany: ['b', 'c'],
  },
  {
    name: 'two heads that there were before',
    graph: 'a <- b; a <- c',
    change: {headsBefore: 2},
    status: 'ok',
    findings: [],
  },
  {
    name: 'two heads that the policy allows',
    graph: 'a <- b; a <- c',
    policy: {heads: 'many'},
    status: 'ok',
    findings: [],
  },
  {
    name: 'two heads of which the policy allows one, as before',
    graph: 'a <- b; a <- c',
    policy: {heads: 'one'},
    change: {headsBefore: 2},
    status: 'diverged',
    findings: ['error DIVERGENT_HEADS'],
    tooMany: ['b', 'c'],
  },
  {name: 'a conflict', change: {conflicts}, status: 'conflict', findings: ['error MERGE_CONFLICT']},
  {
    name: 'a conflict before two heads',
    graph: 'a <- b; a <- c',
    change: {conflicts},
    status: 'conflict',
    findings: ['error MERGE_CONFLICT', 'error DIVERGENT_HEADS'],
    tooMany: ['b', 'c'],
  },
  {
    name: 'a conflict before a broken file',
    change: {conflicts, broken},
    status: 'conflict',
    findings: ['error MERGE_CONFLICT', 'error INVALID_REVISION_FILE'],
  },
  {name: 'a broken file', change: {broken}, status: 'broken', findings: ['error INVALID_REVISION_FILE']},
  {
    name: 'a broken file before two heads',
    graph: 'a <- b; a <- c',
    change: {broken},
    status: 'broken',
    findings: ['error INVALID_REVISION_FILE', 'error DIVERGENT_HEADS'],
    tooMany: ['b', 'c'],
  },
  {name: 'no graph', change: {merged: duplicate}, status: 'broken', findings: ['error DUPLICATE_REVISION']},
  {name: 'an edit', change: {changed: [change('edited')]}, status: 'broken', findings: ['error PUBLISHED_EDITED']},
  {name: 'a deletion', change: {changed: [change('deleted')]}, status: 'broken', findings: ['error PUBLISHED_DELETED']},
  {
    name: 'an edit and a deletion that the policy allows',
    change: {changed: [change('edited'), change('deleted')]},
    policy: {published: 'editable'},
    status: 'ok',
    findings: ['warning PUBLISHED_EDITED', 'warning PUBLISHED_DELETED'],
  },
  {
    name: 'renames, in one sentence after the rest',
    change: {changed: [change('renamed'), change('edited'), change('renamed')]},
    status: 'broken',
    findings: ['error PUBLISHED_EDITED', 'note PUBLISHED_RENAMED'],
  },
  {
    name: 'a rename alone',
    change: {changed: [change('renamed')]},
    status: 'ok',
    findings: ['note PUBLISHED_RENAMED'],
  },
]

const policyOf = (policy: Partial<Policy> = {}): Policy => ({
  labels: [],
  published: 'frozen',
  collisions: 'warning',
  ...policy,
})

describe('git/merge-verdict', () => {
  for (const {name, graph = 'a <- b', change: changes = {}, policy, status, findings, tooMany = []} of cases)
    it(`is "${status}": ${name}`, () => {
      const verdict = judge(evaluation(graph, '', changes), policyOf(policy))
      expect(verdict.status).to.equal(status)
      expect(verdict.findings.map(({level, code}) => `${level} ${code}`)).to.deep.equal(findings)
      expect(verdict.tooMany).to.deep.equal(tooMany)
    })

  it('names the file of each finding, of two heads that of ours', () => {
    const changed = [change('edited'), change('renamed')]
    const {findings} = judge(evaluation('a <- b; a <- c', 'a c', {conflicts, broken, changed}), policyOf())
    expect(findings.map(({file, line, revision}) => [file, line, revision])).to.deep.equal([
      ['b.ts', undefined, undefined],
      ['c.ts', 3, undefined],
      ['c.ts', undefined, undefined],
      ['b.ts', undefined, 'b'],
      [undefined, undefined, undefined],
    ])
  })

  it('names no file where ours has none of the heads', () => {
    const [finding] = judge(evaluation('a <- b; a <- c', 'a', {}), policyOf()).findings
    expect(finding).to.have.property('code', 'DIVERGENT_HEADS')
    expect(finding).to.not.have.property('file')
  })

  it('says what was merged into what, and where to merge', () => {
    const named = {ours: {ref: 'feature', commit: '1'}, theirs: {ref: 'main', commit: '2'}}
    const [conflict, heads] = judge(evaluation('a <- b; a <- c', '', {conflicts, ...named}), policyOf()).findings
    expect(conflict?.hint).to.contain('`git merge main` on feature')
    expect(heads?.message).to.match(/feature .*main .*b and c/)
    expect(heads?.hint).to.contain('`git merge main` on feature')
    const [here] = judge(evaluation('a', '', {conflicts}), policyOf()).findings
    expect(here?.hint).to.contain('`git merge origin/main`').and.not.contain('HEAD')
  })

  it('names a few of many renamed files', () => {
    const changed = ['1', '2', '3', '4', '5'].map((id) => ({...change('renamed'), path: `${id}.ts`, to: `new${id}.ts`}))
    const [renamed] = judge(evaluation('a', '', {changed}), policyOf()).findings
    expect(renamed?.message).to.contain('1.ts to new1.ts').and.contain('2 more').and.not.contain('4.ts')
  })
})
