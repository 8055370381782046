import type {SizedType, StrictDialect} from './sized-type.ts'

/** MySQL's types without a size, each with its greatest number of bytes. */
const texts = limits('text')
const blobs = limits('blob')

function limits(base: string): ReadonlyMap<string, number> {
  return new Map([
    [`tiny${base}`, 255],
    [base, 65_535],
    [`medium${base}`, 16_777_215],
    [`long${base}`, Infinity],
  ])
}

/** The number of bytes that a character takes at most. */
const bytesPerCharacter = 4

/** Returns the number of characters that a type of text has room for, whichever they are; 0 for any other type. */
export function textLimit({base, sizes}: SizedType, dialect: StrictDialect): number {
  if (base === 'varchar' || base === 'char') return sizes[0] ?? Infinity
  return Math.floor((bytesOfText(base, dialect) ?? 0) / bytesPerCharacter)
}

function bytesOfText(base: string, dialect: StrictDialect): number | undefined {
  switch (dialect) {
    case 'postgresql':
      return base === 'text' ? Infinity : undefined
    case 'mysql':
    case 'mariadb':
      return texts.get(base)
  }
}

/** Whether a type has room for all texts of another type. */
export function holdsText(before: SizedType, after: SizedType, dialect: StrictDialect): boolean {
  if (textLimit(before, dialect) === 0) return false
  // A fixed length removes spaces at the end of a text.
  if (after.base === 'char' && before.base !== 'char') return false
  const [limit, limitBefore] = [bytesOfText(after.base, dialect), bytesOfText(before.base, dialect)]
  if (limit !== undefined && limitBefore !== undefined) return limitBefore <= limit
  return textLimit(before, dialect) <= textLimit(after, dialect)
}

/** Whether a type has room for all bytes of another type. */
export function holdsBytes(before: SizedType, after: SizedType): boolean {
  // A fixed length adds bytes at the end.
  if (after.base === 'binary' && (before.base !== 'binary' || before.sizes[0] !== after.sizes[0])) return false
  const [limit, limitBefore] = [after, before].map(({base, sizes}) =>
    base === 'binary' || base === 'varbinary' ? (sizes[0] ?? 0) : (blobs.get(base) ?? 0),
  )
  return limitBefore !== undefined && limit !== undefined && limitBefore > 0 && limitBefore <= limit
}
