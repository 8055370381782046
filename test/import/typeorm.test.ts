import {describeHistory, runTool} from './support/tool.ts'

const runner = `import {globSync} from 'node:fs'
import {pathToFileURL} from 'node:url'
import typeorm from 'typeorm'
const files = globSync('migrate/*.js').toSorted().slice(0, Number(process.env.COUNT))
const modules = await Promise.all(files.map((file) => import(pathToFileURL(file).href)))
const source = new typeorm.DataSource({
  type: 'postgres',
  url: process.env.URL,
  migrations: modules.flatMap((module) => Object.values(module)),
})
await source.initialize()
await source.runMigrations()
await source.destroy()
`

describeHistory({
  tool: 'typeorm',
  kinds: ['postgresql'],
  packages: {typeorm: '1.1.1', pg: '8.23.0'},
  folder: 'migrate',
  ids: ['CreateUsers1700000000001', 'AddEmail1700000000002'],
  files: {
    'package.json': '{"type": "module"}',
    'run.js': runner,
    'migrate/1700000000001-CreateUsers.js': `import typeorm from 'typeorm'
const {Table} = typeorm
export class CreateUsers1700000000001 {
  async up(queryRunner) {
    await queryRunner.createTable(
      new Table({
        name: 'users',
        columns: [
          {name: 'id', type: 'int', isPrimary: true},
          {name: 'name', type: 'varchar', length: '20', default: "'it''s'"},
        ],
        indices: [{columnNames: ['name']}],
      }),
    )
    await queryRunner.query('create table notes (id int)')
  }
  async down(queryRunner) {
    await queryRunner.query('drop table notes')
    await queryRunner.query('drop table users')
  }
}
`,
    'migrate/1700000000002-AddEmail.js': `export class AddEmail1700000000002 {
  async up(queryRunner) {
    await queryRunner.query('ALTER TABLE "users" ADD "email" text')
  }
  async down(queryRunner) {
    await queryRunner.query('ALTER TABLE "users" DROP COLUMN "email"')
  }
}
`,
  },
  async apply(folder, {url}, count) {
    await runTool(folder, process.execPath, ['run.js'], {URL: url, COUNT: String(count)})
  },
  isReversible: true,
  // The key of TypeORM's own table has a hash as its name.
  own: /\bmigrations|typeorm_metadata|PK_8c82d7f526340ab734260ea46be/,
})
