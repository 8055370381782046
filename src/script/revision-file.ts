import type {Revision, RevisionId} from '../graph/revision.ts'
import {readDocComment} from './doc-comment.ts'
import type {DocComment} from './doc-comment.ts'
import {InvalidRevisionFileError} from './errors.ts'
import {readHeader} from './header.ts'
import type {Header} from './header.ts'
import {lineAt} from './scanner.ts'
import {readSqlHeader} from './sql-file.ts'

/** Declared properties of a revision that is being written or was read. */
type Stated = Omit<
  Header,
  'revision' | 'baseline' | 'irreversible' | 'lockTimeout' | 'replaces' | 'replacedSquashes'
> & {
  readonly id: RevisionId
  readonly file: string
  readonly replaces?: readonly RevisionId[]
  readonly replacedSquashes?: readonly RevisionId[]
  readonly isBaseline?: boolean | undefined
  readonly irreversible?: string | undefined
  readonly lockTimeout?: number | undefined
}

/** A revision as declared in its file. The comment is parsed on demand: most listings need few of them. */
export class ScriptRevision implements Revision {
  readonly id: RevisionId
  readonly downRevisions: readonly RevisionId[]
  readonly dependsOn: readonly string[]
  readonly branchLabels: readonly string[]
  /** The revisions that it replaces, as a squash of them. */
  readonly replaces: readonly RevisionId[]
  /** Earlier squashes of revisions that it replaces. */
  readonly replacedSquashes: readonly RevisionId[]
  /** Path of the file in its tree. */
  readonly file: string
  /** False when the revision must not run in a transaction. */
  readonly transactional: boolean
  /** Whether the revision is the schema of a database that existed before the history. */
  readonly isBaseline: boolean
  /** Why the revision cannot be downgraded. */
  readonly irreversible: string | undefined
  /** Lock timeout of its statements, in milliseconds; undefined for the configured one. */
  readonly lockTimeout: number | undefined
  readonly #comment: string
  #doc: DocComment | undefined

  constructor(stated: Stated) {
    this.id = stated.id
    this.downRevisions = stated.downRevisions
    this.dependsOn = stated.dependsOn
    this.branchLabels = stated.branchLabels
    this.replaces = stated.replaces ?? []
    this.replacedSquashes = stated.replacedSquashes ?? []
    this.file = stated.file
    this.transactional = stated.transactional
    this.isBaseline = stated.isBaseline ?? false
    this.irreversible = stated.irreversible
    this.lockTimeout = stated.lockTimeout
    this.#comment = stated.comment
  }

  /** The first paragraph of the comment, on one line. */
  get message(): string {
    return this.#documentation.message
  }

  /** The paragraphs after the message. */
  get description(): string | undefined {
    return this.#documentation.description
  }

  get createDate(): string | undefined {
    return this.#documentation.createDate
  }

  /** Returns the same revision at another path. */
  movedTo(file: string): ScriptRevision {
    return this.#with({file})
  }

  /** Returns the same revision in another place of the graph. */
  after(downRevisions: readonly RevisionId[]): ScriptRevision {
    return this.#with({downRevisions})
  }

