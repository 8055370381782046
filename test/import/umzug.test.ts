import {describeHistory, runTool} from './support/tool.ts'

const runner = `import {readFileSync} from 'node:fs'
import {Sequelize} from 'sequelize'
import {SequelizeStorage, Umzug} from 'umzug'
const sequelize = new Sequelize(process.env.URL, {logging: false})
const umzug = new Umzug({
  migrations: {
    glob: 'db/*.sql',
    resolve: ({name, path, context}) => ({
      name,
      up: async () => context.query(readFileSync(path, 'utf8')),
      down: async () => context.query(readFileSync(path.replace(/db\\/(?=[^/]*$)/, 'db/down/'), 'utf8')),
    }),
  },
  context: sequelize,
  storage: new SequelizeStorage({sequelize}),
  logger: undefined,
})
await umzug.up({step: Number(process.env.COUNT)})
await sequelize.close()
`

describeHistory({
  tool: 'umzug',
  kinds: ['postgresql'],
  packages: {umzug: '3.8.3', sequelize: '6.37.8', pg: '8.23.0', 'pg-hstore': '2.3.4'},
  folder: 'db',
  ids: ['2026.01.01T10.00.00.users', '2026.01.02T10.00.00.email'],
  files: {
    'run.mjs': runner,
    'db/2026.01.01T10.00.00.users.sql': 'create table users (id int primary key);\ncreate table notes (id int);\n',
    'db/down/2026.01.01T10.00.00.users.sql': 'drop table users;\ndrop table notes;\n',
    'db/2026.01.02T10.00.00.email.sql': 'alter table users add column email text;\n',
    'db/down/2026.01.02T10.00.00.email.sql': 'alter table users drop column email;\n',
  },
  async apply(folder, {url}, count) {
    await runTool(folder, process.execPath, ['run.mjs'], {URL: url, COUNT: String(count)})
  },
  isReversible: true,
  own: /SequelizeMeta/,
})
