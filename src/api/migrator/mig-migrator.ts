import type {MikroORM} from '@mikro-orm/core'
import type {AbstractSqlDriver} from '@mikro-orm/sql'
import {HistoryMigrator} from './history-migrator.ts'
import {withPrintedHints} from './printed-hints.ts'
import {watchSchemaOnUse} from './schema-drop.ts'

/**
 * An extension of MikroORM: with `extensions: [MigMigrator]` in its configuration, `orm.migrator` and the commands
 * `mikro-orm migration:*` work on mig's history.
 */
export const MigMigrator = {
  /** MikroORM adds its own migrator, if it is installed, unless there is an extension of this name. */
  name: 'Migrator',
  register: (anyOrm: MikroORM): void => {
    const orm = anyOrm as MikroORM<AbstractSqlDriver>
    orm.config.registerExtension('@mikro-orm/migrator', () => withPrintedHints(new HistoryMigrator(orm)))
    watchSchemaOnUse(orm)
  },
} as const
