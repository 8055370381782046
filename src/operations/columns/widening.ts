/** Whole numbers, each with room for those before it. */
const integers: readonly string[] = ['tinyint', 'smallint', 'mediumint', 'integer', 'bigint']
/** Texts without a limit, and those of MySQL, whose limits grow. */
const texts: readonly string[] = ['tinytext', 'text', 'mediumtext', 'longtext']

/** Tells whether every value of a type is one of another type, so that nothing is lost when the type changes. */
export function isWidening(from: string, to: string): boolean {
  const [before, after] = [parsed(from), parsed(to)]
  if (before === undefined || after === undefined) return false
  if (before.base === after.base) return isAtLeast(after.sizes, before.sizes, after.base)
  const isText = (base: string): boolean => base === 'varchar' || base === 'char' || texts.includes(base)
  if (isText(before.base) && after.base === 'varchar' && before.base === 'char')
    return isAtLeast(after.sizes, before.sizes, 'varchar')
  if (isText(before.base) && texts.includes(after.base)) return texts.indexOf(before.base) <= texts.indexOf(after.base)
  const [small, large] = [integers.indexOf(before.base), integers.indexOf(after.base)]
  return small !== -1 && large > small
}

interface SizedType {
  readonly base: string
  readonly sizes: readonly number[]
}

function parsed(type: string): SizedType | undefined {
  const {base, sizes} = /^(?<base>[a-z ]+?)(?:\((?<sizes>\d+(?:,\s*\d+)?)\))?$/.exec(type)?.groups ?? {}
  if (base === undefined) return undefined
  const name = {int: 'integer', decimal: 'numeric'}[base] ?? base
  return {base: name, sizes: sizes === undefined ? [] : sizes.split(',').map(Number)}
}

/** Without a size there is no limit, and for a number neither for what stands behind the point. */
function isAtLeast(sizes: readonly number[], least: readonly number[], base: string): boolean {
  if (sizes.length === 0) return base !== 'char'
  const [size = 0, scale = 0] = sizes
  const [leastSize, leastScale = 0] = least
  if (leastSize === undefined) return base === 'char' && size >= 1
  return scale >= leastScale && size - scale >= leastSize - leastScale
}
