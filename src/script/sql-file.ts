import {parseDuration} from '../util/duration.ts'
import {InvalidRevisionFileError} from './errors.ts'
import type {Header} from './header.ts'
import {lineAt} from './scanner.ts'

/** The statements of one direction, with the line they start on. */
export interface SqlSection {
  readonly sql: string
  readonly line: number
}

export interface SqlSections {
  readonly upgrade: SqlSection
  /** Undefined if the file has no such section, or an empty one after an upgrade with statements. */
  readonly downgrade: SqlSection | undefined
}

const fact =
  /^--[ \t]*(?<key>revision|revises|branch labels|depends on|replaces|replaced squashes|transactional|baseline|irreversible|lock timeout)[ \t]*:[ \t]*(?<value>.*?)\s*$/i
const marker = /^--[ \t]*(?<direction>upgrade|downgrade)\s*$/i
const sectionMarkers = /^--[ \t]*(?<direction>upgrade|downgrade)[^\S\n]*$/gim
const isComment = /^\s*(?:--.*)?$/

/**
 * Reads the comment header of a SQL revision; returns undefined if it declares no revision.
 *
 * @throws MigError INVALID_REVISION_FILE
 */
export function readSqlHeader(text: string, file: string): Header | undefined {
  const facts = new Map<string, {readonly value: string; readonly line: number}>()
  const comment: string[] = []
  let i = -1
  for (const line of linesOf(text.replace(/^\uFEFF/, ''))) {
    i++
    if (!isComment.test(line) || marker.test(line)) break
    const {key, value} = fact.exec(line)?.groups ?? {}
    if (key === undefined || value === undefined) comment.push(line.replace(/^\s*--[ \t]?/, ''))
    else if (facts.has(key.toLowerCase())) throw new InvalidRevisionFileError(file, i + 1, `duplicate "${key}:"`)
    else facts.set(key.toLowerCase(), {value, line: i + 1})
  }
  const revision = facts.get('revision')
  if (revision === undefined) return undefined
  const revises = facts.get('revises')
  if (!/^\S+$/.test(revision.value))
    throw new InvalidRevisionFileError(file, revision.line, `"revision:" must be a single id, not "${revision.value}"`)
  if (revises === undefined)
    throw new InvalidRevisionFileError(file, revision.line, 'the line `-- revises: …` is missing', sqlHint)
  const transactional = facts.get('transactional')
  if (transactional && !/^(?:true|false)$/i.test(transactional.value))
    throw new InvalidRevisionFileError(file, transactional.line, '"transactional:" must be true or false')
  const baseline = facts.get('baseline')
  if (baseline && !/^(?:true|false)$/i.test(baseline.value))
    throw new InvalidRevisionFileError(file, baseline.line, '"baseline:" must be true or false')
  const irreversible = facts.get('irreversible')?.value
  const timeout = facts.get('lock timeout')
  const lockTimeout = timeout && parseDuration(timeout.value)
  if (timeout !== undefined && lockTimeout === undefined)
    throw new InvalidRevisionFileError(file, timeout.line, '"lock timeout:" must be a duration such as 30s')
  return {
    comment: comment.join('\n'),
    revision: revision.value,
    downRevisions: names(revises.value),
    branchLabels: names(facts.get('branch labels')?.value),
    dependsOn: names(facts.get('depends on')?.value),
    replaces: names(facts.get('replaces')?.value),
    replacedSquashes: names(facts.get('replaced squashes')?.value),
    transactional: transactional?.value.toLowerCase() !== 'false',
    baseline: baseline?.value.toLowerCase() === 'true',
    ...(irreversible !== undefined && irreversible !== '' && {irreversible}),
    ...(lockTimeout !== undefined && {lockTimeout}),
  }
}

/** Returns where the parents stand in a SQL revision that has a header. */
export function placeOfRevises(text: string): {readonly start: number; readonly end: number} {
  const line = /^\uFEFF?--[ \t]*revises[ \t]*:[ \t]*(?<parents>.*?)[ \t\r]*$/dim.exec(text)
  const [start = 0, end = 0] = line?.indices?.groups?.['parents'] ?? []
  return {start, end}
}

/**
 * Returns the two sections of a SQL revision.
 *
 * @throws MigError INVALID_REVISION_FILE
 */
export function readSqlSections(text: string, file: string): SqlSections {
  const markers = [...text.matchAll(sectionMarkers)].map((match) => ({
    direction: match.groups?.['direction']?.toLowerCase(),
    start: match.index,
    end: Math.min(text.length, match.index + match[0].length + 1),
  }))
  const section = (direction: 'upgrade' | 'downgrade'): SqlSection | undefined => {
    const [begin, again] = markers.filter((found) => found.direction === direction)
    if (again !== undefined)
      throw new InvalidRevisionFileError(file, lineAt(text, again.start), `duplicate line \`-- ${direction}\``, sqlHint)
    if (begin === undefined) return undefined
    const next = markers.find(({start}) => start > begin.start)
    // Without the line break before the next marker.
    return {
      sql: text.slice(begin.end, next && Math.max(begin.end, next.start - 1)),
      line: lineAt(text, begin.start) + 1,
    }
  }
  const upgrade = section('upgrade')
  if (upgrade === undefined) throw new InvalidRevisionFileError(file, 1, 'the line `-- upgrade` is missing', sqlHint)
  const downgrade = section('downgrade')
  const isMissing = downgrade?.sql.trim() === '' && hasStatement(upgrade.sql)
  return {upgrade, downgrade: isMissing ? undefined : downgrade}
}

const sqlHint = 'A SQL revision has the lines `-- revision: id`, `-- revises: id`, `-- upgrade` and `-- downgrade`.'

function hasStatement(sql: string): boolean {
  for (const line of linesOf(sql)) if (!isComment.test(line)) return true
  return false
}

/** Yields the lines one by one: a file may have millions. */
function* linesOf(text: string): Generator<string> {
  for (let at = 0; at <= text.length;) {
    const end = text.indexOf('\n', at)
    const line = text.slice(at, end === -1 ? text.length : end)
    yield line.endsWith('\r') ? line.slice(0, -1) : line
    at = end === -1 ? text.length + 1 : end + 1
  }
}

/** Reads "a, b", "a b" or, for nothing, "", "none" or "null". */
function names(value: string | undefined): readonly string[] {
  const found = (value ?? '').split(/[\s,]+/).filter(Boolean)
  return found.length === 1 && /^(?:none|null|base|-)$/i.test(found[0] ?? '') ? [] : found
}
