import type * as MikroOrm from '@mikro-orm/core'
import type {OrmOptions} from '../../dialects/driver.ts'
import {importFrom} from './project-packages.ts'

/**
 * Returns options in which MIKRO_ORM_ variables win over the file, as in MikroORM's command line. They are final: a temporary
 * database has another name than the variables say.
 */
export async function withVariables(
  options: OrmOptions,
  root: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<OrmOptions> {
  if (!Object.keys(environment).some((name) => /^MIKRO_ORM_(?!CLI_|CONTEXT_NAME$|TYPE$)/.test(name))) return options
  const core = (await importFrom(root, '@mikro-orm/core', 'mig')) as Partial<typeof MikroOrm>
  // An older MikroORM is refused when it is to connect.
  if (core.Utils === undefined || core.loadEnvironmentVars === undefined) return options
  return {...core.Utils.merge({...options}, core.loadEnvironmentVars()), preferEnvVars: false}
}
