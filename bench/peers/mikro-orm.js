import {Migrator} from '@mikro-orm/migrations'
import {MikroORM} from '@mikro-orm/postgresql'

const [, , clientUrl, path] = process.argv
const orm = await MikroORM.init({
  clientUrl,
  entities: [],
  discovery: {warnWhenNoEntities: false},
  extensions: [Migrator],
  migrations: {path, snapshot: false},
})
await orm.migrator.up()
await orm.close()
