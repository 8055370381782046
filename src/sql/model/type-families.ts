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
