import type {Features} from './plan.ts'

const plain = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i'] as const
const long = 'a_rather_long_name_of_sixty_characters_for_a_table_or_a_thing'
/** As long as the table of a relation, which is named after the table and the relation, can bear. */
const longTable = 'a_long_name_of_only_37_chars_for_this'
const oddTables = [
  'a',
  'order',
  'Upper',
  'two words',
  'quo"te',
  'semi;colon',
  "apo'strophe",
  longTable,
  'select',
] as const
const oddColumns = [
  'a',
  'order',
  'Upper',
  'two words',
  'quo"te',
  'dot.ted',
  "apo'strophe",
  long,
  'constructor',
] as const

/** All names that take part, the longest first. */
export const allOddNames = [...new Set<string>([...oddTables, ...oddColumns])].toSorted((a, b) => b.length - a.length)

export const nameCount = plain.length

/** Returns the name of a table. MikroORM cannot create names with a dot, nor a table called `constructor`. */
export function tableName(index: number, {oddNames}: Features): string {
  return (oddNames ? oddTables : plain)[index % nameCount] ?? 'a'
}

/** Returns the name of a column. */
export function columnName(index: number, {oddNames}: Features): string {
  return (oddNames ? oddColumns : plain)[index % nameCount] ?? 'a'
}

/** Returns the property for a column: MikroORM would change names that are not plain. */
export function propertyOf(column: string): string {
  return /^[a-z]$/.test(column) ? column : `p_${column.replaceAll(/\W/g, '_').slice(0, 20)}`
}

/** Returns a name or a text as source. */
export function literal(text: string): string {
  return text.includes("'") ? JSON.stringify(text) : `'${text.replaceAll('\\', '\\\\')}'`
}
