/** `node bench/operations.ts [COUNT]` prints what it costs to record operations and to write their SQL. */
import {Configuration} from '@mikro-orm/core'
import {PostgreSqlDriver} from '@mikro-orm/postgresql'
import type {AbstractSqlPlatform} from '@mikro-orm/sql'
import {OperationsRecorder} from '../src/operations/recorder.ts'
import {createRegistry} from '../src/operations/registry.ts'
import {batchesOf, compileBatch} from '../src/sql/compile.ts'

const count = Number(process.argv[2] ?? 10_000)
const config = new Configuration({
  entities: [],
  discovery: {warnWhenNoEntities: false},
  dbName: 'x',
  driver: PostgreSqlDriver,
})
const registry = createRegistry()
const platform = config.getDriver().getPlatform() as AbstractSqlPlatform
const compilation = {dialect: 'postgresql', platform, registry} as const
const say = (name: string, ms: number): void =>
  void process.stdout.write(`${name.padEnd(24)}${ms.toFixed(0).padStart(8)} ms\n`)

for (const round of ['first', 'second', 'third']) {
  const op = new OperationsRecorder({
    dialect: 'postgresql',
    database: undefined,
    x: {},
    offline: true,
    rehearsing: false,
    registry,
  })
  const start = performance.now()
  for (let n = 0; n < count / 5; n++) {
    const table = `t_${n}`
    op.createTable(table, (t) => ({
      id: t.serial().primaryKey(),
      name: t.varchar(255).notNull().default('x'),
      at: t.timestamptz().notNull().defaultSql('now()'),
      n: t.integer().unique(),
    }))
    op.addColumn(table, 'email', (t) => t.varchar(255).notNull().default(''))
    op.alterColumn(table, 'name', {nullable: true})
    op.createIndex(table, ['email', 'at'])
    op.createForeignKey(table, 'n', 't_0', 'id', {onDelete: 'cascade'})
  }
  const recorded = performance.now()
  let statements = 0
  for (const batch of batchesOf(op.known, compilation)) statements += (await compileBatch(batch, compilation)).length
  say(`${round}: record ${count}`, recorded - start)
  say(`${round}: ${statements} statements`, performance.now() - recorded)
}
