const families: Readonly<Record<string, readonly string[]>> = {
  number: ['int2', 'int4', 'int8', 'numeric', 'float4', 'float8', 'serial', 'bigserial', 'smallserial', 'money'],
  text: ['text', 'varchar', 'bpchar', 'char', 'name', 'citext'],
  time: ['date', 'timestamp', 'timestamptz'],
}

/** Returns a name for the types that PostgreSQL compares with each other. */
export function familyOf(type: string): string {
  const [base = ''] = type.split('(')
  if (type.endsWith('[]')) return type
  return Object.keys(families).find((family) => families[family]?.includes(base)) ?? base
}

/** Whether PostgreSQL compares values of two types, as a foreign key requires. */
export const areComparable = (type: string, other: string): boolean => familyOf(type) === familyOf(other)

/** Whether MySQL lets a foreign key compare two types: numbers must have one size and sign. */
export function areAlike(type: string, other: string): boolean {
  const [one, against] = [type, other].map(writtenType)
  return familyOf(type) === familyOf(other) && (!type.startsWith('int4') || one === against)
}

/** Returns a type as it is named in sentences. */
export const shownType = (type: string): string =>
  /^(?:int4|text|numeric|timestamp|bytea)\([a-z]/.test(type) ? writtenType(type).slice(type.indexOf('(') + 1) : type

/** Returns the type in the text of a translated one, without a width. */
const writtenType = (type: string): string =>
  type
    .replaceAll('.', '')
    .replaceAll(/ \( \d+ \)/g, '')
    .split(/[,)]/)[0] ?? type
