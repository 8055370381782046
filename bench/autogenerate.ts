/**
 * `node bench/autogenerate.ts [TABLES COLUMNS]` prints what it costs to compare entities with a database on the server that
 * MIG_TEST_POSTGRES_URL names, beside MikroORM's own comparison in the same run.
 */
import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {defineEntity, MikroORM, p} from '@mikro-orm/core'
import type {EntitySchema} from '@mikro-orm/core'
import {PostgreSqlDriver} from '@mikro-orm/postgresql'
import {Client} from 'pg'
import {autogenerate} from '../src/autogenerate/autogenerate.ts'
import {compareModels} from '../src/autogenerate/compare-models.ts'
import {upgrade} from '../src/api/runs/migrate.ts'
import type {SqlOrm} from '../src/runner/connection/connect.ts'

const [tables = 200, columns = 20] = process.argv.slice(2).map(Number)
const rounds = 7
const server = process.env['MIG_TEST_POSTGRES_URL'] ?? 'postgresql://postgres@127.0.0.1:5432/postgres'
const name = `mig_bench_${process.pid}`
const url = new URL(server)
url.pathname = name
const folder = mkdtempSync(join(tmpdir(), 'mig-bench-'))

function entities(changed: boolean): EntitySchema[] {
  return Array.from({length: tables}, (_, n) => {
    const properties: Record<string, unknown> = {id: p.integer().primary()}
    for (let i = 1; i < columns; i++)
      properties[`c${i}`] = [
        p.string().length(100),
        p.integer().default(i),
        p.datetime().nullable(),
        p.boolean().default(false),
        p.decimal().precision(12).scale(2),
      ][i % 5]
    if (changed && n === 0) properties['c1'] = p.bigint().default(1)
    return defineEntity({
      name: `T${n}`,
      tableName: `t${n}`,
      properties,
      indexes: [{properties: ['c1']}],
    } as never)
  })
}

async function open(changed: boolean): Promise<SqlOrm> {
  const options = {driver: PostgreSqlDriver, clientUrl: url.href, entities: entities(changed), logger: () => {}}
  const orm = (await MikroORM.init(options as never)) as unknown as SqlOrm
  await orm.connect()
  return orm
}

/** Compares with MikroORM alone. */
async function mikroAlone(orm: SqlOrm): Promise<void> {
  await orm.em.getPlatform().getSchemaGenerator(orm.driver, orm.em).getUpdateSchemaSQL()
}

async function timeOf(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
}

/** Prints the medians of rounds in which one and the other take turns. */
async function measure(what: string, orm: SqlOrm): Promise<void> {
  const times: [number, number][] = []
  for (let round = 0; round <= rounds; round++)
    times.push([await timeOf(async () => mikroAlone(orm)), await timeOf(async () => compareModels({cwd: folder, orm}))])
  const median = (pick: (pair: [number, number]) => number): number =>
    times
      .slice(1)
      .map(pick)
      .toSorted((a, b) => a - b)[Math.floor(rounds / 2)] ?? 0
  const [alone, own] = [median(([one]) => one), median(([, two]) => two)]
  const [, cold] = times[0] ?? [0, 0]
  process.stdout.write(
    `${what.padEnd(28)}MikroORM alone ${alone.toFixed(0).padStart(5)} ms   mig ${own.toFixed(0).padStart(5)} ms   ${(own / alone).toFixed(2)} times   first ${cold.toFixed(0)} ms\n`,
  )
}

async function onServer(sql: string): Promise<void> {
  const client = new Client(server)
  await client.connect()
  await client.query(sql)
  await client.end()
}

await onServer(`create database ${name}`)
mkdirSync(join(folder, 'migrations/versions'), {recursive: true})
writeFileSync(join(folder, 'mig.config.js'), 'export default {}\n')
const orms = [await open(false), await open(true)] as const
try {
  await measure('from an empty database', orms[0])
  await autogenerate({cwd: folder, orm: orms[0], message: 'all'})
  await upgrade({cwd: folder, orm: orms[0]})
  await measure('no difference', orms[0])
  await measure('one changed column', orms[1])
} finally {
  for (const orm of orms) await orm.close(true)
  await onServer(`drop database ${name} with (force)`)
  rmSync(folder, {recursive: true, force: true})
}
