import type {Column} from '@mikro-orm/sql'
import type {DatabaseKind} from '../databases.ts'

/** Returns the SQL of the value that a column has in a row; numbers and texts are small, for checks to hold. */
export function valueOf(column: Column, row: number, kind: DatabaseKind): string {
  const {type, enumItems, length} = column
  const isPostgres = kind === 'postgresql' || kind === 'pglite'
  const name = type.toLowerCase()
  const items = enumItems ?? itemsIn(name)
  const item = items?.[row % items.length]
  const element = item === undefined ? undefined : quoted(item)
  if (name.endsWith('[]')) {
    const [first] = [element ?? (/^(?:int|numeric|double|real|float|small|big)/.test(name) ? String(row + 1) : "'a'")]
    return `array[${first}]::${type}`
  }
  if (element !== undefined) return element
  const found = byType.find(([pattern]) => pattern.test(name))
  if (found !== undefined) return found[1](row + 1, isPostgres)
  const text = `a${row + 1}`
  return quoted(length === undefined ? text : text.slice(-length))
}

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`

const byType: readonly (readonly [RegExp, (n: number, isPostgres: boolean) => string])[] = [
  [/^int4range/, (n) => `'[${n},${n + 3})'`],
  [/^interval/, (n) => `'${n} days'`],
  [/^(?:bool|tinyint\(1\))/, (n, isPostgres) => (isPostgres ? String(n % 2 === 1) : String(n % 2))],
  [/int|serial|numeric|decimal|float|double|real/, String],
  [/^uuid/, (n) => `'00000000-0000-4000-8000-00000000000${n}'`],
  [/^json/, (n) => `'{"a": ${n}}'`],
  [/^date$/, (n) => `'2001-02-0${n}'`],
  [/^time(?:\(\d\))?$/, (n) => `'10:00:0${n}'`],
  [/^(?:datetime|timestamp)/, (n) => `'2001-02-03 04:05:0${n}'`],
  [/^bytea/, (n) => String.raw`'\x0${n}'`],
  [/blob|binary/, (n) => `x'0${n}'`],
  [/^bit\((\d+)\)/, (n) => `'${String(n).padStart(4, '0')}'`],
  [/^inet/, (n) => `'10.0.0.${n}'`],
]

/** The items of a type `enum('a', 'b')`. */
function itemsIn(type: string): readonly string[] | undefined {
  if (!type.startsWith('enum(')) return undefined
  return [...type.matchAll(/'((?:[^']|'')*)'/g)].map(([, item = '']) => item.replaceAll("''", "'"))
}
