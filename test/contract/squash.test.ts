import {expect} from 'chai'
import {downgrade, stamp, upgrade} from '../../src/api/runs/migrate.ts'
import {downgradeSql, upgradeSql} from '../../src/api/runs/offline.ts'
import {current} from '../../src/api/runs/current.ts'
import {repair} from '../../src/api/runs/repair.ts'
import type {Revision} from '../../src/graph/revision.ts'
import type {Bench} from '../support/contract.ts'
import {contract} from '../support/contract.ts'
import {revisions} from '../support/dag.ts'
import {rejectionOf} from '../support/errors.ts'
import {runScript} from '../support/run-script.ts'

const before = 'p <- a <- b <- c'
const replaces = ['a', 'b', 'c']

/** Makes a table for each revision that it stands for. */
function body({id, replaces: originals = [id]}: Revision): string {
  const statements = (write: (name: string) => string, all: readonly string[]): string =>
    all.map((one) => `  op.execute('${write(`t_${one}`)}')\n`).join('')
  return `export async function upgrade(op) {
${statements((name) => `create table ${name} (n integer)`, originals)}}

export async function downgrade(op) {
${statements((name) => `drop table ${name}`, originals.toReversed())}}
`
}

function squashed(dag: string): Revision[] {
  return revisions(dag).map((one) => (one.id === 's' ? {...one, replaces} : one))
}

/** The revisions whose tables there are. */
async function made(on: Bench): Promise<string> {
  return (await on.tables()).flatMap((name) => (name.startsWith('t_') ? name.slice(2) : [])).join(' ')
}

async function steps(
  run: Promise<{readonly steps: readonly {readonly direction: string; readonly revision: string}[]}>,
) {
  return (await run).steps.map(({direction, revision}) => `${direction} ${revision}`)
}

