/**
 * `node bench/prefix.ts [REVISIONS]` prints the time of `mig rehearse` for one new revision after a history, without and with
 * the history kept as a template, on PGlite, SQLite and the servers that there are.
 */
import {spawnSync} from 'node:child_process'
import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join, resolve} from 'node:path'

const [count = 500] = process.argv.slice(2).map(Number)
const only = process.env['BENCH_ONLY']

function revision(n: number, parent: string | undefined): string {
  return `export const revision = 'r${String(n).padStart(4, '0')}'
export const downRevision = ${parent === undefined ? 'null' : `'${parent}'`}
export async function upgrade(op) {
  op.createTable('t${n}', (t) => ({id: t.integer().primaryKey(), name: t.text(), n: t.integer().notNull().default(${n})}))
}
`
}

const idOf = (n: number): string => `r${String(n).padStart(4, '0')}`

function measure(name: string, url: string): void {
  const folder = mkdtempSync(join(tmpdir(), 'mig-bench-'))
  const versions = join(folder, 'migrations/versions')
  mkdirSync(versions, {recursive: true})
  writeFileSync(join(folder, 'mig.config.js'), `export default {orm: '${url}'}\n`)
  for (let n = 0; n < count; n++)
    writeFileSync(join(versions, `${idOf(n)}.js`), revision(n, n === 0 ? undefined : idOf(n - 1)))
  const run = (...words: readonly string[]): number => {
    const start = performance.now()
    const {status, stdout, stderr} = spawnSync(process.execPath, [resolve('bin/mig.js'), ...words], {
      cwd: folder,
      encoding: 'utf8',
    })
    if (status !== 0) throw new Error(`${name}: ${stdout}${stderr}`.slice(0, 2000))
    return performance.now() - start
  }
  try {
    const times: number[] = []
    for (let n = count; n < count + 4; n++) {
      const text = revision(n, idOf(n - 1)).replace('{\n', `{\n  op.addColumn('t1', 'c${n}', (t) => t.integer())\n`)
      writeFileSync(join(versions, `${idOf(n)}.js`), text)
      times.push(run('rehearse', `${idOf(n)}:${idOf(n)}`))
    }
    const [first = 0, ...others] = times
    process.stdout.write(
      `${name.padEnd(12)} first ${first.toFixed(0)} ms   then ${others.map((time) => time.toFixed(0)).join(', ')} ms\n`,
    )
  } finally {
    try {
      run('rehearse', '--clean')
    } catch {}
    rmSync(folder, {recursive: true, force: true})
  }
}

const places: Readonly<Record<string, string | undefined>> = {
  pglite: 'pglite::memory:',
  sqlite: 'sqlite::memory:',
  postgresql: process.env['MIG_TEST_POSTGRES_URL'],
  mariadb: process.env['MIG_TEST_MARIADB_URL'],
  mysql: process.env['MIG_TEST_MYSQL_URL'],
}
for (const [name, url] of Object.entries(places))
  if (url !== undefined && (only === undefined || only.split(',').includes(name))) measure(name, url)
