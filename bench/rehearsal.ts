/**
 * `node bench/rehearsal.ts [TABLES COLUMNS]` prints what the rehearsal of ten operations costs on each database that there is:
 * the time of `autogenerate` less that of the comparison alone, in the same rounds. Then the same for all tables in an empty
 * database, as a multiple of creating, dropping and creating them twice with MikroORM's schema generator.
 */
import {globSync, mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {defineEntity, MikroORM, p} from '@mikro-orm/core'
import type {EntitySchema} from '@mikro-orm/core'
import {MariaDbDriver} from '@mikro-orm/mariadb'
import {MySqlDriver} from '@mikro-orm/mysql'
import {PostgreSqlDriver} from '@mikro-orm/postgresql'
import {SqliteDriver} from '@mikro-orm/sqlite'
import {autogenerate} from '../src/autogenerate/autogenerate.ts'
import {compareModels} from '../src/autogenerate/compare-models.ts'
import {upgrade} from '../src/api/runs/migrate.ts'
import type {SqlOrm} from '../src/runner/connection/connect.ts'

const [tables = 200, columns = 20] = process.argv.slice(2).map(Number)
const rounds = 5

/** Returns the entities; changed, ten of them have one column more. */
function entities(changed: boolean): EntitySchema[] {
  return Array.from({length: tables}, (_, n) => {
    const properties: Record<string, unknown> = {id: p.integer().primary()}
    for (let i = 1; i < columns; i++)
      properties[`c${i}`] = [p.string().length(100), p.integer().default(i), p.datetime().nullable()][i % 3]
    if (changed && n < 10) properties['added'] = p.integer().default(n)
    return defineEntity({name: `T${n}`, tableName: `t${n}`, properties} as never)
  })
}

async function timeOf(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
}

function median(times: readonly number[]): number {
  return times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0
}

async function measure(name: string, driver: unknown, target: object): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'mig-bench-'))
  mkdirSync(join(folder, 'migrations/versions'), {recursive: true})
  writeFileSync(join(folder, 'mig.config.js'), 'export default {}\n')
  const open = async (changed: boolean): Promise<SqlOrm> =>
    (await MikroORM.init({driver, ...target, entities: entities(changed), logger: () => {}} as never)) as never
  const [before, after] = [await open(false), await open(true)]
  try {
    await before.schema.ensureDatabase()
    const fromNothing: number[] = []
    for (let round = 0; round < 3; round++) fromNothing.push(await measureFromNothing(folder, before))
    await autogenerate({cwd: folder, orm: before, message: 'all'})
    await upgrade({cwd: folder, orm: before})
    const times: number[] = []
    for (let round = 0; round < rounds; round++) {
      const compared = await timeOf(async () => compareModels({cwd: folder, orm: after}))
      const written = await timeOf(async () => autogenerate({cwd: folder, orm: after, message: 'added'}))
      for (const file of globSync('migrations/versions/*_added.ts', {cwd: folder})) rmSync(join(folder, file))
      times.push(written - compared)
    }
    process.stdout.write(
      `${name.padEnd(12)}${median(times).toFixed(0).padStart(6)} ms   first ${times[0]?.toFixed(0)} ms   from nothing ${median(fromNothing).toFixed(2)} times\n`,
    )
  } finally {
    await before.schema.dropDatabase().catch(() => {})
    for (const orm of [before, after]) await orm.close(true)
    rmSync(folder, {recursive: true, force: true})
  }
}

/** Returns the time of a rehearsal of all tables, in times that creating, dropping and creating them twice takes. */
async function measureFromNothing(cwd: string, orm: SqlOrm): Promise<number> {
  const compared = await timeOf(async () => compareModels({cwd, orm}))
  const written = await timeOf(async () => autogenerate({cwd, orm, message: 'nothing'}))
  for (const file of globSync('migrations/versions/*_nothing.ts', {cwd})) rmSync(join(cwd, file))
  let roundTrips = 0
  for (const _ of ['empty', 'with rows']) {
    roundTrips += await timeOf(async () => {
      await orm.schema.create()
      await orm.schema.drop()
      await orm.schema.create()
    })
    await orm.schema.drop()
  }
  return (written - compared) / roundTrips
}

const dbName = `mig_bench_${process.pid}`
const file = join(tmpdir(), `${dbName}.sqlite`)
await measure('sqlite', SqliteDriver, {dbName: file})
rmSync(file, {force: true})
for (const [name, driver] of Object.entries({postgres: PostgreSqlDriver, mariadb: MariaDbDriver, mysql: MySqlDriver})) {
  const clientUrl = process.env[`MIG_TEST_${name.toUpperCase()}_URL`]
  if (clientUrl !== undefined) await measure(name, driver, {clientUrl, dbName})
}
