/**
 * `npm run bench:tenants [-- TENANTS PARALLEL]` prints what an upgrade of many schemas costs, one after another and several at the
 * same time, on the server that MIG_TEST_POSTGRES_URL names.
 */
import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {Client} from 'pg'
import {upgrade} from '../src/api/runs/migrate.ts'

const [count = 500, parallel = 4] = process.argv.slice(2).map(Number)
const revisions = 10
const server = process.env['MIG_TEST_POSTGRES_URL'] ?? 'postgresql://postgres@127.0.0.1:5432/postgres'
const name = `mig_bench_${process.pid}`
const say = (line: string): void => void process.stdout.write(`${line}\n`)
const folder = mkdtempSync(join(tmpdir(), 'mig-bench-'))

async function onServer(sql: string): Promise<void> {
  const client = new Client(server)
  await client.connect()
  await client.query(sql)
  await client.end()
}

/** Returns for how many milliseconds `work` ran. */
async function timeOf(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
}

function writeProject(): void {
  mkdirSync(join(folder, 'migrations/versions'), {recursive: true})
  for (let i = 0; i < revisions; i++)
    writeFileSync(
      join(folder, `migrations/versions/r${i}.ts`),
      `/** table ${i} */
export const revision = 'r${i}'
export const downRevision = ${i === 0 ? 'null' : `'r${i - 1}'`}
export async function upgrade(op) {
  op.execute('create table t${i} (id integer primary key, name text)')
  op.execute('create index t${i}_name on t${i} (name)')
}
`,
    )
  const url = new URL(server)
  url.pathname = name
  writeFileSync(join(folder, 'mig.config.js'), `export default {orm: '${url.href}'}\n`)
}

try {
  writeProject()
  const tenants = Array.from({length: count}, (_, i) => `tenant_${i}`)
  say(`${count} schemas, ${revisions} revisions each (table and index)`)
  for (const at of [1, parallel]) {
    await onServer(`create database ${name}`)
    const options = {cwd: folder, tenants, parallel: at, createDatabase: true}
    const ms = await timeOf(async () => upgrade(options))
    const again = await timeOf(async () => upgrade(options))
    const each = (ms / count / revisions).toFixed(2)
    say(
      `parallel ${at}: ${(ms / 1000).toFixed(1)} s, ${each} ms a revision; again, with nothing to do: ${(again / 1000).toFixed(2)} s`,
    )
    await onServer(`drop database ${name}`)
  }
} finally {
  await onServer(`drop database if exists ${name} with (force)`)
  rmSync(folder, {recursive: true, force: true})
}
