import {copyFileSync, renameSync} from 'node:fs'
import {join} from 'node:path'
import {expect} from 'chai'
import {array, assert, asyncProperty, constantFrom, nat, oneof, record, tuple} from 'fast-check'
import type {Arbitrary} from 'fast-check'
import {check} from '../../src/api/checks/check.ts'
import type {HeadsCheck} from '../../src/api/checks/check-heads.ts'
import {heads} from '../../src/api/files/listings.ts'
import {MigError} from '../../src/errors.ts'
import {GitFolder, textOfRevision} from '../support/git.ts'

const folders = ['one', 'two'] as const
const place = tuple(constantFrom(...folders), constantFrom('aaaa', 'cccc', 'new', 'other')).map(
  ([folder, name]) => `${folder}/${name}.ts`,
)

/** Something that is done to the files of a branch; `file` counts the files that are there. */
const action = oneof(
  record({
    kind: constantFrom('add' as const),
    id: constantFrom('dddd', 'eeee', 'bbbb'),
    down: constantFrom('bbbb', 'dddd'),
    label: constantFrom('', '', '', 'x', 'cccc'),
  }),
  record({kind: constantFrom('delete' as const, 'rename' as const, 'copy' as const), file: nat(2)}),
  record({kind: constantFrom('edit' as const), file: nat(2), from: constantFrom('integer', 'drop table', 'add')}),
)
/** Both sides often do the same, to files of the same or of different names. */
const step = record({action, by: constantFrom('ours', 'theirs', 'both', 'both'), ours: place, theirs: place})
type Action = typeof action extends Arbitrary<infer Value> ? Value : never

describe('the merge of version locations', () => {
  it('is what git makes of it, or not ok', async () => {
    const repo = GitFolder.init().write({
      'mig.config.js': `export default {versionLocations: ['one', 'two'], policy: {heads: 'many', published: 'editable'}}`,
      // Without it, a folder whose files all move would be a folder that is renamed.
      'one/.gitkeep': '',
      'two/.gitkeep': '',
      'one/aaaa.ts': textOfRevision('aaaa', []),
      'one/bbbb.ts': textOfRevision('bbbb', ['aaaa']),
      'two/cccc.ts': textOfRevision('cccc', ['aaaa']),
    })
    const start = repo.commit('start')
    const seen = new Map<string, number>()
    await assert(
      asyncProperty(array(step, {maxLength: 3}), async (steps) => {
        for (const side of ['theirs', 'ours'] as const) {
          repo.git('switch', '-q', '-C', side, start)
          for (const one of steps) if (one.by === side || one.by === 'both') act(repo, one.action, one[side])
          repo.commit(side)
        }
        const {status, codes, heads: expected} = await evaluated(repo)
        const isClean = repo.tryGit('merge', '-q', '-m', 'join', 'theirs').status === 0
        const found = isClean ? await mergedHeads(repo) : 'a conflict'
        repo.git('reset', '-q', '--hard', start)
        seen.set(status, (seen.get(status) ?? 0) + 1)
        if (status === 'ok') expect(found).to.deep.equal(expected)
        else if (isClean && status === 'broken') expect(codes).to.include(found)
      }),
      {numRuns: Number(process.env['MIG_TEST_RUNS'] ?? 10)},
    )
    expect([...seen.keys()]).to.include('ok')
  }).timeout(600_000)
})

function act(repo: GitFolder, one: Action, to: string): void {
  if (one.kind === 'add') {
    repo.write({[to]: textOfRevision(one.id, [one.down], one.label === '' ? [] : [one.label])})
    return
  }
  const files = folders.flatMap((folder) => repo.folder.list(folder)).filter((path) => path.endsWith('.ts'))
  const file = files[one.file % files.length]
  if (file === undefined) return
  switch (one.kind) {
    case 'delete':
      repo.remove(file)
      break
    case 'rename':
      renameSync(join(repo.path, file), join(repo.path, to))
      break
    case 'copy':
      if (file !== to) copyFileSync(join(repo.path, file), join(repo.path, to))
      break
    case 'edit':
      repo.write({[file]: repo.folder.read(file).replace(one.from, `${one.from} /* edited */`)})
  }
}

async function evaluated(repo: GitFolder): Promise<{
  readonly status: string
  readonly codes: readonly string[]
  readonly heads: readonly string[] | undefined
}> {
  const {checks} = await check({cwd: repo.path, names: ['heads'], onto: 'theirs'})
  const [merge] = (checks as readonly HeadsCheck[])[0]?.merges ?? []
  const codes = merge?.findings.map(({code}) => code) ?? []
  return {status: merge?.status ?? '', codes, heads: merge?.heads?.toSorted()}
}

/** Returns the heads of the work tree, or the code of the error that keeps every command from reading it. */
async function mergedHeads(repo: GitFolder): Promise<readonly string[] | string> {
  try {
    return (await heads({cwd: repo.path})).heads.map(({revision}) => revision).toSorted()
  } catch (error) {
    if (error instanceof MigError) return error.code
    throw error
  }
}
