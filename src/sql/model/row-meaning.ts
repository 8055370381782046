import {codeFor} from './row-code.ts'
import type {RowEvent} from './row-code.ts'
import type {Item, ItemId} from './items.ts'
import type {SchemaModel} from './schema-model.ts'
import {familyOf} from './type-families.ts'

/** A part of the schema that decides what a statement does with rows. */
export interface Decision {
  /** The part as comparable text. */
  readonly text: string
  /** The part in sentences. */
  readonly what: string
  /** The column whose value it is, which rows also receive that were there before the column. */
  readonly column?: ItemId
}

/** The meaning of a statement on a schema: it does the same on another one that decides the same. */
export interface RowMeaning {
  readonly table: string
  /** Whether another value or another table is certainly seen in the rows. */
  readonly isCertain: boolean
  readonly decisions: ReadonlyMap<string, Decision>
}

/** Returns the decision that a statement means these tables by their names. */
export function tableDecision(tables: readonly Item[], key = 'table'): readonly [string, Decision] {
  const what = `which table ${tables.map(({name}) => name).join(', ')} is`
  return [key, {text: tables.map(({id}) => id).join(), what}]
}

/** Returns the decision that a statement uses all columns of a table, or also their names. */
export function decisionAboutColumns(
  model: SchemaModel,
  table: Item,
  how: 'places' | 'names',
  columns: readonly Item[] = model.within(table, 'column'),
): readonly [string, Decision] {
  const text = JSON.stringify(columns.map(({id, name}) => (how === 'names' ? [id, name] : id)))
  return [`columns ${table.id} ${how}`, {text, what: `the columns of ${table.kind} ${table.name}`}]
}

/** Returns the decision that a statement reads rows through a view. */
export function decisionAboutQuery({id, name, properties}: Item): readonly [string, Decision] {
  return [`query ${id}`, {text: properties['query'] ?? '', what: `the query of view ${name}`}]
}

/** Returns the text of an object and of the functions that it calls. */
function withFunctions(model: SchemaModel, {id, properties, references}: Item): unknown {
  const called = references.map(({to}) => model.get(to)).filter((item) => item?.kind === 'function')
  return [id, properties, called.map((item) => item?.properties)]
}

/** Returns what decides about the rows of a table on an event: triggers, rules and policies. */
export function decisionsAbout(
  model: SchemaModel,
  table: Item,
  event: RowEvent,
  columns: readonly string[],
): readonly (readonly [string, Decision])[] {
  const code = codeFor(model, table, event, columns).items
  const [triggers, rules] = ['trigger', 'object'].map((kind) => code.filter((item) => item.kind === kind))
  const isForced = table.properties['forcedRowSecurity'] === 'on' && table.properties['rowSecurity'] === 'on'
  const policies = isForced ? model.within(table, 'policy') : []
  const parts = {triggers, rules, policies: [...policies, ...(isForced ? [table] : [])]}
  return Object.entries(parts).map(([name, found = []]) => {
    const texts = found.map((item) => JSON.stringify(item.kind === 'table' ? 'forced' : withFunctions(model, item)))
    return [`${name} ${table.id}`, {text: texts.toSorted().join('\n'), what: `the ${name} of table ${table.name}`}]
  })
}

/** Returns what decides about the value of a column that a statement does not write. */
export function decisionAboutValue(model: SchemaModel, table: Item, column: Item): readonly [string, Decision] {
  const what = `the default of column ${table.name}.${column.name}`
  return [`value ${column.id}`, {text: valueOf(model, column), what, column: column.id}]
}

/** Returns the value of a column in rows without one, as comparable text. */
export function valueOf(model: SchemaModel, column: Item): string {
  const {generated, identity, default: expression} = column.properties
  if (generated !== undefined) return 'generated'
  if (identity !== undefined) return 'identity'
  const domain = domainOf(model, column)?.properties['default']
  if (expression === undefined) return domain === undefined || domain === '' ? 'null' : domain
  const used = column.references.filter(({how}) => how === 'default').flatMap(({to}) => model.get(to) ?? [])
  return JSON.stringify([expression, used.map(({id, kind, properties}) => [id, kind === 'function' ? properties : ''])])
}

/** Returns what decides how a value is stored in a column or read from it. */
export function decisionAboutType(
  model: SchemaModel,
  table: Item,
  column: Item,
  constant: string | null | undefined,
): readonly [string, Decision] {
  const {type = '', generated, notNull} = column.properties
  const domain = domainOf(model, column)?.properties
  const text = JSON.stringify([
    classOf(type, constant),
    generated !== undefined,
    constant === undefined && notNull,
    domain,
    constant === undefined ? renamedIn(model, column) : undefined,
  ])
  const what = `the definition of column ${table.name}.${column.name}`
  return [`type ${column.id}`, {text, what}]
}

/** The property of an enum with its values that got other names. */
export const renamedValues = '*renamed'

/** Returns the values of an enum that got other names, as text. */
function renamedIn(model: SchemaModel, {references}: Item): string | undefined {
  const type = references
    .flatMap(({to}) => model.get(to) ?? [])
    .find(({kind, properties}) => kind === 'type' && properties['values'] !== undefined)
  if (type !== undefined) model.touch(type, false)
  return type?.properties[renamedValues]
}

/** The types between which a value does not change. */
function classOf(type: string, constant: string | null | undefined): string {
  if (constant === null) return 'any'
  const family = familyOf(type)
  const isWhole = /^int\d$/.test(type)
  if (family === 'number') return isWhole || (constant !== undefined && /^-?\d+$/.test(constant)) ? 'whole' : type
  const limit = /^(?:varchar|bpchar)\(.*?(?<size>\d+)/.exec(type)?.groups?.['size']
  const fits = limit === undefined || (constant !== undefined && constant.length <= Number(limit))
  return family === 'text' && fits && !['bpchar', 'char', 'citext'].some((name) => type.startsWith(name))
    ? 'text'
    : type
}

function domainOf(model: SchemaModel, {references}: Item): Item | undefined {
  const domain = references
    .flatMap(({to}) => model.get(to) ?? [])
    .find(({kind, properties}) => kind === 'type' && properties['type'] !== undefined)
  if (domain !== undefined) model.touch(domain, false)
  return domain
}

/** Returns whether columns that are not written are computed again from those that are. */
export function decisionsAboutComputed(
  model: SchemaModel,
  table: Item,
  columns: readonly Item[],
): readonly (readonly [string, Decision])[] {
  const written = new Set(columns.map(({id}) => id))
  return model
    .within(table, 'column')
    .filter(({id}) => !written.has(id))
    .map((column) => {
      const isComputed =
        column.properties['generated'] !== undefined && column.references.some(({to}) => written.has(to))
      const what = `the expression of column ${table.name}.${column.name}`
      return [`computed ${column.id}`, {text: String(isComputed), what}]
    })
}
