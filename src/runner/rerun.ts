/** The meaning of running a statement again that may have been executed. */
export type Rerun =
  /** It has the same result once and twice. */
  | {readonly kind: 'repeatable'}
  /** If it was executed, it fails with one of these error codes, and changes nothing. */
  | {readonly kind: 'answered'; readonly codes: readonly string[]}
  /** It may be executed twice, or its failure may have other reasons. */
  | {readonly kind: 'unknown'}

const repeatable: Rerun = {kind: 'repeatable'}
const unknown: Rerun = {kind: 'unknown'}

const name = String.raw`[\p{L}\p{N}_$]+`
const qualified = String.raw`${name}(?: ?\. ?${name})*`
const attributes = String.raw`(?:algorithm ?= ?\w+ |definer ?= ?\S+ |sql security \w+ |aggregate )*`

/** Patterns of statements, and the codes by which the database says that its effect exists. */
type Rules = readonly (readonly [pattern: RegExp, codes: readonly string[] | 'repeatable'])[]

const rule = (pattern: string): RegExp => new RegExp(pattern, 'u')

/**
 * Statements whose whole effect is a single object or setting.
 *
 * @see https://dev.mysql.com/doc/mysql-errors/8.4/en/server-error-reference.html
 * @see https://mariadb.com/docs/server/reference/error-codes/mariadb-error-code-reference
 * @see https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
const statements: Rules = [
  // With a query, it also inserts rows.
  [
    rule(
      `^create (?:temporary )?table if not exists ${qualified} (?:like ${qualified}|\\(\\))(?!.*\\b(?:select|as|values|table)\\b)`,
    ),
    'repeatable',
  ],
  [rule(`^create (?!(?:temporary )?table)${attributes}[a-z ]{1,30} if not exists `), 'repeatable'],
  // A new table would not have the rows that the first one got in the meantime.
  [/^create or replace (?!table|temporary|database|schema|sequence|user|role)/, 'repeatable'],
  [/^drop [a-z ]{1,30} if exists /, 'repeatable'],
  [/^(?:analyze|check|cluster|flush|grant|optimize|reindex|use|vacuum(?! into))\b/, 'repeatable'],
  [/^(?:attach|detach|pragma|alter system)\b/, 'repeatable'],
  [/^set (?!statement|password|default|resource)(?:@@)?[^()@]*$/, 'repeatable'],
  [
    rule(
      `^create (?:temporary )?table ${qualified} (?:like ${qualified}|\\(\\))(?!.*\\b(?:select|as|values|table)\\b)`,
    ),
    ['ER_TABLE_EXISTS_ERROR'],
  ],
  [rule(`^create ${attributes}(?:view|sequence) ${qualified}`), ['ER_TABLE_EXISTS_ERROR']],
  [rule(`^create ${attributes}trigger ${qualified} `), ['ER_TRG_ALREADY_EXISTS']],
  [rule(`^create ${attributes}(?:procedure|function) ${qualified} ?\\(\\)`), ['ER_SP_ALREADY_EXISTS']],
  [rule(`^create ${attributes}event ${qualified} `), ['ER_EVENT_ALREADY_EXISTS']],
  [rule(`^create (?:database|schema) ${name}`), ['ER_DB_CREATE_EXISTS', '42P04']],
  [rule(`^create (?:tablespace|subscription) ${name} `), ['42710']],
  [
    rule(
      `^create (?:unique |fulltext |spatial )?index (?:concurrently )?(?!on |concurrently )${name} (?:using ${name} )?on `,
    ),
    ['ER_DUP_KEYNAME', '42P07'],
  ],
  [rule(`^alter type ${qualified} add value ''`), ['42710']],
  [rule(`^drop (?:temporary )?table ${qualified}(?: cascade| restrict)?$`), ['ER_BAD_TABLE_ERROR']],
  [rule(`^drop (?:view|sequence) ${qualified}(?: cascade| restrict)?$`), ['ER_BAD_TABLE_ERROR', '4091', '4092']],
  [rule(`^drop trigger ${qualified}$`), ['ER_TRG_DOES_NOT_EXIST']],
  [rule(`^drop (?:procedure|function) ${qualified}$`), ['ER_SP_DOES_NOT_EXIST']],
  [rule(`^drop event ${qualified}$`), ['ER_EVENT_DOES_NOT_EXIST']],
  [rule(`^drop (?:database|schema) ${name}$`), ['ER_DB_DROP_EXISTS', '3D000']],
  [rule(`^drop (?:tablespace|subscription) ${name}$`), ['42704']],
  [rule(`^drop index ${name} on ${qualified}$`), ['ER_CANT_DROP_FIELD_OR_KEY']],
  [rule(`^drop index concurrently ${qualified}(?: cascade| restrict)?$`), ['42704']],
]

/** The same for the clauses of `alter table`. */
const clauses: Rules = [
  [/^(?:add|drop|modify) [a-z ]{0,30}if (?:not )?exists /, 'repeatable'],
  [rule(`^modify (?:column )?${name} `), 'repeatable'],
  [rule(`^alter (?:column )?${name} (?:set|drop) default\\b`), 'repeatable'],
  [/^(?:[a-z_ ]{1,40}= ?\S+ ?)+$/, 'repeatable'],
  [/^(?:convert to character set .*|force|enable keys|disable keys)$/, 'repeatable'],
  [
    rule(
      `^add (?:(?:unique|fulltext|spatial)(?: index| key)?|index|key) (?!using |index |key )${name} (?:using ${name} )?\\(\\)`,
    ),
    ['ER_DUP_KEYNAME'],
  ],
  [rule(`^add (?:constraint (?:${name} )?)?primary key\\b`), ['ER_MULTIPLE_PRI_KEY']],
  [
    rule(`^add constraint ${name} (?:check|unique)\\b`),
    ['ER_CHECK_CONSTRAINT_DUP_NAME', 'ER_FK_DUP_NAME', 'ER_DUP_KEYNAME'],
  ],
  // MariaDB answers with the error number of the storage engine.
  [rule(`^add constraint ${name} foreign key\\b`), ['ER_FK_DUP_NAME', 'errno: 121']],
  [
    rule(
      `^add (?:column )?(?!(?:index|key|unique|fulltext|spatial|vector|primary|foreign|constraint|check|partition|period|system|column)\\b)${name} `,
    ),
    ['ER_DUP_FIELDNAME'],
  ],
  [
    rule(`^drop (?:primary key|(?:(?:column|index|key|foreign key|check|constraint) )?(?!partition |system )${name})$`),
    ['ER_CANT_DROP_FIELD_OR_KEY', 'ER_CONSTRAINT_NOT_FOUND', 'ER_CHECK_CONSTRAINT_NOT_FOUND'],
  ],
  [rule(`^(?:rename column ${name} to ${name}$|change (?:column )?${name} ${name} )`), ['ER_BAD_FIELD_ERROR']],
  [rule(`^rename (?:index|key) ${name} to ${name}$`), ['ER_KEY_DOES_NOT_EXITS']],
]