contract('a squash and the revisions that it replaces are the same changes', (on) => {
  const old = (): void => on.useRevisions(revisions(before), body)
  const both = (): void => on.useRevisions(squashed(`${before} <- d; p <- s`), body)
  const pruned = (): void => on.useRevisions(squashed('p <- s <- d'), body)

  it('runs where none of them is applied', async () => {
    both()
    expect(await steps(upgrade({cwd: on.cwd}))).to.deep.equal(['upgrade p', 'upgrade s', 'upgrade d'])
    expect(await on.state()).to.equal('d* p s')
    expect(await made(on)).to.equal('a b c d p')
  })

  it('is recorded where all of them are applied', async () => {
    old()
    await upgrade({cwd: on.cwd})
    for (const use of [both, pruned]) {
      use()
      expect((await current({cwd: on.cwd})).current.map(({revision}) => revision)).to.deep.equal(['s'])
    }
    expect(await steps(upgrade({cwd: on.cwd, target: 's'}))).to.deep.equal(['stamp s'])
    expect(await on.state()).to.equal('a b c p s*')
    expect(await steps(upgrade({cwd: on.cwd, target: 's'}))).to.deep.equal([])
    expect(await steps(upgrade({cwd: on.cwd}))).to.deep.equal(['upgrade d'])
    expect(await made(on)).to.equal('a b c d p')
  })

  it('is completed by those that are missing', async () => {
    old()
    await upgrade({cwd: on.cwd, target: 'a'})
    both()
    const {current: now, pending, upToDate} = await current({cwd: on.cwd})
    expect([now.map(({revision}) => revision), pending, upToDate]).to.deep.equal([['a'], ['s', 'd'], false])
    const done = await steps(upgrade({cwd: on.cwd}))
    expect(done).to.deep.equal(['upgrade b', 'upgrade c', 'upgrade d', 'stamp s'])
    expect(await on.state()).to.equal('a b c d* p s')
    expect(await made(on)).to.equal('a b c d p')
  })

  it('does not run beside some of them whose files are missing', async () => {
    old()
    await upgrade({cwd: on.cwd, target: 'a'})
    pruned()
    const error = await rejectionOf('SQUASH_ORIGINALS_MISSING', () => upgrade({cwd: on.cwd}))
    expect(error.message).to.include('not b and c')
    expect(error.hint).to.include('git is not available here')
    await rejectionOf('SQUASH_ORIGINALS_MISSING', () => downgrade({cwd: on.cwd, target: 'base'}))
    expect(await made(on)).to.equal('a p')
  })

  it('counts as the revisions that it replaces for an earlier version of the files', async () => {
    both()
    await upgrade({cwd: on.cwd, target: 's'})
    on.useRevisions(revisions(`${before} <- x`), body)
    expect((await current({cwd: on.cwd})).current.map(({revision}) => revision)).to.deep.equal(['c'])
    expect(await steps(upgrade({cwd: on.cwd}))).to.deep.equal(['upgrade x'])
    expect(await on.state()).to.equal('p s x*')
    expect(await steps(downgrade({cwd: on.cwd, target: 'c'}))).to.deep.equal(['downgrade x'])
    expect(await on.state()).to.equal('p s*')
    await rejectionOf('SQUASH_INDIVISIBLE', () => downgrade({cwd: on.cwd, target: 'a'}))
    expect(await made(on)).to.equal('a b c p')
  })

  it('is reverted as what ran', async () => {
    old()
    await upgrade({cwd: on.cwd})
    both()
    await upgrade({cwd: on.cwd})
    expect(await steps(downgrade({cwd: on.cwd, target: 'a'}))).to.deep.equal([
      'downgrade d',
      'downgrade c',
      'downgrade b',
    ])
    expect(await on.state()).to.equal('a* p')
    expect(await steps(downgrade({cwd: on.cwd, target: 'p'}))).to.deep.equal(['downgrade a'])
    await upgrade({cwd: on.cwd, target: 's'})
    await rejectionOf('SQUASH_INDIVISIBLE', () => downgrade({cwd: on.cwd, target: 'b'}))
    expect(await steps(downgrade({cwd: on.cwd, target: '-1'}))).to.deep.equal(['downgrade s'])
    expect(await on.state()).to.equal('p*')
    expect(await made(on)).to.equal('p')
  })

  it('is reverted itself where files of them are missing', async () => {
    old()
    await upgrade({cwd: on.cwd})
    pruned()
    expect(await steps(downgrade({cwd: on.cwd, target: 'p'}))).to.deep.equal(['downgrade s'])
    expect([await on.state(), await made(on)]).to.deep.equal(['p*', 'p'])
  })

  it('is stamped, and no longer recorded by a stamp of what is below it', async () => {
    old()
    await upgrade({cwd: on.cwd})
    both()
    expect(await steps(stamp({cwd: on.cwd, target: 'b'}))).to.deep.equal(['stamp s'])
    expect(await on.state()).to.equal('a b c p s*')
    await stamp({cwd: on.cwd, target: 'p'})
    expect(await on.state()).to.equal('p*')
  })

  it('is reverted by a script, with what is recorded of them', async () => {
    old()
    await upgrade({cwd: on.cwd})
    both()
    await upgrade({cwd: on.cwd, target: 's'})
    await rejectionOf('SQUASH_INDIVISIBLE', () => downgradeSql({cwd: on.cwd, target: 's:a'}))
    const {sql} = await downgradeSql({cwd: on.cwd, target: 's:p'})
    expect((await runScript(on, sql)).status).to.equal(0)
    expect([await on.state(), await made(on)]).to.deep.equal(['p*', 'p'])
  })

  it('does not run in a script where one of them is applied', async () => {
    old()
    await upgrade({cwd: on.cwd, target: 'a'})
    await stamp({cwd: on.cwd, target: 'a'})
    both()
    const {sql} = await upgradeSql({cwd: on.cwd, target: 'p:s'})
    expect((await runScript(on, sql)).output).not.to.equal('')
    expect([await on.state(), await made(on)]).to.deep.equal(['a* p', 'a p'])
  })

  it('is completed after one of them was repaired', async () => {
    failing('a', 'upgrade')
    await rejectionOf('REVISION_FAILED', () => upgrade({cwd: on.cwd, target: 'a'}))
    both()
    await repair({cwd: on.cwd, action: 'mark-applied', reason: 'completed'})
    expect(await steps(upgrade({cwd: on.cwd, target: 's'}))).to.deep.equal(['upgrade b', 'upgrade c', 'stamp s'])
    expect(await on.state()).to.equal('a b c p s*')
  })

  it('is no longer recorded when one of them is reverted by a repair', async () => {
    old()
    await upgrade({cwd: on.cwd})
    both()
    await upgrade({cwd: on.cwd, target: 's'})
    failing('c', 'downgrade')
    await rejectionOf('REVISION_FAILED', () => downgrade({cwd: on.cwd, target: 'b'}))
    await repair({cwd: on.cwd, action: 'mark-not-applied', reason: 'reverted'})
    expect(await on.state()).to.equal('a b* p')
    expect((await current({cwd: on.cwd})).current.map(({revision}) => revision)).to.deep.equal(['b'])
  })

  /** Writes both, with a revision that fails after its first statement, outside of a transaction. */
  function failing(id: string, direction: 'upgrade' | 'downgrade'): void {
    const fails = (text: string): string => {
      const at = text.indexOf('}', text.indexOf(`function ${direction}`))
      return `export const transactional = false\n${text.slice(0, at)}  op.execute('insert into nowhere values (1)')\n${text.slice(at)}`
    }
    const dag = direction === 'upgrade' ? revisions(before) : squashed(`${before} <- d; p <- s`)
    on.useRevisions(dag, (one) => (one.id === id ? fails(body(one)) : body(one)))
  }
})
