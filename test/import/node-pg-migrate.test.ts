import {describeHistory, runTool} from './support/tool.ts'
import {hash} from 'node:crypto'

const runner = `import {runner} from 'node-pg-migrate'
await runner({
  databaseUrl: process.env.URL,
  dir: 'migrate',
  direction: 'up',
  count: Number(process.env.COUNT),
  migrationsTable: 'pgmigrations',
  log: () => {},
})
`

const names = ['1700000000001_create-users', '1700000000002_add_email', '1700000000003_sql']

describeHistory({
  tool: 'node-pg-migrate',
  kinds: ['postgresql'],
  packages: {'node-pg-migrate': '9.0.0', pg: '8.23.0'},
  folder: 'migrate',
  ids: [hash('sha256', `node-pg-migrate\n${names[0]}`).slice(0, 12), names[1]!, names[2]!],
  files: {
    'package.json': '{"type": "module"}',
    'run.js': runner,
    [`migrate/${names[0]}.ts`]: `import {MigrationBuilder, ColumnDefinitions} from 'node-pg-migrate'
export const shorthands: ColumnDefinitions | undefined = {stamp: {type: 'timestamp', notNull: true, default: '2026-01-01'}}
export async function up(pgm: MigrationBuilder): Promise<void> {
  pgm.createTable('users', {id: 'id', name: {type: 'varchar(20)', notNull: true, default: "it's"}, made: 'stamp'})
  pgm.createIndex('users', 'name')
}
`,
    [`migrate/${names[1]}.js`]: `export const up = (pgm) => {
  pgm.noTransaction()
  pgm.addColumn('users', {email: 'text', seen: 'stamp'})
  pgm.createIndex('users', 'email', {concurrently: true})
}
export const down = (pgm) => {
  pgm.dropColumns('users', ['email', 'seen'])
}
`,
    [`migrate/${names[2]}.sql`]: `-- Up Migration
create view names as select name from users;
-- Down Migration
drop view names;
`,
  },
  async apply(folder, {url}, count) {
    await runTool(folder, process.execPath, ['run.js'], {URL: url, COUNT: String(count)})
  },
  isReversible: true,
  own: /pgmigrations/,
})
