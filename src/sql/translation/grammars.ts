import type {Capabilities} from '../../dialects/capabilities.ts'
import type {Dialect} from '../../dialects/dialect.ts'
import {dialects} from '../../dialects/dialects.ts'
import {scanStatements} from '../../dialects/split/scan.ts'

/** The grammar of a database whose statements are translated. */
export interface Grammar {
  /** The name of the database. */
  readonly label: string
  readonly capabilities: Capabilities
  /** Matches one token after the other. */
  readonly pattern: RegExp
  /** Whether a backslash escapes a character in a text. */
  readonly hasEscapes: boolean
  /** Whether the columns of a row in the body of a trigger must exist when it is created. */
  readonly checksTriggers: boolean
  readonly split: (text: string) => readonly {readonly sql: string}[]
}

const mysqlFamily = {
  pattern:
    /(?<space>\s+|--(?=\s|$)[^\n]*|#[^\n]*|\/\*(?!M?!)[^]*?(?:\*\/|$)|\/\*M?!\d*|\*\/)|(?<number>0x[\da-f]+|[xb]'[\da-f]*'|\d+(?:\.\d*)?(?:e[+-]?\d+)?|\.\d+)|(?<word>[\p{L}_$][\p{L}\p{N}_$]*)|(?<string>'(?:[^'\\]|\\[^]|'')*'|"(?:[^"\\]|\\[^]|"")*")|(?<name>`(?:[^`]|``)*`)|(?<symbol>\|\||<=>|<=|>=|<>|!=|<<|>>|->>|->|:=|&&|[^])/giuy,
  hasEscapes: true,
  checksTriggers: true,
  split: (text: string) => scanStatements(text, 'mysql'),
} as const

const grammars: Readonly<Record<Dialect, Grammar | undefined>> = {
  postgresql: undefined,
  mariadb: {...mysqlFamily, label: 'MariaDB', capabilities: dialects.mariadb.capabilities},
  mysql: {...mysqlFamily, label: 'MySQL', capabilities: dialects.mysql.capabilities},
  sqlite: {
    label: 'SQLite',
    capabilities: dialects.sqlite.capabilities,
    pattern:
      /(?<space>\s+|--[^\n]*|\/\*[^]*?(?:\*\/|$))|(?<number>0x[\da-f]+|[xb]'[\da-f]*'|\d+(?:\.\d*)?(?:e[+-]?\d+)?|\.\d+)|(?<word>[\p{L}_][\p{L}\p{N}_$]*)|(?<string>'(?:[^']|'')*')|(?<name>"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]]*\])|(?<symbol>\|\||<=|>=|<>|!=|==|<<|>>|->>|->|[^])/giuy,
    hasEscapes: false,
    checksTriggers: false,
    split: (text) => scanStatements(text, 'sqlite'),
  },
}

/** Returns the grammar of a database; undefined where PostgreSQL's parser reads its statements. */
export const grammarOf = (dialect: Dialect): Grammar | undefined => grammars[dialect]
