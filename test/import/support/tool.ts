import {spawnSync} from 'node:child_process'
import {expect} from 'chai'
import {connect} from '../../../src/runner/connection/connect.ts'
import {catalogueOf} from '../../support/catalogue.ts'
import {mig, run} from '../../support/cli.ts'
import type {CliResult} from '../../support/cli.ts'
import {createDatabase, databaseKinds} from '../../support/databases.ts'
import type {DatabaseKind, TestDatabase} from '../../support/databases.ts'
import {Folder} from '../../support/folder.ts'
import {noteMissing} from '../../support/requirements.ts'
import {withSession} from '../../support/session.ts'
import {installPackages} from './packages.ts'

/** A history of a tool that the tool itself applies to a database. */
export interface ToolHistory {
  readonly tool: string
  readonly kinds: readonly DatabaseKind[]
  /** Packages of the tool that mig does not have itself. */
  readonly packages?: Readonly<Record<string, string>>
  /** A folder of programs that come first on the `PATH`. */
  readonly programs?: string
  /** The files of the project, by path. */
  readonly files: Readonly<Record<string, string>> | ((kind: DatabaseKind) => Readonly<Record<string, string>>)
  /** The folder of the migrations. */
  readonly folder: string
  /** The revision ids in the order in which the tool applies them. */
  readonly ids: readonly string[]
  /** Applies the first `count` migrations with the tool. */
  readonly apply: (folder: Folder, database: TestDatabase, count: number, kind: DatabaseKind) => Promise<void>
  /** Whether all migrations can be reverted. */
  readonly isReversible: boolean
  /** Matches lines of a catalogue about the tool's own tables. */
  readonly own: RegExp
}

/** Runs a program of a tool in a folder, and fails unless it succeeds. */
export async function runTool(
  folder: Folder,
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<void> {
  const {status, stdout, stderr} = await run(command, args, {cwd: folder.path, env})
  expect(status, `${command} ${args.join(' ')}: ${stdout}${stderr}`).to.equal(0)
}

/** Returns the catalogue of a database without the tables of mig and of the tool. */
async function schemaOf({url}: TestDatabase, own: RegExp): Promise<readonly string[]> {
  const connection = await connect({kind: 'url', url}, process.cwd())
  try {
    const lines = await withSession(connection, undefined, catalogueOf)
    return lines.filter((line) => !/mig_version|mig_log|sqlite_sequence/.test(line) && !own.test(line))
  } finally {
    await connection.close()
  }
}

/** Whether a program that npm does not have is installed; the end of the run lists those that are not. */
export function hasProgram(name: 'sqitch'): boolean {
  const isThere = spawnSync(name, ['--version']).status === 0
  if (!isThere) noteMissing(name, `${name} is not installed; only its recorded files are tested`)
  return isThere
}

/** Checks that an imported history does what the tool does, and is stamped right at each of its states. */
export function describeHistory(history: ToolHistory): void {
  const {tool, kinds, packages, programs, files, folder: migrations, ids, apply, isReversible, own} = history
  /** Runs the CLI on a database, and fails unless it succeeds. */
  const succeed = async (args: string, folder: Folder, {url}: TestDatabase): Promise<CliResult> => {
    const path = programs === undefined ? {} : {PATH: `${programs}:${process.env['PATH']}`}
    const result = await mig(args, {cwd: folder.path, env: {MIG_DATABASE_URL: url, ...path}})
    expect(result.status, `mig ${args}: ${result.stderr}`).to.equal(0)
    return result
  }
  describe(`mig import ${tool}`, () => {
    for (const kind of kinds.filter((one) => databaseKinds.includes(one))) {
      const project = async (): Promise<Folder> => {
        const folder = new Folder().write({'mig.config.js': 'export default {}\n', 'migrations/.gitkeep': ''})
        if (packages !== undefined) await installPackages(folder.path, packages)
        return folder.write(typeof files === 'function' ? files(kind) : files)
      }

      it(`makes the same schema on ${kind}, and takes it away`, async () => {
        const folder = await project()
        const [theirs, ours] = [await createDatabase(kind), await createDatabase(kind)]
        const empty = await schemaOf(ours, own)
        await apply(folder, theirs, ids.length, kind)
        await succeed(`import ${tool} ${migrations}`, folder, ours)
        await succeed('upgrade heads', folder, ours)
        const made = await schemaOf(ours, own)
        expect(made).to.deep.equal(await schemaOf(theirs, own))
        expect(made).not.to.deep.equal(empty)
        if (isReversible) {
          await succeed('downgrade base --yes', folder, ours)
          expect(await schemaOf(ours, own)).to.deep.equal(empty)
        }
        await Promise.all([theirs.drop(), ours.drop()])
      })

      it(`stamps each state on ${kind}, from which the rest can be applied`, async () => {
        const folder = await project()
        const whole = await createDatabase(kind)
        await apply(folder, whole, ids.length, kind)
        for (let count = 1; count <= ids.length; count++) {
          const database = await createDatabase(kind)
          await apply(folder, database, count, kind)
          await succeed(`import ${tool} ${migrations} --stamp`, folder, database)
          const rows = await database.query('select revision from mig_version')
          expect(rows[0]?.map(({revision}) => revision)).to.have.members(ids.slice(0, count))
          if (count === ids.length - 1) {
            await succeed('upgrade heads', folder, database)
            expect(await schemaOf(database, own)).to.deep.equal(await schemaOf(whole, own))
          }
          await database.drop()
        }
        await whole.drop()
      })
    }
  })
}
