import type {Features} from './plan.ts'

const plain = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i'] as const
const odd = [
  'a',
  'order',
  'Upper',
  'two words',
  'constructor',
  'quo"te',
  'dot.ted',
  "apo'strophe",
  'a_rather_long_name_that_most_databases_cut_off_where_it_is_longer',
] as const

export const nameCount = plain.length

/** Returns the name of a table or a column. */
export function nameOf(index: number, {oddNames}: Features): string {
  const names = oddNames ? odd : plain
  return names[index % names.length] ?? 'a'
}

/** Returns the property for a column: MikroORM would change names that are not plain. */
export function propertyOf(column: string): string {
  return /^[a-z]$/.test(column) ? column : `p_${column.replaceAll(/\W/g, '_').slice(0, 20)}`
}

/** Returns a name or a text as source. */
export function literal(text: string): string {
  return text.includes("'") ? JSON.stringify(text) : `'${text.replaceAll('\\', '\\\\')}'`
}
