import {utimesSync} from 'node:fs'
import {join} from 'node:path'
import {expect} from 'chai'
import {openScripts} from '../../src/engine/project.ts'
import {downRevisionsOf, writeNew} from '../../src/engine/new-revision.ts'
import {amendmentOf} from '../../src/engine/amend-revision.ts'
import {branch, createRevision, merge} from '../../src/api/files/create-revision.ts'
import {mig} from '../support/cli.ts'
import {rejectionOf} from '../support/errors.ts'
import {Folder} from '../support/folder.ts'

const projectFolder = (): Folder =>
  new Folder().write({'mig.config.js': 'export default {}\n', 'migrations/versions/.gitkeep': ''})

const lock = 'migrations/.revision.lock'

describe('two processes that create revisions at once', function () {
  for (const start of ['an empty history', 'a history with a head'])
    it(`leave one head after ${start}, and all but one say what to do`, async () => {
      const folder = projectFolder()
      const cwd = folder.path
      if (start === 'a history with a head') await createRevision({cwd, message: 'first', revisionId: 'aaaa'})
      const results = await Promise.all(
        [1, 2, 3, 4, 5, 6].map(async (n) => mig(['revision', '-m', `number ${n}`, '--json'], {cwd})),
      )
      const {graph} = (await openScripts({cwd})).scripts
      expect(graph.heads).to.have.lengthOf(1)
      expect(graph.bases).to.have.lengthOf(1)
      const refused = results.filter(({status}) => status !== 0)
      for (const {stdout, stderr, status} of refused) {
        expect(status).to.equal(1)
        expect(stdout + stderr).to.include('CONCURRENT_REVISION')
      }
      expect(folder.list('migrations')).to.not.include(lock)
    })
})

describe('a revision that another one has overtaken', () => {
  const cases: readonly {
    readonly name: string
    readonly create: (cwd: string) => Promise<() => Promise<unknown>>
  }[] = [
    {
      name: 'a new revision',
      create: async (cwd) => {
        const project = await openScripts({cwd})
        const down = await downRevisionsOf(project, 'head', {})
        return async () => writeNew(project, {message: 'late'}, down)
      },
    },
    {
      name: 'a head that is written again',
      create: async (cwd) => {
        const {project, replaces, wanted, downRevisions} = await amendmentOf(await openScripts({cwd}), {})
        return async () => writeNew(project, {...wanted, replaces}, downRevisions)
      },
    },
  ]
  for (const {name, create} of cases)
    it(`is refused, and the hint works: ${name}`, async () => {
      const folder = projectFolder()
      const cwd = folder.path
      await createRevision({cwd, message: 'first', revisionId: 'aaaa'})
      const write = await create(cwd)
      await createRevision({cwd, message: 'other', revisionId: 'bbbb'})
      const before = folder.list('migrations/versions')
      const error = await rejectionOf('CONCURRENT_REVISION', write)
      expect(error.message).to.equal('Revision bbbb was created after aaaa in the meantime; nothing was written.')
      expect(folder.list('migrations/versions')).to.deep.equal(before)
      await (
        await create(cwd)
      )()
      expect((await openScripts({cwd})).scripts.graph.heads).to.have.lengthOf(1)
    })

  it('is written if its parent may have several children, or another one got them', async () => {
    const folder = projectFolder()
    const cwd = folder.path
    await createRevision({cwd, message: 'first', revisionId: 'aaaa'})
    const project = await openScripts({cwd})
    await branch({cwd, name: 'left', revisionId: 'bbbb'})
    await writeNew(project, {message: 'right', revisionId: 'cccc', splice: true}, ['aaaa'])
    const later = await openScripts({cwd})
    await createRevision({cwd, message: 'left', head: 'bbbb'})
    await writeNew(later, {message: 'right', revisionId: 'dddd'}, ['cccc'])
    expect((await openScripts({cwd})).scripts.graph.heads).to.have.lengthOf(2)
  })

  it('is refused if both merge the same heads', async () => {
    const folder = projectFolder()
    const cwd = folder.path
    await createRevision({cwd, message: 'first', revisionId: 'aaaa'})
    for (const name of ['left', 'right']) await branch({cwd, name, from: 'aaaa'})
    const project = await openScripts({cwd})
    const heads = [...project.scripts.graph.heads]
    await merge({cwd, targets: ['heads'], revisionId: 'bbbb'})
    await rejectionOf('CONCURRENT_REVISION', async () => writeNew(project, {message: 'merge'}, heads))
  })

  it('waits for a lock, and not for one that a killed process left', async () => {
    const folder = projectFolder()
    const cwd = folder.path
    folder.write({[lock]: ''})
    const waiting = createRevision({cwd, message: 'first'})
    await new Promise((done) => void setTimeout(done, 200))
    expect(folder.list('migrations/versions')).to.deep.equal(['migrations/versions/.gitkeep'])
    const old = new Date(Date.now() - 60_000)
    utimesSync(join(cwd, lock), old, old)
    await waiting
    expect(folder.list('migrations')).to.not.include(lock)
  })
})
