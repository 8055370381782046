import {chmodSync, mkdirSync, symlinkSync} from 'node:fs'
import {delimiter, resolve} from 'node:path'
import {expect} from 'chai'
import {checkFormats} from '../../src/cli/checks/formats.ts'
import {invocationOf} from '../../src/cli/invocation.ts'
import {run} from '../support/cli.ts'
import {runOn} from '../support/databases.ts'
import {Folder} from '../support/folder.ts'

/** How a process is started. */
interface Case {
  readonly name: string
  /** The program, in the folder of the project. */
  readonly program?: string
  readonly files?: Readonly<Record<string, string>>
  /** Folders of the project on the path. */
  readonly path?: readonly string[]
  /** Whether a package manager starts it. */
  readonly isManaged?: boolean
  readonly command: string
}

const bin = 'node_modules/.bin'
const inProject = {[`${bin}/mig`]: ''}

const cases: readonly Case[] = [
  {name: 'a checkout of mig', program: 'bin/mig.js', command: 'mig'},
  {name: 'npx, in a project that has it', files: inProject, path: [bin], isManaged: true, command: 'npx migdag'},
  {
    name: 'npx, in a project that does not have it',
    program: 'cache/_npx/0a1b/node_modules/.bin/mig',
    files: {'pnpm-lock.yaml': '', 'cache/_npx/0a1b/node_modules/.bin/mig': ''},
    path: ['cache/_npx/0a1b/node_modules/.bin'],
    isManaged: true,
    command: 'npx migdag',
  },
  {name: 'its path, without it on the path', files: inProject, command: 'npx migdag'},
  {
    name: 'its path, of a project of pnpm',
    files: {...inProject, 'pnpm-lock.yaml': ''},
    command: 'pnpm mig',
  },
  {
    name: 'yarn',
    files: {...inProject, 'yarn.lock': ''},
    path: [bin],
    isManaged: true,
    command: 'yarn mig',
  },
  {name: 'a shell with the folder on its path', files: inProject, path: [bin], command: 'mig'},
  {
    name: 'npx, where another one is installed for all',
    files: {...inProject, 'global/mig': ''},
    path: [bin, 'global'],
    isManaged: true,
    command: 'mig',
  },
]

describe('hints repeat how mig was started:', () => {
  for (const {name, program = `${bin}/mig`, files = {}, path = [], isManaged = false, command} of cases)
    it(name, () => {
      const {path: cwd} = new Folder().write({'package.json': '{}', ...files})
      const env = {
        PATH: path.map((folder) => resolve(cwd, folder)).join(delimiter),
        ...(isManaged && {npm_config_user_agent: 'npm/11'}),
      }
      expect(invocationOf({program: resolve(cwd, program), env, cwd})).to.equal(command)
    })

  it('in errors, notes and the next step of a process', async () => {
    const folder = new Folder().write({
      'package.json': '{"type": "module"}',
      'mig.config.js': "export default {orm: 'sqlite:test.db'}\n",
      'migrations/versions/a.sql': '-- revision: a\n-- revises: base\n\n-- upgrade\nselect 1;\n\n-- downgrade\n',
    })
    mkdirSync(resolve(folder.path, bin), {recursive: true})
    symlinkSync(resolve('bin/mig.js'), resolve(folder.path, bin, 'mig'))
    chmodSync(resolve('bin/mig.js'), 0o755)
    symlinkSync(resolve('node_modules/@mikro-orm'), resolve(folder.path, 'node_modules/@mikro-orm'))
    const printed = async (...args: readonly string[]): Promise<string> => {
      const {stdout, stderr} = await run(process.execPath, [`${bin}/mig`, ...args], {cwd: folder.path})
      return stdout + stderr
    }
    expect(await printed('current')).to.contain('`npx migdag upgrade heads`')
    expect(await printed('status')).to.contain('next:     npx migdag upgrade\n')
    expect(await printed('upgrade', 'nowhere')).to.match(/^hint: .*`npx migdag /m)
    expect(await printed('upgarde')).to.contain('`npx migdag ')
    for (const id of ['b', 'c'])
      folder.write({
        [`migrations/versions/${id}.sql`]: `-- revision: ${id}\n-- revises: a\n\n-- upgrade\n\n-- downgrade\n`,
      })
    for (const format of checkFormats)
      expect(await printed('check', 'heads', '--format', format)).to.match(/npx migdag merge/)
    expect(await printed('merge', 'heads', '-m', 'both')).to.match(/^next: npx migdag upgrade$/m)
    for (const file of folder.list('migrations/versions')) folder.remove(file)
    await runOn(`sqlite:${resolve(folder.path, 'test.db')}`, 'create table things (id integer)')
    expect(await printed('upgrade')).to.match(
      /has tables, and there is no revision: `npx migdag baseline -m "…"` makes/,
    )
    folder.write({'schema.sql': 'create table things (id integer primary key);\n'})
    expect(await printed('baseline', '--from-sql', 'schema.sql')).to.match(/^next: npx migdag baseline --verify$/m)
  })
})
