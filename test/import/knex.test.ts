import {describeHistory, runTool} from './support/tool.ts'

const runner = `import makeKnex from 'knex'
const knex = makeKnex({
  client: 'pg',
  connection: process.env.URL,
  migrations: {directory: 'migrate'},
})
for (let i = 0; i < Number(process.env.COUNT); i++) await knex.migrate.up()
await knex.destroy()
`

describeHistory({
  tool: 'knex',
  kinds: ['postgresql'],
  packages: {knex: '3.3.0', pg: '8.23.0'},
  folder: 'migrate',
  ids: ['20260101100000_users', '20260102100000_orders', '20260103100000_index'],
  files: {
    'package.json': '{"type": "module"}',
    'run.js': runner,
    'migrate/20260101100000_users.ts': `import type {Knex} from 'knex'
export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('users', (table) => {
    table.increments('id')
    table.string('name').notNullable().defaultTo("it's ?")
    table.timestamp('made').defaultTo(knex.fn.now())
  })
  await knex('users').insert([{name: 'a?b'}, {name: "o'c"}])
}
export async function down(knex: Knex): Promise<void> {
  await knex.schema.dropTable('users')
}
`,
    'migrate/20260102100000_orders.js': `export const up = (knex) =>
  knex.schema
    .createTable('orders', (table) => {
      table.integer('id').primary()
      table.integer('user_id').references('users.id').index()
    })
    .alterTable('users', (table) => table.unique(['name']))
export const down = (knex) =>
  knex.schema.alterTable('users', (table) => table.dropUnique(['name'])).dropTable('orders')
`,
    'migrate/20260103100000_index.js': `export const config = {transaction: false}
export const up = (knex) => knex.raw('create index concurrently users_made on users (made)')
export const down = (knex) => knex.raw('drop index users_made')
`,
  },
  async apply(folder, {url}, count) {
    await runTool(folder, process.execPath, ['run.js'], {URL: url, COUNT: String(count)})
  },
  isReversible: true,
  own: /knex_migrations/,
})
