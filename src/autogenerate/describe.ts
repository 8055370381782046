import type {Operation} from '../operations/operation.ts'

/** A line for a person: what was found that an operation mends. */
export interface Detected {
  /** What is to be done about it: the kind of the operation. */
  readonly kind: Operation['kind']
  /** The name of what differs, with that of its table. */
  readonly name: string
  readonly text: string
}

/** Returns what was found: a line for each thing, also for each thing in a new table. */
export function detectedBy(operations: readonly Operation[]): readonly Detected[] {
  const all = operations.flatMap((operation) => {
    const detected: Detect = (what, name, more = '') => ({
      kind: operation.kind,
      name,
      text: `Detected ${what} '${name}'${more}`,
    })
    return textsOf(operation, detected)
  })
  return withoutReplaced(all)
}

type Detect = (what: string, name: string, more?: string) => Detected

/** What is dropped and made anew under its name has changed, and is one thing. */
function withoutReplaced(all: readonly Detected[]): readonly Detected[] {
  const texts = new Set(all.map(({text}) => text))
  const isReplaced = (text: string, from: string, to: string): boolean =>
    text.startsWith(`Detected ${from} `) && texts.has(text.replace(from, to))
  return all
    .filter(({text}) => !isReplaced(text, 'removed', 'added'))
    .map((one) =>
      isReplaced(one.text, 'added', 'removed') ? {...one, text: one.text.replace('added', 'changed')} : one,
    )
}

function textsOf(operation: Operation, detected: Detect): readonly Detected[] {
  switch (operation.kind) {
    case 'createTable': {
      const {table, unique = [], indexes = [], checks = [], foreignKeys = []} = operation
      const within = (what: string, items: readonly {readonly name?: string}[]): readonly Detected[] =>
        items.map(({name = ''}) => detected(`added ${what}`, `${table}.${name}`))
      return [
        detected('added table', table),
        ...within('unique constraint', unique),
        ...within('check', checks),
        ...within('foreign key', foreignKeys),
        ...within('index', indexes),
      ]
    }
    case 'dropTable':
      return [detected('removed table', operation.table)]
    case 'renameTable':
      return [detected('table', operation.table, ` renamed to '${operation.to}'`)]
    case 'addColumn':
      return [detected('added column', `${operation.table}.${operation.column}`)]
    case 'dropColumn':
      return [detected('removed column', `${operation.table}.${operation.column}`)]
    case 'renameColumn':
      return [detected('column', `${operation.table}.${operation.column}`, ` renamed to '${operation.to}'`)]
    case 'alterColumn':
      return Object.keys(operation.set).map((key) =>
        detected(`changed ${words[key] ?? key} of column`, `${operation.table}.${operation.column}`),
      )
    case 'dropConstraint':
      return [detected(`removed ${types[operation.was?.type ?? 'check']}`, `${operation.table}.${operation.name}`)]
    default:
      return [detected(phrases[operation.kind] ?? `difference (${operation.kind}) in`, nameOf(operation))]
  }
}

const words: Readonly<Record<string, string>> = {
  nullable: 'NOT NULL',
  onUpdate: 'ON UPDATE',
  autoincrement: 'numbering',
}

const types = {unique: 'unique constraint', foreignKey: 'foreign key', check: 'check', exclude: 'exclusion constraint'}

const phrases: Readonly<Partial<Record<Operation['kind'], string>>> = {
  createIndex: 'added index',
  dropIndex: 'removed index',
  renameIndex: 'renamed index',
  createUniqueConstraint: 'added unique constraint',
  createForeignKey: 'added foreign key',
  createCheckConstraint: 'added check',
  createExcludeConstraint: 'added exclusion constraint',
  createPrimaryKey: 'added primary key',
  dropPrimaryKey: 'removed primary key',
  renameConstraint: 'renamed constraint',
  setTableComment: 'changed comment of table',
  createEnum: 'added enum',
  dropEnum: 'removed enum',
  addEnumValue: 'added value of enum',
  replaceEnum: 'changed values of enum',
  createSchema: 'added schema',
  dropSchema: 'removed schema',
  createSequence: 'added sequence',
  dropSequence: 'removed sequence',
  createExtension: 'missing extension',
  createView: 'added view',
  dropView: 'removed view',
  createMaterializedView: 'added materialised view',
  dropMaterializedView: 'removed materialised view',
  createFunction: 'added function',
  dropFunction: 'removed function',
  createProcedure: 'added procedure',
  dropProcedure: 'removed procedure',
  createTrigger: 'added trigger',
  dropTrigger: 'removed trigger',
  createPolicy: 'added policy',
  dropPolicy: 'removed policy',
  setRowLevelSecurity: 'changed row-level security of',
  execute: 'difference that takes SQL:',
}

function nameOf(operation: Operation): string {
  const {table, name, columns, sql} = operation as {
    readonly table?: string
    readonly name?: string
    readonly columns?: readonly unknown[]
    readonly sql?: unknown
  }
  if (typeof sql === 'string') return sql.replaceAll(/\s+/g, ' ').slice(0, 80)
  const own = name ?? (columns === undefined ? undefined : `(${columns.map(String).join(', ')})`)
  return [table, own].filter((part) => part !== undefined).join('.')
}
