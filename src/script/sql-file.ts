import {parseDuration} from '../util/duration.ts'
import {InvalidRevisionFileError} from './errors.ts'
import type {Header} from './header.ts'

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
  /^--[ \t]*(?<key>revision|revises|branch labels|depends on|transactional|irreversible|lock timeout)[ \t]*:[ \t]*(?<value>.*?)\s*$/i
const marker = /^--[ \t]*(?<direction>upgrade|downgrade)\s*$/i
const isComment = /^\s*(?:--.*)?$/

/**
 * Reads the comment header of a SQL revision; returns undefined if it declares no revision.
 *
 * @throws MigError INVALID_REVISION_FILE
 */
export function readSqlHeader(text: string, file: string): Header | undefined {
  const facts = new Map<string, {readonly value: string; readonly line: number}>()
  const comment: string[] = []
  for (const [i, line] of text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .entries()) {
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
    transactional: transactional?.value.toLowerCase() !== 'false',
    ...(irreversible !== undefined && irreversible !== '' && {irreversible}),
    ...(lockTimeout !== undefined && {lockTimeout}),
  }
}

/**
 * Returns the two sections of a SQL revision.
 *
 * @throws MigError INVALID_REVISION_FILE
 */
export function readSqlSections(text: string, file: string): SqlSections {
  const lines = text.split('\n')
  const markers = lines.flatMap((line, i) => {
    const direction = marker.exec(line)?.groups?.['direction']?.toLowerCase()
    return direction === undefined ? [] : [{direction, at: i}]
  })
  const section = (direction: 'upgrade' | 'downgrade'): SqlSection | undefined => {
    const [begin, again] = markers.filter((found) => found.direction === direction)
    if (again !== undefined)
      throw new InvalidRevisionFileError(file, again.at + 1, `duplicate line \`-- ${direction}\``, sqlHint)
    if (begin === undefined) return undefined
    const end = markers.find(({at}) => at > begin.at)?.at ?? lines.length
    return {sql: lines.slice(begin.at + 1, end).join('\n'), line: begin.at + 2}
  }
  const upgrade = section('upgrade')
  if (upgrade === undefined) throw new InvalidRevisionFileError(file, 1, 'the line `-- upgrade` is missing', sqlHint)
  const downgrade = section('downgrade')
  const isMissing = downgrade?.sql.trim() === '' && !upgrade.sql.split('\n').every((line) => isComment.test(line))
  return {upgrade, downgrade: isMissing ? undefined : downgrade}
}

const sqlHint = 'A SQL revision has the lines `-- revision: id`, `-- revises: id`, `-- upgrade` and `-- downgrade`.'

/** Reads "a, b", "a b" or, for nothing, "", "none" or "null". */
function names(value: string | undefined): readonly string[] {
  const found = (value ?? '').split(/[\s,]+/).filter(Boolean)
  return found.length === 1 && /^(?:none|null|base|-)$/i.test(found[0] ?? '') ? [] : found
}
