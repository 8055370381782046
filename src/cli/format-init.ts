import type {InitResult} from '../api/init/init.ts'
import type {OtherMigrations} from '../api/init/other-tools.ts'
import {joined, text} from '../render/safe/text.ts'
import type {SafeText} from '../render/safe/text.ts'

/** Returns what to do in a new project, and on what database. */
export function nextAfterInit(
  {install, runner, orm, reason, otherMigrations: other}: InitResult,
  environment: Readonly<Record<string, string | undefined>>,
): SafeText {
  const isChosen = orm !== null || Boolean(environment['MIG_DATABASE_URL'])
  const configured = orm === null ? text`the embedded PostgreSQL in .mig/pgdata` : text`the database of ${orm}`
  const database = environment['MIG_DATABASE_URL'] ? text`the database in MIG_DATABASE_URL` : configured
  const first =
    orm === null
      ? [text`  ${runner} revision -m "create users"`, text`  # write what it does in the new file`]
      : [text`  ${runner} revision --autogenerate -m "create users"`]
  const lines = [
    ...(reason === null ? [] : [text`Revisions are in another folder than usual, because ${reason}.`]),
    text`Next, on ${database}:`,
    ...(install === null ? [] : [text`  ${install}`]),
    ...(other === null ? [] : importing(other, runner, isChosen)),
    ...(isChosen && other === null
      ? [text`If the database has tables already:`, text`  ${runner} baseline -m "existing schema"`]
      : []),
    ...(isChosen || other !== null ? [text`If the database is empty, instead:`] : []),
    ...first,
    text`  ${runner} upgrade`,
    ...(orm === null
      ? []
      : [
          text`So that MikroORM's own commands leave mig's tables alone, add this to ${orm}:`,
          text`  schemaGenerator: {skipTables: ['mig_version', 'mig_log', 'mig_version_lock']}`,
        ]),
  ]
  return joined(lines, '\n')
}

/** Returns how the migrations of another tool become revisions. */
function importing({tool, title, folder}: OtherMigrations, runner: string, isChosen: boolean): readonly SafeText[] {
  return [
    isChosen
      ? text`To continue from ${title}'s migrations:`
      : text`To continue from ${title}'s migrations, set \`orm\` in the configuration to their database, then:`,
    text`  ${runner} import ${tool} ${folder} --stamp`,
  ]
}
