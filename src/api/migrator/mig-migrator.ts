import type {MikroORM} from '@mikro-orm/core'
import type {AbstractSqlDriver} from '@mikro-orm/sql'
import {HistoryMigrator} from './history-migrator.ts'

/**
 * An extension of MikroORM: with `extensions: [MigMigrator]` in its configuration, `orm.migrator` and the commands
 * `mikro-orm migration:*` work on mig's history.
 */
export const MigMigrator = {
  /** MikroORM adds its own migrator, if it is installed, unless there is an extension of this name. */
  name: 'Migrator',
  register: (orm: MikroORM): void => {
    orm.config.registerExtension('@mikro-orm/migrator', () => new HistoryMigrator(orm as MikroORM<AbstractSqlDriver>))
  },
} as const
