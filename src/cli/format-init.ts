import type {InitResult} from '../api/init/init.ts'
import {joined, text} from '../render/safe/text.ts'
import type {SafeText} from '../render/safe/text.ts'

/** Returns what to do in a new project, and on what database. */
export function nextAfterInit(
  {install, runner, orm, reason, mikroOrmMigrations: former}: InitResult,
  environment: Readonly<Record<string, string | undefined>>,
): SafeText {
  const configured = orm === null ? text`the embedded PostgreSQL in .mig/pgdata` : text`the database of ${orm}`
  const database = environment['MIG_DATABASE_URL'] ? text`the database in MIG_DATABASE_URL` : configured
  const lines = [
    ...(reason === null ? [] : [text`Revisions are in another folder than usual, because ${reason}.`]),
    text`Next, on ${database}:`,
    ...(install === null ? [] : [text`  ${install}`]),
    ...(orm === null
      ? [text`  ${runner} revision -m "create users"`, text`  # write what it does in the new file`]
      : [text`  ${runner} revision --autogenerate -m "create users"`]),
    text`  ${runner} upgrade`,
    ...(former === null
      ? []
      : [text`To continue from MikroORM's migrations:`, text`  ${runner} import mikro-orm ${former} --stamp`]),
    ...((orm === null && !environment['MIG_DATABASE_URL']) || former !== null
      ? []
      : [text`For a database that has tables already, instead:`, text`  ${runner} baseline -m "existing schema"`]),
    ...(orm === null
      ? []
      : [
          text`So that MikroORM's own commands leave mig's tables alone, add this to ${orm}:`,
          text`  schemaGenerator: {skipTables: ['mig_version', 'mig_log', 'mig_version_lock']}`,
        ]),
  ]
  return joined(lines, '\n')
}
