/**
 * `node bench/commute.ts [HISTORY SIDE]` prints the time of `mig check commute` for two branches of SIDE revisions each after
 * a history of HISTORY revisions: the first time, and with the history kept.
 */
import {spawnSync} from 'node:child_process'
import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join, resolve} from 'node:path'

const [history = 300, side = 10] = process.argv.slice(2).map(Number)
const only = process.env['BENCH_ONLY']

function text(id: string, below: string | undefined, body: string): string {
  return `export const revision = '${id}'
export const downRevision = ${below === undefined ? 'null' : `'${below}'`}
export async function upgrade(op) {
  ${body}
}
`
}

const table = (name: string): string =>
  `op.createTable('${name}', (t) => ({id: t.integer().primaryKey(), name: t.text(), n: t.integer().notNull().default(1)}))`

function measure(name: string, url: string): void {
  const folder = mkdtempSync(join(tmpdir(), 'mig-bench-'))
  const versions = join(folder, 'migrations/versions')
  mkdirSync(versions, {recursive: true})
  writeFileSync(join(folder, 'mig.config.js'), `export default {orm: '${url}'}\n`)
  const write = (id: string, below: string | undefined, body: string): void =>
    writeFileSync(join(versions, `${id}.js`), text(id, below, body))
  for (let n = 0; n < history; n++) write(`h${n}`, n === 0 ? undefined : `h${n - 1}`, table(`t${n}`))
  for (const branch of ['a', 'b'])
    for (let n = 0; n < side; n++)
      write(
        `${branch}${n}`,
        n === 0 ? `h${history - 1}` : `${branch}${n - 1}`,
        n % 2 === 0 ? table(`${branch}_${n}`) : `op.addColumn('t${n}', '${branch}', (t) => t.integer())`,
      )
  const run = (...words: readonly string[]): string => {
    const start = performance.now()
    const {status, stdout, stderr} = spawnSync(process.execPath, [resolve('bin/mig.js'), ...words], {
      cwd: folder,
      encoding: 'utf8',
    })
    if (status !== 0) throw new Error(`${name}: ${stdout}${stderr}`.slice(0, 2000))
    return `${(performance.now() - start).toFixed(0)} ms`
  }
  try {
    const times = [1, 2, 3].map(() => run('check', 'commute'))
    process.stdout.write(`${name.padEnd(12)} first ${times[0]}   then ${times.slice(1).join(', ')}\n`)
    run('rehearse', '--clean')
  } finally {
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
