import {cpSync, mkdirSync, readFileSync, symlinkSync} from 'node:fs'
import {dirname, join, relative} from 'node:path'
import {expect} from 'chai'
import {mig} from '../support/cli.ts'
import type {CliResult} from '../support/cli.ts'
import {createDatabase, databaseKinds} from '../support/databases.ts'
import type {DatabaseKind} from '../support/databases.ts'
import {Folder} from '../support/folder.ts'
import {linkPackages} from '../support/packages.ts'

interface Application {
  readonly name: string
  /** The folder of the application, where it is one of several. */
  readonly folder?: string
  /** A database made for the application, which has its URL in DATABASE_URL. */
  readonly database?: DatabaseKind
  readonly tables: readonly string[]
}

const applications: readonly Application[] = [
  {name: 'nestjs-ts-morph', tables: ['orders', 'user']},
  {name: 'nestjs-swc', tables: ['author', 'book', 'book_tags', 'tag']},
  {name: 'express-reflect-metadata', tables: ['customer', 'invoice']},
  {name: 'nextjs-paths', tables: ['post', 'user']},
  {name: 'esm-define-entity', tables: ['task', 'users']},
  {name: 'pnpm-workspace', folder: 'apps/api', database: 'postgresql', tables: ['account', 'session', 'team']},
]

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
}

/** Installs what the package.json of a folder names: the packages of this project, or those of the workspace. */
function install(folder: string, workspace: Readonly<Record<string, string>>): void {
  const {dependencies, devDependencies} = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest
  for (const [name, version] of Object.entries({...dependencies, ...devDependencies})) {
    const member = workspace[name]
    if (member === undefined)
      linkPackages(folder, {only: name, from: version.startsWith('npm:typescript@5') ? 'typescript5' : name})
    else link(join(folder, 'node_modules', name), member)
  }
}

function link(path: string, target: string): void {
  mkdirSync(dirname(path), {recursive: true})
  symlinkSync(relative(dirname(path), target), path)
}

/** Returns the folder of a copy of an application, with the packages that it names and no others. */
function copyOf({name, folder = '.'}: Application): string {
  const root = new Folder().path
  cpSync(`fixtures/projects/${name}`, root, {recursive: true})
  const members = name === 'pnpm-workspace' ? ['apps/api', 'packages/entities', 'packages/names'] : ['.']
  const workspace = {'@acme/entities': join(root, 'packages/entities'), '@acme/names': join(root, 'packages/names')}
  for (const member of members) install(join(root, member), workspace)
  return join(root, folder)
}

describe('applications', function () {
  // Each starts six processes, and ts-morph starts TypeScript in most of them.
  this.timeout(300_000)

  for (const application of applications) {
    const {name, database, tables} = application
    if (database !== undefined && !databaseKinds.includes(database)) continue

    it(`${name} goes from its entities to a database, and back`, async () => {
      const created = database === undefined ? undefined : await createDatabase(database)
      const cwd = copyOf(application)
      const run = async (args: string): Promise<CliResult> => {
        const result = await mig(args, {cwd, env: {DATABASE_URL: created?.url}})
        expect(result.status, `mig ${args}: ${result.stdout}${result.stderr}`).to.equal(0)
        return result
      }
      try {
        await run('init')
        const {stdout} = await run('revision --autogenerate -m initial --json')
        const {file} = (JSON.parse(stdout) as {readonly revision: {readonly file: string}}).revision
        const written = readFileSync(join(cwd, file), 'utf8')
        const made = [...written.matchAll(/op\.createTable\(\s*'([^']+)'/g)].map(([, table]) => table)
        expect(made).to.have.members(tables)
        await run('upgrade')
        await run('check models')
        await run('downgrade base --yes')
        const {stdout: current} = await run('current --json')
        expect(JSON.parse(current)).to.deep.include({current: []})
      } finally {
        await created?.drop()
      }
    })
  }
})
