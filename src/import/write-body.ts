import {ImportRefusedError} from './errors.ts'
import type {ForeignMigration} from './history.ts'
import type {History} from './revisions.ts'
import type {RevisionContents} from '../script/template.ts'
import {escapeControls} from '../util/controls.ts'

/** The text of a revision's body. */
interface WrittenBody {
  readonly contents: RevisionContents
  readonly isSql: boolean
  readonly transactional: boolean
  /** Paragraphs for the comment. */
  readonly note: readonly string[]
}

/** @throws MigError IMPORT_REFUSED */
export function bodyOf(migration: ForeignMigration, {tool, folder}: History): WrittenBody {
  const {body, name, file} = migration
  const shown = `${folder.shown}/${file}`
  if (body.kind === 'open') {
    const sentence = `${name} was imported from ${tool} without its statements: ${body.reason}. Write them here.`
    const contents = {
      database: undefined,
      upgrade: failing(sentence, body.code),
      downgrade: failing(sentence, undefined),
    }
    return {contents, isSql: false, transactional: true, note: [`Left open: ${body.reason}.`]}
  }
  const {up, down = '', transactional = true, note} = body
  for (const sql of [up, down]) refuseMarkers(sql, shown)
  const contents = {database: undefined, upgrade: ended(up), downgrade: ended(down)}
  return {contents, isSql: true, transactional, note: note === undefined ? [] : [note]}
}

/**
 * Whether the text of a file has the upgrade of an open revision as it was written: an error, followed by the original
 * code as comments.
 */
export function isStub(text: string): boolean {
  return stub.test(text)
}

const stub =
  /\bupgrade\b[^{]*\{\s*throw new Error\(\s*(["'`]).* was imported from \S+ without its statements: .*\1,?\s*\);?\s*(?:\/\/.*\s*)*\}/

function ended(sql: string): string {
  const text = sql
    .replaceAll('\r\n', '\n')
    .replace(/^\s*\n/, '')
    .trimEnd()
  return text === '' ? '' : `${text}\n`
}

/** A line that begins a section of a SQL revision would cut the migration off. */
function refuseMarkers(sql: string, shown: string): void {
  const line = /^--[ \t]*(?:upgrade|downgrade)[^\S\n]*$/im.exec(sql)?.[0]
  if (line !== undefined)
    throw new ImportRefusedError(
      shown,
      `its line \`${line.trim()}\` begins a section of a SQL revision`,
      'Change that line.',
    )
}

/** Returns a body that throws, followed by the original code. */
function failing(sentence: string, code: string | undefined): string {
  const lines = code === undefined ? [] : escapeControls(code).trimEnd().split('\n')
  return [
    '',
    `  throw new Error(${JSON.stringify(sentence)})`,
    ...lines.map((line) => `  // ${line}`.trimEnd()),
    '',
  ].join('\n')
}
