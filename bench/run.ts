/**
 * `npm run bench [-- SIZE…]` prints what start-up, listing and planning cost, for histories of several sizes;
 * `npm run bench -- apply [REVISIONS]` what applying costs.
 */
import {mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join, resolve} from 'node:path'
import {Bench} from 'tinybench'
import {planHistory} from '../src/graph/history.ts'
import {planUpgrade} from '../src/graph/plan.ts'
import {resolveTargets} from '../src/graph/resolve.ts'
import {buildRevisionGraph} from '../src/graph/build.ts'
import {DiskTree} from '../src/script/disk.ts'
import {readScriptDirectory} from '../src/script/script-directory.ts'
import {history, writeHistory} from './history.ts'
import {measure} from './processes.ts'

const [what, ...numbers] = process.argv.slice(2)
const asked = (what === 'apply' ? numbers : process.argv.slice(2)).map(Number)
const sizes = asked.length > 0 ? asked : [1000, 20_000, 100_000]
const program = resolve(import.meta.dirname, '../bin/mig.js')
const folder = mkdtempSync(join(tmpdir(), 'mig-bench-'))
const say = (line: string): void => void process.stdout.write(`${line}\n`)
const row = (cells: readonly (string | number)[]): string =>
  cells.map((cell, i) => (i === 0 ? String(cell).padEnd(24) : String(cell).padStart(10))).join('')

if (what === 'apply') {
  const {benchApply} = await import('./apply.ts')
  await benchApply(asked[0] ?? 500, (cells) => say(row(cells)))
  process.exit()
}

try {
  for (const size of sizes) writeHistory(join(folder, String(size)), history(size))
  say(row(['whole process', 'median', 'min', 'max', 'x node', 'peak']))
  const floor = measure(['-e', '0'], folder, 15)
  const report = (name: string, args: readonly string[], cwd: string, runs: number): void => {
    const {median, min, max, peak} = measure(args, cwd, runs)
    const seconds = [median, min, max].map((ms) => `${(ms / 1000).toFixed(3)} s`)
    say(row([name, ...seconds, (median / floor.median).toFixed(1), `${peak.toFixed(0)} MB`]))
  }
  report('node -e 0', ['-e', '0'], folder, 15)
  report('--version', [program, '--version'], folder, 15)
  for (const size of sizes)
    for (const command of ['heads', 'history', 'branches'])
      report(`${command}, ${size}`, [program, command], join(folder, String(size)), size > 50_000 ? 5 : 11)

  say(`\n${row(['in process', 'median', 'min', 'max'])}`)
  for (const size of sizes) {
    const revisions = history(size)
    const graph = buildRevisionGraph(revisions)
    const bench = new Bench({time: 300, iterations: 5, warmupTime: 100, warmupIterations: 2})
    const tree = new DiskTree(join(folder, String(size)))
    bench
      .add('read and build', async () => readScriptDirectory(tree, {scriptDirectory: 'migrations', recursive: false}))
      .add('build', () => buildRevisionGraph(revisions))
      .add('resolve a short id', () => resolveTargets(graph, revisions[size >> 1]?.id.slice(0, 9) ?? 'head'))
      .add('plan base to heads', () => planUpgrade(graph, [], 'heads'))
      .add('plan history', () => planHistory(graph, 'base:heads'))
    await bench.run()
    for (const {name, result} of bench.tasks) {
      if (!('latency' in result)) throw new Error(`${name} failed`)
      const {p50, min, max} = result.latency
      say(row([`${name}, ${size}`, ...[p50, min, max].map((ms) => `${ms.toFixed(2)} ms`)]))
    }
  }
} finally {
  rmSync(folder, {recursive: true, force: true})
}