  #with(changes: Partial<Pick<Stated, 'file' | 'downRevisions'>>): ScriptRevision {
    const {id, downRevisions, dependsOn, branchLabels, replaces, replacedSquashes} = this
    const {transactional, isBaseline, irreversible, lockTimeout} = this
    const place = {id, downRevisions, dependsOn, branchLabels, replaces, replacedSquashes, file: this.file}
    const running = {transactional, isBaseline, irreversible, lockTimeout}
    return new ScriptRevision({...place, ...running, comment: this.#comment, ...changes})
  }

  get #documentation(): DocComment {
    return (this.#doc ??= readDocComment(this.#comment))
  }
}

const revisionFile = /\.(?:ts|mts|js|mjs|sql)$/i
const neverRevision = /\.d\.m?ts$|\.(?:test|spec)\.[a-z]+$/i
/** Dotfiles, and leftovers of editors and merge tools. */
const leftover = /^[.#]|~$/

/** Matches a file without a header that looks like a broken revision. */
const signsInName = /^[0-9a-f]{12}(?:_|\.)/i
const signsInCode =
  /\bdownRevision\b|\bdown_revision\b|^[ \t*]*Revision ID:|\bexport\s+(?:async\s+)?function\s+(?:upgrade|downgrade)\b/m
const upgradeInCode = /\bexport\s+(?:async\s+)?(?:function|const)\s+upgrade|\bexport\s*\{[^}]*\bupgrade/
const upgradeInSql = /^--[ \t]*upgrade\s*$/im
const signsInSql = /^--[ \t]*(?:revises[ \t]*:|upgrade\s*$)/im

/** Matches a file that ends within the first line of a revision: within its comment, or before the value of a declaration. */
const cutOffCode = /^\s*\/\*(?![^]*\*\/)|(?:^|\n|;|\*\/)\s*export(?:\s+(?:c|co|con|cons|const(?:\s+[\w$]*)?))?\s*$/
const cutOffSql = /^(?=(?:[^\n]*\n)*?[ \t]*--[ \t]*rev)(?:\s*--[^\n]*)+\s*$/i
/** Matches a file that has only a comment and the import of a type of mig's. */
const onlyImport =
  /^\s*(?:\/\*[^]*?\*\/\s*)?import type \{[^}]*\} from ['"]mig(?:dag)?['"];?\s*(?:e|ex|exp|expo|expor)?$/
/** Matches a SQL file that ends within the line `-- downgrade`. */
const cutOffDowngrade = /(?:^|\n)--[ \t]*(?:do|dow|down|downg|downgr|downgra|downgrad)$/i

const conflictMarkers = /^<{7} (?=[^]*^={7}$[^]*^>{7} )/m

/** Whether a file may be a revision, judging by its name. */
export function mayBeRevision(path: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1)
  return revisionFile.test(name) && !neverRevision.test(name) && !leftover.test(name)
}

/**
 * Reads a file as a revision without running it; returns undefined for other files, such as helpers or seeds.
 *
 * @throws MigError INVALID_REVISION_FILE if it looks like a revision but is not a valid one
 */
export function readRevisionFile(path: string, text: string): ScriptRevision | undefined {
  const conflict = text.includes('<<<<<<< ') ? conflictMarkers.exec(text) : null
  if (conflict !== null)
    throw new InvalidRevisionFileError(
      path,
      lineAt(text, conflict.index),
      'it contains git conflict markers',
      'Resolve the conflict in the file.',
    )
  const isSql = path.toLowerCase().endsWith('.sql')
  const header = isSql ? readSqlHeader(text, path) : readHeader(text, path)
  if (header !== undefined) {
    // Without it the file was probably truncated, and its header may be incomplete.
    if (!(isSql ? upgradeInSql : upgradeInCode).test(text)) {
      const upgrade = isSql ? 'line `-- upgrade`' : '`export async function upgrade`'
      throw new InvalidRevisionFileError(path, 1, `it has no ${upgrade}`, 'Check whether the file is complete.')
    }
    if (isSql && cutOffDowngrade.test(text))
      throw new InvalidRevisionFileError(
        path,
        text.split('\n').length,
        'it ends within the line `-- downgrade`',
        'Check whether the file is complete.',
      )
    if (header.baseline && header.downRevisions.length > 0)
      throw new InvalidRevisionFileError(
        path,
        1,
        'a baseline is the first revision and cannot have parents',
        `Remove ${isSql ? 'the line `-- baseline: true`' : '`export const baseline = true`'}, or make it a base.`,
      )
    if (header.replacedSquashes.length > 0 && header.replaces.length === 0)
      throw new InvalidRevisionFileError(
        path,
        1,
        `it replaces squashes, but no revisions`,
        `Name the revisions that it replaces: ${isSql ? '`-- replaces: …`' : '`export const replaces = […]`'}.`,
      )
    return new ScriptRevision({...header, id: header.revision, isBaseline: header.baseline, file: path})
  }
  const name = path.slice(path.lastIndexOf('/') + 1)
  if (signsInName.test(name) || (isSql ? signsInSql : signsInCode).test(text)) {
    const line = isSql ? '`-- revision: …`' : "`export const revision = '…'`"
    throw new InvalidRevisionFileError(
      path,
      1,
      `it looks like a revision but has no line ${line}`,
      hintFor(text, isSql),
    )
  }
  if ((isSql ? cutOffSql : cutOffCode).test(text) || (!isSql && onlyImport.test(text)))
    throw new InvalidRevisionFileError(
      path,
      1,
      'it looks like the beginning of a revision',
      'Check whether the file is complete.',
    )
  return undefined
}

function hintFor(text: string, isSql: boolean): string {
  if (text.trim() === '') return 'The file is empty. Restore it, or delete it.'
  if (/\b(?:module\.)?exports\b|\bexport\s*(?:\{|default\b)/.test(text) && !isSql)
    return "Declare each of them in a separate statement: `export const revision = '…'`."
  return 'If it is not a revision, move it out of the script directory.'
}
