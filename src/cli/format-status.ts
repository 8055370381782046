import {describeHolder} from '../api/events.ts'
import type {GitStatus, StatusResult, Unavailable} from '../api/status.ts'
import type {DatabaseStatus} from '../api/status-database.ts'
import {editTitle} from '../engine/edit-advice.ts'
import type {TenantState} from '../engine/tenants/tenant-state.ts'
import type {RevisionView} from '../engine/views.ts'
import {shellWord} from '../util/shell.ts'
import {listOf, plural} from '../util/text.ts'
import {formatTitle} from './format-revision.ts'
import {text} from '../render/safe/text.ts'
import type {SafeText} from '../render/safe/text.ts'
import type {Paint} from './style.ts'

/** Returns the status as one screen. */
export function formatStatus({git, files, database, next}: StatusResult, paint: Paint): SafeText[] {
  return [
    ...part('git', 'unavailable' in git ? unavailable(git) : gitLines(git), paint),
    ...part('files', 'unavailable' in files ? unavailable(files) : headLines(files.heads, paint), paint),
    ...part(
      'database',
      'unavailable' in database ? whyNoDatabase(database, files) : databaseLines(database, paint),
      paint,
    ),
    ...part('next', next === null ? nextWithout(database) : [next], paint),
  ]
}

/** The first line of a part starts with its name. */
function part(name: string, lines: readonly (SafeText | string)[], paint: Paint): SafeText[] {
  return lines.map((line, i) => text`${i === 0 ? paint('dim', `${name}:`.padEnd(10)) : ' '.repeat(10)}${line}`)
}

function unavailable({unavailable: why, hint}: Unavailable): string[] {
  return [`not available here: ${why}`, ...(hint === undefined ? [] : [`hint: ${hint}`])]
}

/** The reason of the files is not repeated. */
function whyNoDatabase(database: Unavailable, files: StatusResult['files']): string[] {
  const isSame = 'unavailable' in files && files.unavailable === database.unavailable
  return isSame ? ['not available without the files'] : unavailable(database)
}

function gitLines({branch, upstream, operation, merge, notMerged}: GitStatus): string[] {
  const place = branch === undefined ? 'no branch is checked out' : `on ${branch}`
  const follows = upstream === undefined ? '' : `, which follows ${upstream}`
  return [
    `${place}${follows}${operation === undefined ? '' : `, ${operation} in progress`}`,
    ...(merge === undefined ? [] : mergeLines(merge)),
    ...(notMerged === undefined ? [] : [`merged into ${upstream}: not evaluated: ${notMerged.unavailable}`]),
  ]
}

/** A divergence is a matter of the heads alone; other results have a reason. */
function mergeLines({onto, status, heads, findings}: NonNullable<GitStatus['merge']>): string[] {
  const reasons = findings.filter(({level, code}) => level === 'error' && code !== 'DIVERGENT_HEADS')
  return [
    `merged into ${onto}: ${status}${countOf(heads)}`,
    ...reasons.slice(0, 5).map(({message}) => message.replace(/\.$/, '')),
    ...(reasons.length > 5 ? [`${reasons.length - 5} more: mig check heads --onto ${shellWord(onto)}`] : []),
  ]
}

/** Returns the next step where no single command is right. */
function nextWithout(database: StatusResult['database']): string[] {
  if ('unavailable' in database) return []
  const isSettled = database.unknown.length === 0 || (database.allowsUnknown && database.pending.length === 0)
  return isSettled
    ? ['nothing to do']
    : ['restore the missing file, or overwrite the recorded state: mig stamp --purge heads']
}

function countOf(heads: readonly string[] | null): string {
  return heads === null ? '' : `, ${plural(heads.length, 'head')}`
}

function headLines(heads: readonly RevisionView[], paint: Paint): (SafeText | string)[] {
  return heads.length === 0 ? ['no revisions yet'] : heads.map((view) => formatTitle(view, paint))
}

const isOrAre = ({length}: readonly unknown[]): string => (length === 1 ? 'is' : 'are')

/** Returns how many tenants are up to date, and which are not. */
function tenantLines(tenants: readonly TenantState[], paint: Paint): (SafeText | string)[] {
  const upToDate = tenants.filter((tenant) => tenant.upToDate).length
  const missing = tenants.filter(({isMissing}) => isMissing).map(({tenant}) => tenant)
  const partial = tenants.filter(({partiallyApplied}) => partiallyApplied.length > 0).map(({tenant}) => tenant)
  const behind = tenants.filter(
    ({pending, isMissing, partiallyApplied}) => pending > 0 && !isMissing && partiallyApplied.length === 0,
  )
  return [
    `${upToDate} of ${plural(tenants.length, 'tenant')} ${upToDate === 1 ? 'is' : 'are'} up to date`,
    ...(behind.length === 0
      ? []
      : [
          `${listOf(
            behind.map(({tenant, pending}) => `${tenant} (${plural(pending, 'revision')})`),
            10,
          )} ${isOrAre(behind)} behind`,
        ]),
    ...(partial.length === 0 ? [] : [text`${paint('bad', listOf(partial, 10))} ${isOrAre(partial)} partially applied`]),
    ...(missing.length === 0 ? [] : [`${listOf(missing, 10)} ${missing.length === 1 ? 'does' : 'do'} not exist yet`]),
  ]
}

function databaseLines(database: DatabaseStatus, paint: Paint): (SafeText | string)[] {
  const {names, current, pending, unknown, edited, outOfOrder, partiallyApplied, inProgress, runs, tenants} = database
  const strays = database.allowsUnknown ? 0 : unknown.length
  const stands = current.map((view) => formatTitle(view, paint))
  return [
    names.join(', '),
    ...(tenants === undefined ? (stands.length === 0 ? ['at base'] : stands) : tenantLines(tenants, paint)),
    ...(pending.length === 0 ? [] : [`${plural(pending.length, 'revision')} not applied: ${listOf(pending, 10)}`]),
    ...(database.hasTables === true
      ? [pending.length === 0 ? 'it has tables, and there is no revision' : 'it has tables, and no revision is applied']
      : []),
    ...unknown.slice(0, 5).map((row) => text`${paint('bad', row.revision)} is not in this checkout; ${row.text}`),
    ...(unknown.length > 5 ? [`${unknown.length - 5} more are missing from this checkout`] : []),
    ...edited.map((one) => `${editTitle(one)}: ${one.file}`),
    ...(outOfOrder === undefined
      ? []
      : [`applied before a revision that they now come after: ${listOf(outOfOrder.revisions, 10)}`]),
    ...partiallyApplied.map((revision) => text`${paint('bad', revision)} is partially applied`),
    ...inProgress.map((revision) => `${revision} is in progress`),
    ...runs.map((run) => `${run.isGone ? 'lock of a run' : 'run in progress'}: ${describeHolder(run)}`),
    ...(tenants === undefined &&
    database.hasTables !== true &&
    pending.length + strays + edited.length + partiallyApplied.length + inProgress.length === 0
      ? ['up to date']
      : []),
  ]
}
