import {expect} from 'chai'
import {mig} from '../support/cli.ts'
import {Folder} from '../support/folder.ts'
import {expectGolden} from '../support/golden.ts'

const story = 'aaaa <- bbbb <- cccc{billing} <- dddd; bbbb <- eeee <- ffff(billing); dddd, ffff <- abcd; xxxx{search}'

describe('mig heads, history, branches, show', () => {
  let cwd: string
  before(() => {
    const folder = new Folder().writeGraph(story)
    folder.write({
      'migrations/versions/dddd.ts': `/**
 * add invoices
 *
 * They are written
 * once a month.
 *
 * Revision ID: dddd
 * Create Date: 2026-11-21T10:00:00.000Z
 */
export const revision = 'dddd'
export const downRevision = 'cccc'
export async function upgrade(op) {}
`,
    })
    cwd = folder.path
  })

  const transcripts = [
    'heads',
    'heads -v',
    'heads --resolve-dependencies',
    'history',
    'history -v',
    'history --graph',
    'history --graph -v -r cccc:abcd',
    'history -r billing@base:billing@head',
    'history -r -2:',
    'history -r cccc:+1',
    'branches',
    'branches -v',
    'branch',
    'show dddd',
    'show bbb',
    'show base',
    'heads --json',
    'branches --json',
    'history -r dddd:dddd --json',
    'show nope --json',
    'show nope',
    'show head',
    'history -r dddd:cccc',
    'history -r bbbb',
  ]
  for (const command of transcripts)
    it(command, async () => {
      const {stdout, stderr, status} = await mig(command, {cwd})
      const name = command.replaceAll(/[^a-z0-9]+/g, '-')
      expectGolden(`commands/${name}.txt`, transcript(command, stdout, stderr, status))
    })

  it('draws with plain characters where the terminal has no others', async () => {
    const {stdout} = await mig('history --graph', {cwd, env: {LANG: 'C', LC_ALL: 'C'}})
    expectGolden('commands/history-graph-ascii.txt', stdout)
  })

  it('paints on a terminal, and not with NO_COLOR or --no-color', async () => {
    const painted = await mig('heads', {cwd, env: {FORCE_COLOR: '1'}})
    expect(painted.stdout).to.contain('\u001B[33m')
    for (const plain of [
      await mig('heads', {cwd}),
      await mig('heads', {cwd, env: {FORCE_COLOR: undefined, NO_COLOR: '1'}}),
      await mig('heads --no-color', {cwd, env: {FORCE_COLOR: undefined}}),
    ])
      expect(plain.stdout).to.not.contain('\u001B')
  })

  it('does not load MikroORM', async () => {
    const {stderr} = await mig('history --graph', {cwd, env: {NODE_DEBUG: 'module,esm'}})
    expect(stderr).to.contain('dist/commands/history').and.not.to.contain('mikro-orm')
  })

  it('has nothing to say of an empty script directory but what to do next', async () => {
    const empty = new Folder().write({'mig.config.js': 'export default {}', 'migrations/x': ''})
    const {stdout, stderr, status} = await mig('heads', {cwd: empty.path})
    expect([stdout, stderr, status]).to.deep.equal([
      '',
      'There are no revisions yet. `mig revision -m "..."` creates one.\n',
      0,
    ])
  })

  it('takes global flags before the command, as Alembic does', async () => {
    const {stdout} = await mig('-q --json heads', {cwd})
    expect(JSON.parse(stdout)).to.have.property('heads')
  })
})

function transcript(command: string, stdout: string, stderr: string, status: number | string): string {
  const notes = stderr === '' ? '' : `\n--- stderr\n${stderr}`
  return `$ mig ${command}\n${stdout}${notes}--- exit ${status}\n`
}
