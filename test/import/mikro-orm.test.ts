import {MikroORM} from '@mikro-orm/core'
import type {Options} from '@mikro-orm/core'
import {Migrator} from '@mikro-orm/migrations'
import {optionsOf} from '../../src/runner/connection/orm-options.ts'
import {linkPackages} from '../support/packages.ts'
import {describeHistory} from './support/tool.ts'

const migration = (name: string, up: string, down: string): string => `import {Migration} from '@mikro-orm/migrations'
export class ${name} extends Migration {
  override async up(): Promise<void> {
${up}
  }
  override async down(): Promise<void> {
${down}
  }
}
`

const names = ['Migration20260101100000', 'Migration20260102100000_add_email', 'Migration20260103100000_orders']

describeHistory({
  tool: 'mikro-orm',
  kinds: ['postgresql', 'sqlite', 'mariadb'],
  folder: 'src/migrations',
  ids: names,
  files: (kind) => ({
    [`src/migrations/${names[0]}.ts`]: migration(
      names[0]!,
      "    this.addSql(`create table users (id int primary key, name varchar(20) not null default 'it''s; a name');`)",
      '    this.addSql(`drop table users`)',
    ),
    [`src/migrations/${names[1]}.ts`]: migration(
      names[1]!,
      '    this.addSql(`alter table users add column email varchar(50)`) // done\n    this.addSql(`create unique index users_email on users (email) -- by mail`)\n    this.addSql("insert into users (id, name) values (1, \'a\')")',
      `    this.addSql('drop index users_email${kind === 'mariadb' ? ' on users' : ''}')\n    this.addSql('alter table users drop column email')`,
    ),
    [`src/migrations/${names[2]}.ts`]: migration(
      names[2]!,
      '    this.addSql(`create table orders (id int primary key, user_id int references users (id))`)',
      '    this.addSql(`drop table orders`)',
    ),
    'src/migrations/.snapshot-app.json': '{}',
  }),
  async apply({path}, {url}, count) {
    const {driver, clientUrl, dbName} = await optionsOf({kind: 'url', url}, process.cwd())
    linkPackagesOnce(path)
    const options = {
      ...{driver, clientUrl, dbName, entities: [], discovery: {warnWhenNoEntities: false}},
      extensions: [Migrator],
      logger: () => {},
      migrations: {path: `${path}/src/migrations`, snapshot: false},
    }
    const orm = await MikroORM.init(options as unknown as Options)
    await orm.migrator.up({to: names[count - 1]!})
    await orm.close()
  },
  isReversible: true,
  own: /mikro_orm_migrations/,
})

const linked = new Set<string>()

function linkPackagesOnce(folder: string): void {
  if (linked.has(folder)) return
  linked.add(folder)
  linkPackages(folder, {without: []})
}
