/** Prints what the git hooks cost: a `git commit` with hooks, less the same without, one after the other. */
import {spawnSync} from 'node:child_process'
import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {loadavg, tmpdir} from 'node:os'
import {join, resolve} from 'node:path'

const folder = mkdtempSync(join(tmpdir(), 'mig-bench-hooks-'))
const say = (line: string): void => void process.stdout.write(`${line}\n`)
const who = {GIT_AUTHOR_NAME: 'a', GIT_AUTHOR_EMAIL: 'a@b', GIT_COMMITTER_NAME: 'a', GIT_COMMITTER_EMAIL: 'a@b'}
const env = {...process.env, ...who, GIT_CONFIG_GLOBAL: '/dev/null'}

function run(program: string, ...args: readonly string[]): void {
  const {status, stderr, stdout} = spawnSync(program, args, {cwd: folder, env})
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${stderr.toString()}${stdout.toString()}`)
}

function write(name: string, text: string): void {
  mkdirSync(join(folder, name, '..'), {recursive: true})
  writeFileSync(join(folder, name), text)
}

let count = 0

/** Writes a revision that continues from the last one. */
function revision(): void {
  const down = count === 0 ? 'null' : `'r${count}'`
  count++
  const header = `export const revision = 'r${count}'\nexport const downRevision = ${down}\n`
  const upgrade = `export async function upgrade(op) {\n  op.execute('create table t${count} (n integer)')\n}\n`
  write(`migrations/versions/r${count}.ts`, header + upgrade)
}

function commitTime(change: () => void, config: readonly string[]): number {
  change()
  run('git', 'add', '-A')
  const start = performance.now()
  run('git', ...config, 'commit', '-qm', 'x')
  return performance.now() - start
}

const median = (times: readonly number[]): number => times.toSorted((a, b) => a - b)[4] ?? 0

function report(name: string, change: () => void): void {
  const without: number[] = []
  const withHooks: number[] = []
  for (let i = 0; i < 9; i++) {
    without.push(commitTime(change, ['-c', 'core.hooksPath=/dev/null']))
    withHooks.push(commitTime(change, []))
  }
  const cost = median(withHooks) - median(without)
  say(
    [
      name.padEnd(32),
      ...[median(without), median(withHooks), cost].map((ms) => `${ms.toFixed(0)} ms`.padStart(12)),
    ].join(''),
  )
}

try {
  say(`load of the machine: ${loadavg()[0]?.toFixed(1)}`)
  say(
    ['a commit with'.padEnd(32), ...['without hooks', 'with hooks', 'cost'].map((name) => name.padStart(12))].join(''),
  )
  run('git', 'init', '-q', '-b', 'main')
  write('mig.config.js', 'export default {}\n')
  for (let i = 0; i < 100; i++) revision()
  run('git', 'add', '-A')
  run('git', 'commit', '-qm', 'first')
  run(process.execPath, resolve(import.meta.dirname, '../bin/mig.js'), 'hooks', 'install')
  report('no revision', () => write('text', String(Math.random())))
  report('a revision', revision)
} finally {
  rmSync(folder, {recursive: true, force: true})
}
