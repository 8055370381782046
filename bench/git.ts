/**
 * `npm run bench:git` prints what the check of a merge costs: for long branches, and for many refs at once. With `--huge`,
 * what commands cost in a repository of 20,000 commits, 5,000 revisions and 200 branches.
 */
import {spawnSync} from 'node:child_process'
import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {loadavg, tmpdir} from 'node:os'
import {join, resolve} from 'node:path'
import {DatabaseSync} from 'node:sqlite'
import {revisionOnBranch, writeHugeRepository} from './huge-repository.ts'
import {measure} from './processes.ts'

const program = resolve(import.meta.dirname, '../bin/mig.js')
const folder = mkdtempSync(join(tmpdir(), 'mig-bench-git-'))
const say = (line: string): void => void process.stdout.write(`${line}\n`)

const who = {GIT_AUTHOR_NAME: 'a', GIT_AUTHOR_EMAIL: 'a@b', GIT_COMMITTER_NAME: 'a', GIT_COMMITTER_EMAIL: 'a@b'}

function git(...args: readonly string[]): void {
  const {status, stderr} = spawnSync('git', args, {cwd: folder, env: {...process.env, ...who}})
  if (status !== 0) throw new Error(`git ${args.join(' ')}: ${stderr.toString()}`)
}

/** Writes a chain of revisions and commits them. */
function write(prefix: string, count: number, down: string | null): string {
  let last = down
  for (let i = 0; i < count; i++) {
    const id = `${prefix}${String(i).padStart(6, '0')}`
    const text = `/**\n * add ${id}\n *\n * Revision ID: ${id}\n */
export const revision = '${id}'
export const downRevision = ${last === null ? 'null' : `'${last}'`}

export async function upgrade(op) {
  op.createTable('t_${id}', (t) => ({id: t.integer().primaryKey(), name: t.text().notNull()}))
}

export async function downgrade(op) {
  op.dropTable('t_${id}')
}
`
    writeFileSync(join(folder, 'migrations/versions', `${id}_add_${id}.ts`), text)
    last = id
  }
  git('add', '-A')
  git('commit', '-qm', prefix)
  return last ?? ''
}

function report(name: string, args: readonly string[], runs = 9): void {
  const {median, min, max, peak} = measure([program, ...args], folder, runs, [0, 1])
  const times = [median, min, max].map((ms) => `${(ms / 1000).toFixed(3)} s`.padStart(10))
  say([name.padEnd(52), ...times, `${peak.toFixed(0)} MB`.padStart(10)].join(''))
}

function reportLong(): void {
  mkdirSync(join(folder, 'migrations/versions'), {recursive: true})
  writeFileSync(join(folder, 'mig.config.js'), 'export default {}\n')
  git('init', '-q', '-b', 'main')
  const base = write('base', 1000, null)
  report('heads, of the work tree', ['heads'])
  report('heads --at HEAD', ['heads', '--at', 'HEAD'])
  git('switch', '-qc', 'short')
  write('short', 1, base)
  git('switch', '-q', 'main')
  git('switch', '-qc', 'long')
  write('long', 1000, base)
  git('switch', '-q', 'main')
  write('main', 1000, base)
  report('check, 1,001 revisions on main from 1,000 on', ['check', 'heads', '--onto', 'main', '--head-ref', 'short'])
  report('check, 1,000 new ones on either side of 1,000', ['check', 'heads', '--onto', 'main', '--head-ref', 'long'])
  git('gc', '-q')
  report('the same, packed', ['check', 'heads', '--onto', 'main', '--head-ref', 'long'])
  for (let i = 0; i < 200; i++) {
    git('switch', '-q', '-C', 'work', 'main~0')
    write(`r${i}x`, 1, base)
    git('update-ref', `refs/pull/${i}/head`, 'work')
  }
  report('check of 200 refs, 2,000 revisions each', ['check', 'heads', '--onto', 'main', '--refs', 'refs/pull/*/head'])
}

function reportHuge(): void {
  writeHugeRepository(folder)
  measure([program, 'stamp', 'heads'], folder, 0)
  git('switch', '-q', '-c', 'work', 'main')
  git('branch', '-q', '--set-upstream-to=main')
  report('status', ['status'], 5)
  // As if the revision of another branch had been applied.
  const id = revisionOnBranch(100)
  const file = `feature/100:migrations/versions/${id}_add_${id}.ts`
  const blob = spawnSync('git', ['rev-parse', file], {cwd: folder}).stdout.toString().trim()
  const database = new DatabaseSync(join(folder, 'test.db'))
  database.exec(
    `insert into mig_version (revision, is_head, down_revisions, message, content_id, applied_at, applied_by, duration_ms)
     select '${id}', 1, '[]', '', '${blob}', applied_at, applied_by, 0 from mig_version limit 1`,
  )
  database.close()
  report('status, with an unknown revision', ['status'], 5)
  report('show, of an unknown revision', ['show', id], 5)
  report('check of 200 refs with 200 bases', ['check', 'heads', '--onto', 'main', '--refs', 'feature/*'], 3)
  git('merge', '-q', '-m', 'merge', 'feature/100')
  report('hook after a merge', ['hooks', 'run', 'post-merge', '0'], 5)
}

try {
  say(`load ${loadavg()[0]?.toFixed(1)}`)
  const titles = ['median', 'min', 'max', 'peak'].map((name) => name.padStart(10))
  say(['whole process'.padEnd(52), ...titles].join(''))
  if (process.argv.includes('--huge')) reportHuge()
  else reportLong()
} finally {
  rmSync(folder, {recursive: true, force: true})
}
