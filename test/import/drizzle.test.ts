import {describeHistory, runTool} from './support/tool.ts'

const runner = `import {drizzle} from 'drizzle-orm/node-postgres'
import {migrate} from 'drizzle-orm/node-postgres/migrator'
const db = drizzle(process.env.URL)
await migrate(db, {migrationsFolder: 'drizzle'})
await db.$client.end()
`

const journal = (tags: readonly string[]): string =>
  JSON.stringify({
    version: '7',
    dialect: 'postgresql',
    entries: tags.map((tag, idx) => ({idx, version: '7', when: 1_700_000_000_000 + idx, tag, breakpoints: true})),
  })

const tags = ['0000_quick_users', '0001_big_orders', '0002_old_view']

describeHistory({
  tool: 'drizzle',
  kinds: ['postgresql'],
  packages: {'drizzle-orm': '0.45.4', pg: '8.23.0'},
  folder: 'drizzle',
  ids: tags,
  files: {
    'package.json': '{"type": "module"}',
    'run.js': runner,
    'drizzle/meta/_journal.json': journal(tags),
    [`drizzle/${tags[0]}.sql`]:
      'CREATE TABLE "users" (\n\t"id" serial PRIMARY KEY NOT NULL,\n\t"name" text\n);\n--> statement-breakpoint\nCREATE UNIQUE INDEX "users_name" ON "users" USING btree ("name");',
    [`drizzle/${tags[1]}.sql`]:
      'CREATE TABLE "orders" ("id" int)\n--> statement-breakpoint\nALTER TABLE "orders" ADD COLUMN "n" int;\n',
    [`drizzle/${tags[2]}.sql`]: 'CREATE VIEW "names" AS SELECT name FROM users -- all\n;',
  },
  async apply(folder, {url}, count) {
    folder.write({'drizzle/meta/_journal.json': journal(tags.slice(0, count))})
    await runTool(folder, process.execPath, ['run.js'], {URL: url})
    folder.write({'drizzle/meta/_journal.json': journal(tags)})
  },
  isReversible: false,
  own: /drizzle/,
})
