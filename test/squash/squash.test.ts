import {expect} from 'chai'
import {squash} from '../../src/api/files/squash.ts'
import {heads} from '../../src/api/files/listings.ts'
import {dag} from '../support/dag.ts'
import {errorOf, rejectionOf} from '../support/errors.ts'
import {Folder} from '../support/folder.ts'
import {placeOf} from '../../src/squash/range.ts'
import type {ScriptRevision} from '../../src/script/revision-file.ts'
import type {RevisionGraph} from '../../src/graph/revision-graph.ts'

/** Returns a graph of revisions as files have them. */
function graphOf(text: string): RevisionGraph<ScriptRevision> {
  const facts = {replaces: [], replacedSquashes: [], isBaseline: false, transactional: true, irreversible: undefined}
  const graph = dag(text)
  for (const revision of graph.revisions) Object.assign(revision, facts)
  return graph as RevisionGraph<ScriptRevision>
}

describe('the place of a squash', () => {
  const cases: readonly {
    readonly name: string
    readonly dag: string
    readonly range: string
    readonly downRevisions?: string
    readonly dependsOn?: string
  }[] = [
    {name: 'a line', dag: 'a <- b <- c <- d', range: 'b c', downRevisions: 'a'},
    {name: 'a whole history with several heads', dag: 'a <- b; a <- c', range: 'a b c'},
    {name: 'branches with their merge point', dag: 'a <- b <- d; a <- c <- d', range: 'b c d', downRevisions: 'a'},
    {name: 'several parents', dag: 'a <- c; b <- c; c <- d', range: 'c d', downRevisions: 'a b'},
    {name: 'dependencies', dag: 'a; b <- c(a) <- d', range: 'c d', downRevisions: 'b', dependsOn: 'a'},
  ]
  for (const {name, dag: text, range, downRevisions = '', dependsOn = ''} of cases)
    it(`of ${name}`, () => {
      const place = placeOf(graphOf(text), range.split(' '))
      expect([place.downRevisions.join(' '), place.dependsOn.join(' '), place.replaces.join(' ')]).to.deep.equal([
        downRevisions,
        dependsOn,
        range,
      ])
    })

  const refused = [
    {name: 'nothing', dag: 'a <- b', range: '', message: 'the range is empty'},
    {name: 'one revision', dag: 'a <- b', range: 'b', message: 'the range has only b'},
    {
      name: 'several heads with something after one of them',
      dag: 'a <- b <- d; a <- c',
      range: 'a b c',
      message: 'the range has the heads b and c, and d would come after all of them',
    },
  ]
  for (const {name, dag: text, range, message} of refused)
    it(`is refused for ${name}`, () => {
      const error = errorOf('SQUASH_REFUSED', () => placeOf(graphOf(text), range.split(' ').filter(Boolean)))
      expect(error.message).to.equal(`No squash was written: ${message}.`)
    })
})

describe('a squash that fails', () => {
  it('is not written', async () => {
    // A new value of an enum cannot be used in the transaction that adds it.
    const folder = new Folder().writeGraph(
      'a <- b <- c',
      ({id}) =>
        ({
          a: "export function upgrade(op) { op.execute(\"create type mood as enum ('sad'); create table people (mood mood)\") }\nexport function downgrade(op) { op.execute('drop table people; drop type mood') }\n",
          b: 'export function upgrade(op) { op.execute("alter type mood add value \'glad\'") }\nexport function downgrade() {}\n',
          c: "export function upgrade(op) { op.execute(\"insert into people values ('glad')\") }\nexport function downgrade(op) { op.execute('delete from people') }\n",
        })[id] ?? '',
    )
    folder.write({'mig.config.js': "export default {orm: 'pglite::memory:'}\n"})
    const error = await rejectionOf('SQUASH_DIFFERS', () => squash({cwd: folder.path, range: 'b:c'}))
    expect(error.message).to.match(/^No squash was written: its upgrade fails: /)
    expect(folder.list('migrations/versions')).to.have.length(3)
    const {revision} = await squash({cwd: folder.path, range: 'base:c'})
    expect(folder.read(revision.file ?? '')).to.contain("'sad', 'glad'")
  })

  it('is not written after an interruption', async () => {
    const folder = new Folder().writeGraph('a <- b', () => 'export function upgrade() {}\n')
    folder.write({'mig.config.js': "export default {orm: 'sqlite::memory:'}\n"})
    await rejectionOf('INTERRUPTED', () => squash({cwd: folder.path, range: 'a:b', signal: AbortSignal.abort()}))
    expect(folder.list('migrations/versions')).to.have.length(2)
  })

  it('is refused where code in the middle of the history decides by rows', async () => {
    const folder = new Folder().writeGraph('a <- b <- c', ({id}) =>
      id === 'c'
        ? "export async function upgrade(op) { for (const {n} of await op.query('select n from t')) op.execute(`update t set n = ${n + 1}`) }\nexport function downgrade() {}\n"
        : id === 'a'
          ? "export function upgrade(op) { op.createTable('t', (t) => ({n: t.integer()})) }\n"
          : 'export function upgrade() {}\n',
    )
    folder.write({'mig.config.js': "export default {orm: 'sqlite::memory:'}\n"})
    const error = await rejectionOf('SQUASH_REFUSED', () => squash({cwd: folder.path, range: 'b:c'}))
    expect(error.message).to.equal(
      'No squash was written: revision c queries the database, and what it does depends on rows that only your databases have.',
    )
    expect((await squash({cwd: folder.path, range: 'base:heads'})).proof).to.have.length(1)
  })

  it('keeps the labels, and what cannot be reverted', async () => {
    const folder = new Folder().writeGraph('a{core} <- b <- c; d(core)', ({id}) =>
      id === 'b'
        ? "export const irreversible = 'it is over'\nexport function upgrade() {}\n"
        : 'export function upgrade() {}\n',
    )
    folder.write({'mig.config.js': "export default {orm: 'sqlite::memory:'}\n"})
    const {revision, proof} = await squash({cwd: folder.path, range: 'a:b', prune: true, force: true})
    const text = folder.read(revision.file ?? '')
    expect(text)
      .to.contain('export const irreversible = "it is over"')
      .and.to.contain("export const branchLabels = 'core'")
    expect(proof.map(({isReversible}) => isReversible)).to.deep.equal([false])
    expect((await heads({cwd: folder.path})).heads.map(({revision: id}) => id)).to.deep.equal(['c', 'd'])
  })

  it('deletes files only with force', async () => {
    const folder = new Folder().writeGraph('a <- b <- c', () => 'export function upgrade() {}\n')
    folder.write({'mig.config.js': "export default {orm: 'sqlite::memory:'}\n"})
    await rejectionOf('SQUASH_REFUSED', () => squash({cwd: folder.path, range: 'a:b', prune: true}))
    const {pruned, revision} = await squash({cwd: folder.path, range: 'a:b', prune: true, force: true})
    expect(pruned).to.deep.equal(['migrations/versions/a.ts', 'migrations/versions/b.ts'])
    expect(folder.list('migrations/versions').length).to.equal(2)
    expect(revision.replaces).to.deep.equal(['a', 'b'])
  })
})
