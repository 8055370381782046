import type {CurrentResult} from '../api/runs/current.ts'
import {listOf, plural} from '../util/text.ts'

/** Returns what `mig current` says about the listed revisions. */
export function currentNotes(result: CurrentResult): readonly string[] {
  return [stateOf(result), missingIn(result), coveredIn(result)].filter((note) => note !== '')
}

/** Returns the existing tenants without an applied revision. */
export function tenantsAtBase({current, tenants}: CurrentResult): readonly string[] {
  const isAnywhere = new Set(current.map(({tenant}) => tenant))
  return tenants.filter(({tenant, isMissing}) => !isMissing && !isAnywhere.has(tenant)).map(({tenant}) => tenant)
}

/** Says which of the listed revisions are not heads of the database. */
function coveredIn({current}: CurrentResult): string {
  const isHead = new Set(current.filter(({isCovered}) => isCovered !== true).map(({revision}) => revision))
  const covered = new Set(current.map(({revision}) => revision)).difference(isHead)
  if (covered.size === 0) return ''
  const verb = covered.size === 1 ? 'is only a dependency' : 'are only dependencies'
  return `The database is at ${listOf([...isHead], 10)}; ${listOf([...covered], 10)} ${verb}.`
}

function stateOf({current, upToDate, pending, partiallyApplied, tenants}: CurrentResult): string {
  if (partiallyApplied.length > 0)
    return `${listOf(partiallyApplied)} is partially applied: \`mig repair\` shows what can be done, or which run is in progress.`
  if (tenants.length > 0 && !upToDate) {
    const behind = tenants.filter((tenant) => !tenant.upToDate).map(({tenant}) => tenant)
    return `${behind.length} of ${plural(tenants.length, 'tenant')} ${behind.length === 1 ? 'is' : 'are'} not up to date: ${listOf(behind, 10)}.`
  }
  if (upToDate) return current.length === 0 ? 'At base; there are no revisions yet.' : 'Up to date.'
  const missing =
    pending.length === 0 ? '' : `${plural(pending.length, 'revision')} not applied yet: \`mig upgrade heads\`.`
  return `${current.length === 0 ? 'At base. ' : ''}${missing}`.trim()
}

function missingIn({tenants}: CurrentResult): string {
  const missing = tenants.filter(({isMissing}) => isMissing).map(({tenant}) => tenant)
  if (missing.length === 0) return ''
  const verb = missing.length === 1 ? 'does' : 'do'
  return `${listOf(missing, 10)} ${verb} not exist yet: \`mig upgrade heads --create-database\`.`
}
