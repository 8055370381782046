/**
 * `npm run bench:peers [-- REVISIONS]` prints what other tools for migrations take, beside mig, on the server that
 * MIG_TEST_POSTGRES_URL names: whole processes, with nothing to do, and with all migrations to run. The tools take turns.
 * The other tools are installed in `bench/peers` first.
 */
import {spawnSync} from 'node:child_process'
import {mkdirSync, mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join, resolve} from 'node:path'
import {createDatabase, dropAll} from '../test/support/databases.ts'
import {peers} from './peer-projects.ts'

const [count = 500] = process.argv.slice(2).map(Number)
const idleRounds = 9
const fullRounds = 3
const here = resolve(import.meta.dirname, 'peers')
const folder = mkdtempSync(join(tmpdir(), 'mig-bench-peers-'))

/** Returns the seconds that a process takes. */
function seconds(args: readonly string[], url: string): number {
  const start = performance.now()
  const {status, stderr} = spawnSync(process.execPath, args, {env: {...process.env, MIG_BENCH_URL: url}})
  if (status !== 0) throw new Error(`node ${args.join(' ')} ended with ${status}: ${stderr.toString()}`)
  return (performance.now() - start) / 1000
}

function median(times: readonly number[]): number {
  return times.toSorted((a, b) => a - b)[times.length >> 1] ?? 0
}

function say(...[name, ...cells]: readonly string[]): void {
  process.stdout.write(`${name?.padEnd(20)}${cells.map((cell) => cell.padStart(14)).join('')}\n`)
}

spawnSync('npm', ['install', '--no-audit', '--no-fund', '--no-package-lock'], {cwd: here, stdio: 'inherit'})
try {
  const numbers = Array.from({length: count}, (_, i) => String(i + 1).padStart(14, '0'))
  const projects = peers.map((peer) => {
    const own = join(folder, peer.name.replaceAll(/[^a-z-]/g, ''))
    mkdirSync(own)
    peer.write(own, numbers)
    return {...peer, folder: own, full: [] as number[], idle: [] as number[]}
  })
  const last = new Map<string, string>()
  for (let round = 0; round < fullRounds; round++)
    for (const project of projects) {
      const {url} = await createDatabase('postgresql')
      project.full.push(seconds(project.args(project.folder, url), url))
      last.set(project.name, url)
    }
  const floor: number[] = []
  for (let round = 0; round < idleRounds; round++) {
    floor.push(seconds(['-e', '0'], ''))
    for (const project of projects) {
      const url = last.get(project.name) ?? ''
      project.idle.push(seconds(project.args(project.folder, url), url))
    }
  }
  say('', 'nothing to do', `${count} to run`)
  say('node -e 0', `${median(floor).toFixed(3)} s`)
  for (const {name, idle, full} of projects) say(name, `${median(idle).toFixed(3)} s`, `${median(full).toFixed(2)} s`)
} finally {
  rmSync(folder, {recursive: true, force: true})
  await dropAll()
}
