import {mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {dirname, join} from 'node:path'
import type {Revision} from '../../src/graph/revision.ts'
import {revisions} from './dag.ts'

const made: string[] = []

process.once('exit', () => {
  for (const path of made) rmSync(path, {recursive: true, force: true})
})

/** A folder of its own for a test, removed when the process ends. */
export class Folder {
  readonly path: string

  constructor() {
    this.path = mkdtempSync(join(process.env['MIG_TEST_SCRATCH'] ?? tmpdir(), 'mig test '))
    made.push(this.path)
  }

  /** Writes files by their relative paths. */
  write(files: Readonly<Record<string, string>>): this {
    for (const [name, text] of Object.entries(files)) {
      const path = join(this.path, name)
      mkdirSync(dirname(path), {recursive: true})
      writeFileSync(path, text)
    }
    return this
  }

  /** Writes a configuration and a revision for each of a graph that is written as one line: see `revisions`. */
  writeGraph(dag: string, body: (revision: Revision) => string = tableOf): this {
    return this.writeRevisions(revisions(dag), body)
  }

  /** As `writeGraph`, for revisions that are there. */
  writeRevisions(all: readonly Revision[], body: (revision: Revision) => string): this {
    rmSync(join(this.path, 'migrations'), {recursive: true, force: true})
    this.write({'mig.config.js': 'export default {}\n'})
    return this.write(
      Object.fromEntries(all.map((one) => [`migrations/versions/${one.id}.ts`, revisionText(one, body(one))])),
    )
  }

  /** Moves a file, and changes its text. */
  rename(from: string, to: string, change: (text: string) => string): void {
    const text = change(readFileSync(from, 'utf8'))
    rmSync(from)
    writeFileSync(to, text)
  }

  remove(name: string): void {
    rmSync(join(this.path, name))
  }

  read(name: string): string {
    return readFileSync(join(this.path, name), 'utf8')
  }

  /** Lists files, folders left out. */
  list(name = '.'): string[] {
    return readdirSync(join(this.path, name), {recursive: true, withFileTypes: true})
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(this.path.length + 1))
      .toSorted()
  }
}

/** Returns the text of a revision file. */
export function revisionText(revision: Revision, body: string): string {
  const {id, downRevisions, branchLabels, dependsOn, replaces, replacedSquashes} = revision
  const squash = [
    ...(replaces === undefined ? [] : [`export const replaces = ${JSON.stringify(replaces)}\n`]),
    ...(replacedSquashes === undefined
      ? []
      : [`export const replacedSquashes = ${JSON.stringify(replacedSquashes)}\n`]),
  ].join('')
  return `/** revision ${id} */
export const revision = ${JSON.stringify(id)}
export const downRevision = ${JSON.stringify(downRevisions)}
export const branchLabels = ${JSON.stringify(branchLabels)}
export const dependsOn = ${JSON.stringify(dependsOn)}
${squash}
${body}`
}

/** A revision that makes a table of its own. */
function tableOf({id}: Revision): string {
  return `export async function upgrade(op) {
  op.execute('create table t_${id} (n integer)')
}

export async function downgrade(op) {
  op.execute('drop table t_${id}')
}
`
}
