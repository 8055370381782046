import type {Settings} from '../../config/config.ts'
import {parseSettings} from '../../config/schema.ts'
import {SwitchRefusedError, SwitchStoppedError} from '../../git/errors.ts'
import {shellWord} from '../../util/shell.ts'

/** The settings that name the tables in which mig records what is applied. */
export const tableKeys = ['versionTable', 'versionTableSchema', 'logTable'] as const

type Tables = Pick<Settings, (typeof tableKeys)[number]>

/**
 * Refuses a destination whose configuration names other tables of mig: nothing is recorded as applied there.
 *
 * @param written the values in the configuration of the destination
 * @throws MigError SWITCH_REFUSED
 */
export function refuseOtherTables(now: Tables, written: object, name: string): void {
  const parsed = parseSettings(written)
  // Whether a configuration is valid is checked where its databases are read.
  const other = 'issues' in parsed ? undefined : otherTables(now, parsed.settings)
  if (other !== undefined)
    throw new SwitchRefusedError(
      `the configuration of ${name} has ${other}, where nothing that is applied here is recorded`,
      `Use the same tables on both branches, or give up the rows: run \`mig downgrade base\`, \`git switch ${shellWord(name)}\` and \`mig upgrade heads\`.`,
    )
}

/**
 * Refuses to go on with other tables after the checkout.
 *
 * @throws MigError SWITCH_REFUSED
 */
export function refuseOtherTablesHere(before: Tables, now: Tables): void {
  const other = otherTables(before, now)
  if (other !== undefined)
    throw new SwitchStoppedError(
      `the configuration that was checked out has ${other}, for which nothing was planned`,
      'Use the same tables on both branches.',
    )
}

function otherTables(before: Tables, now: Tables): string | undefined {
  const key = tableKeys.find((each) => before[each] !== now[each])
  return key && `another \`${key}\`: ${now[key] ?? 'none'} instead of ${before[key] ?? 'none'}`
}
