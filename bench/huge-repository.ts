import {spawnSync} from 'node:child_process'
import {closeSync, openSync, writeSync} from 'node:fs'
import {join} from 'node:path'

const commits = 20_000
const revisions = 5000
const branches = 200

const who = 'A U Thor <a@example.org>'

/** The revision of each branch. */
export const revisionOnBranch = (branch: number): string => `f${String(branch).padStart(6, '0')}`

/**
 * Writes a repository with `git fast-import`: a history of 20,000 commits and 5,000 revisions on `main`, and 200 branches
 * that each leave it at a commit of their own, with a revision of their own. Checks `main` out.
 */
export function writeHugeRepository(folder: string): void {
  const git = (args: readonly string[], stdin: 'ignore' | number = 'ignore'): void => {
    const {status, stderr} = spawnSync('git', args, {cwd: folder, stdio: [stdin, 'ignore', 'pipe']})
    if (status !== 0) throw new Error(`git ${args.join(' ')}: ${stderr.toString()}`)
  }
  git(['init', '-q', '-b', 'main'])
  const stream = join(folder, '.git/history')
  const out = openSync(stream, 'w')
  const write = (text: string): void => void writeSync(out, text)
  const every = commits / revisions
  let time = 1_500_000_000
  const commit = (ref: string, mark: number, from: number | undefined, file: string, text: string): void =>
    write(
      [
        `commit ${ref}`,
        `mark :${mark}`,
        `committer ${who} ${(time += 600)} +0000`,
        ...data(`change ${file}`),
        ...(from === undefined ? [] : [`from :${from}`]),
        `M 100644 inline ${file}`,
        ...data(text),
        '',
      ].join('\n'),
    )
  let last: string | undefined
  const at: (string | undefined)[] = []
  for (let i = 1; i <= commits; i++) {
    if (i === 1) commit('refs/heads/main', i, undefined, 'mig.config.js', config)
    else if (i % every === 0) {
      const id = `r${String(i / every).padStart(6, '0')}`
      commit('refs/heads/main', i, i - 1, `migrations/versions/${id}_add_${id}.ts`, revisionText(id, last))
      last = id
    } else commit('refs/heads/main', i, i - 1, `src/file${i % 500}.ts`, `export const value = ${i}\n`)
    at[i] = last
  }
  for (let i = 0; i < branches; i++) {
    const from = commits - 40 * i - 1
    const id = revisionOnBranch(i)
    const file = `migrations/versions/${id}_add_${id}.ts`
    commit(`refs/heads/feature/${i}`, commits + i + 1, from, file, revisionText(id, at[from]))
  }
  closeSync(out)
  const input = openSync(stream, 'r')
  git(['fast-import', '--quiet'], input)
  closeSync(input)
  git(['checkout', '-q', '-f', 'main'])
}

const config = "export default {orm: 'sqlite:' + import.meta.dirname + '/test.db'}\n"

function data(text: string): readonly string[] {
  return [`data ${Buffer.byteLength(text)}`, text]
}

function revisionText(id: string, down: string | undefined): string {
  return `/**
 * add ${id}
 *
 * Revision ID: ${id}
 */
export const revision = '${id}'
export const downRevision = ${down === undefined ? 'null' : `'${down}'`}

export async function upgrade(op) {
  op.createTable('t_${id}', (t) => ({id: t.integer().primaryKey(), name: t.text().notNull()}))
}
`
}
