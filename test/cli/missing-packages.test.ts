import {cpSync, mkdirSync, readdirSync, symlinkSync} from 'node:fs'
import {join, resolve} from 'node:path'
import {expect} from 'chai'
import {run} from '../support/cli.ts'
import {Folder} from '../support/folder.ts'

/** Makes a project in which mig is installed, and MikroORM, its peer dependency, is not. */
function withoutMikroOrm(): Folder {
  const folder = new Folder().writeGraph('a <- b').write({'package.json': '{"type": "module"}'})
  const modules = join(folder.path, 'node_modules')
  mkdirSync(join(modules, 'migdag'), {recursive: true})
  for (const name of ['bin', 'dist', 'package.json', 'oclif.manifest.json'])
    cpSync(resolve(name), join(modules, 'migdag', name), {recursive: true})
  for (const name of readdirSync(resolve('node_modules')))
    if (name !== '@mikro-orm' && name !== 'migdag') symlinkSync(resolve('node_modules', name), join(modules, name))
  return folder
}

describe('a project without MikroORM', () => {
  let folder: Folder
  before(() => {
    folder = withoutMikroOrm()
  })

  for (const line of [
    'status',
    'current',
    'upgrade',
    'upgrade --sql',
    'stamp heads',
    'downgrade base',
    'check models',
    'rehearse',
  ])
    it(`is told what to install by mig ${line}`, async () => {
      const {stdout, stderr} = await run(process.execPath, ['node_modules/migdag/bin/mig.js', ...line.split(' ')], {
        cwd: folder.path,
      })
      expect(stdout + stderr).to.contain('mig requires @mikro-orm/core, which is not installed.')
      expect(stdout + stderr).to.contain('Run `npm install @mikro-orm/core`.')
      expect(stdout + stderr).to.not.contain('should not happen')
    })
})
