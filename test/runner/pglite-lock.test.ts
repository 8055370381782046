import {execFileSync} from 'node:child_process'
import {existsSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {expect} from 'chai'
import {lockPgliteFolder} from '../../src/runner/connection/pglite-lock.ts'
import {soakFolderLock} from '../soak/folder-lock.ts'
import {rejectionOf} from '../support/errors.ts'
import {Folder} from '../support/folder.ts'

describe('the lock of a PGlite folder', () => {
  it('is taken by one of four processes at a time, whatever a crashed process has left', async () => {
    expect(await soakFolderLock(60, () => {})).to.deep.equal({twice: 0, never: 0, failed: 0})
  })

  it('leaves nothing behind, and is free again', async () => {
    const folder = join(new Folder().path, 'data')
    const unlock = await lockPgliteFolder(folder)
    const error = await rejectionOf('PGLITE_IN_USE', async () => lockPgliteFolder(folder))
    expect(error.data).to.include({pid: process.pid, folder})
    unlock()
    expect(existsSync(`${folder}.lock`)).to.equal(false)
    const again = await lockPgliteFolder(folder)
    again()
  })

  it('ignores files that are not its own', async () => {
    const folder = join(new Folder().write({'data.lock/.DS_Store': ''}).path, 'data')
    const unlock = await lockPgliteFolder(folder)
    unlock()
    expect(existsSync(`${folder}.lock/.DS_Store`)).to.equal(true)
  })

  it('replaces an unfinished file of an earlier version', async () => {
    const folder = join(new Folder().path, 'data')
    writeFileSync(`${folder}.lock`, '{"pid":')
    const unlock = await lockPgliteFolder(folder)
    unlock()
    expect(existsSync(`${folder}.lock`)).to.equal(false)
  })

  it('that is a named pipe is an error', async () => {
    const folder = join(new Folder().path, 'data')
    execFileSync('mkfifo', [`${folder}.lock`])
    const error = await rejectionOf('DATABASE_UNREADABLE', async () => lockPgliteFolder(folder))
    expect(error.message).to.match(/^Cannot open pglite:.*data: it is not a regular file\.$/)
  })
})
