import {existsSync} from 'node:fs'
import {join} from 'node:path'
import {expect} from 'chai'
import {mig} from '../support/cli.ts'
import {revisionText} from '../support/folder.ts'
import {GitFolder} from '../support/git.ts'

/** A committed project whose first version location is empty, so git does not keep it. */
function project(): GitFolder {
  const text = revisionText(
    {id: 'aaaa', downRevisions: [], dependsOn: [], branchLabels: []},
    "export function upgrade(op) {\n  op.createTable('t', (t) => ({n: t.integer()}))\n}\n",
  )
  const repo = GitFolder.init()
  repo.write({
    'mig.config.js': "export default {orm: 'sqlite:x.db', versionLocations: ['plugins', 'core']}",
    'package.json': '{"type": "module"}',
    'core/aaaa.js': text,
  })
  repo.commit('first')
  return repo
}

describe('with a version location that is missing because it is empty', () => {
  const commands = [
    'heads',
    'heads --at HEAD',
    'history',
    'branches',
    'show aaaa',
    'upgrade',
    'current -v',
    'status',
    'check files heads',
    'check heads --onto HEAD',
    'hooks install',
    'hooks status',
    'hooks run pre-commit',
    'upgrade git:HEAD --sql',
    'downgrade base',
  ]
  it('every command works', async () => {
    const {path: cwd} = project()
    for (const command of commands) {
      const {status, stderr} = await mig(command, {cwd})
      expect(status, `${command}: ${stderr}`).to.equal(0)
    }
  })

  it('a new revision makes the folder', async () => {
    const {path: cwd} = project()
    const {status} = await mig('revision -m first --rev-id bbbb --head aaaa --version-path plugins', {cwd})
    expect(status).to.equal(0)
    expect(existsSync(join(cwd, 'plugins/bbbb_first.ts'))).to.equal(true)
    expect((await mig('heads', {cwd})).stdout).to.contain('bbbb')
  })
})
