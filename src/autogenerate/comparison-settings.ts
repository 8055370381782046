import {comparatorNames} from './comparators/all.ts'
import type {CompareOptions} from './compare.ts'
import {InvalidConfigError} from '../config/errors.ts'
import {lockTableOf} from '../runner/state/lock-table.ts'
import {didYouMean, listOf} from '../util/text.ts'
import {tableNamesOf} from '../engine/databases.ts'
import type {Project} from '../engine/project.ts'

/**
 * Returns the comparison settings of the configuration.
 *
 * @throws MigError INVALID_CONFIG
 */
export function comparisonSettings(project: Project): Omit<CompareOptions, 'registry' | 'isKnown' | 'answers'> {
  const {autogenerate, tenants} = project.settings
  const {comparators, compareType, compareDefault, ...filters} = autogenerate
  refuseUnknown(comparators)
  const names = tableNamesOf(project)
  const own = new Set([names.versionTable, names.logTable, lockTableOf(names)])
  return {
    isOwn: (table, schema) =>
      own.has(table) && (names.schema === undefined || schema === undefined || schema === names.schema),
    isForTenants: tenants !== undefined,
    filters,
    isOn: (name) => comparators[name] !== false,
    customComparators: Object.values(comparators).filter((comparator) => typeof comparator === 'function'),
    compareType,
    compareDefault,
  }
}

function refuseUnknown(comparators: Readonly<Record<string, unknown>>): void {
  const unknown = Object.keys(comparators).find(
    (name) => typeof comparators[name] === 'boolean' && !comparatorNames.some((known) => known === name),
  )
  if (unknown === undefined) return
  const hint = didYouMean(unknown, comparatorNames, `The comparators are ${listOf(comparatorNames)}.`)
  throw new InvalidConfigError('autogenerate.comparators', [`unknown comparator ${unknown}. ${hint}`])
}
