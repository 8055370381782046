import type {AbstractSqlDriver, AbstractSqlPlatform} from '@mikro-orm/sql'
import type {Configuration} from '@mikro-orm/core'
import type {Dialect} from '../../dialects/dialect.ts'
import {dialects} from '../../dialects/dialects.ts'
import type {DatabaseSource} from '../connection/connect.ts'
import {checkMikroOrm, checkMikroOrmOf, importFrom} from '../connection/project-packages.ts'
import {OrmOptionsError} from '../errors.ts'
import {dialectOf} from '../connection/session.ts'
import {optionsOf} from '../connection/orm-options.ts'

/** Returns the MikroORM platform of a database without connecting to it. */
export async function platformOf(source: DatabaseSource, root: string): Promise<AbstractSqlPlatform> {
  if (source.kind === 'em') {
    checkMikroOrmOf(source.em, root)
    return source.em.getDriver().getPlatform()
  }
  checkMikroOrm(root)
  const from = source.kind === 'url' ? source.url : source.from
  const {driver} = await optionsOf(source, root)
  const {Configuration: Make} = (await importFrom(root, '@mikro-orm/core', from)) as {
    readonly Configuration: typeof Configuration
  }
  try {
    const options = {driver, dbName: 'none', entities: [], discovery: {warnWhenNoEntities: false}}
    const made = new Make(options as ConstructorParameters<typeof Configuration>[0])
    const platform = (made.getDriver() as AbstractSqlDriver).getPlatform()
    dialects[dialectOf(platform)].literals?.adapt(platform, undefined)
    return platform
  } catch (error) {
    throw new OrmOptionsError(from, error)
  }
}

/** Returns a placeholder source for a dialect, for use without a database. */
export function anyDatabase(dialect: Dialect): DatabaseSource {
  return {kind: 'url', url: dialects[dialect].offlineUrl}
}