const alterTable = rule(`^alter (?:online )?table (?:if exists )?${qualified} (?:wait \\d+ |nowait )?(?<clauses>.*)$`)
/** Clauses that say only how to alter. */
const howToAlter = /^(?:algorithm|lock) ?=? ?\w+$/

/**
 * Returns what it means to run a statement again. An object of the same name that existed before cannot be told from the
 * one that the statement creates.
 */
export function rerunOf(sql: string): Rerun {
  const outline = outlineOf(sql)
  if (outline === undefined) return unknown
  const list = alterTable.exec(outline)?.groups?.['clauses']
  if (list === undefined) return firstOf(statements, outline)
  const changes = list
    .split(',')
    .map((clause) => clause.trim())
    .filter((clause) => !howToAlter.test(clause))
  const reruns = changes.map((clause) => firstOf(clauses, clause))
  if (reruns.every(({kind}) => kind === 'repeatable')) return repeatable
  // The answer is about one of several changes.
  return reruns.length === 1 ? (reruns[0] ?? unknown) : unknown
}

/** Whether a failed statement has changed nothing. */
export function isAllOrNothing(sql: string): boolean {
  const outline = outlineOf(sql)
  if (outline === undefined) return !/^\s*(?:call|do|begin|execute)\b/i.test(sql)
  return !(severalSteps.test(outline) || (severalObjects.test(outline) && outline.includes(',')))
}

const severalSteps = /^(?:call|do|begin|if|for|loop|while|repeat|execute|load|set statement)\b/
const severalObjects = /^(?:drop|grant|revoke|create user|create role)\b/

function firstOf(rules: Rules, text: string): Rerun {
  const codes = rules.find(([pattern]) => pattern.test(text))?.[1]
  if (codes === undefined) return unknown
  return codes === 'repeatable' ? repeatable : {kind: 'answered', codes}
}

const tokens =
  /'(?:[^']|'')*'|"(?:[^"]|"")*"|`(?:[^`]|``)*`|--[^\n]*|#[^\n]*|\/\*[^]*?\*\/|[()]|\s+|[^'"`\-#/()\s]+|[^]/g

/**
 * Returns a statement in lower case without comments, with `q` for quoted names, `''` for strings and `()` for what is in
 * parentheses; undefined if the meaning of its characters depends on settings.
 */
function outlineOf(sql: string): string | undefined {
  if (/\\|\/\*M?!/.test(sql)) return undefined
  let outline = ''
  let depth = 0
  for (const token of sql.match(tokens) ?? []) {
    if (token === ')') depth--
    if (depth < 0) return undefined
    if (depth === 0) outline += token === ')' ? ') ' : outlined(token)
    if (token === '(') depth++
  }
  return depth === 0
    ? outline
        .toLowerCase()
        .replaceAll(/\s+/g, ' ')
        .replace(/[ ;]+$/, '')
        .trim()
    : undefined
}

function outlined(token: string): string {
  if (token.startsWith("'")) return token.length > 1 ? "''" : token
  if (/^["`]/.test(token)) return 'q'
  if (token === '(') return ' ('
  return /^(?:--|#|\/\*|\s)/.test(token) ? ' ' : token
}
