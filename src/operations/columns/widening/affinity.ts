type Affinity = 'integer' | 'text' | 'blob' | 'real' | 'numeric'

/** Returns whether a column of SQLite keeps all values under another type: only the affinities matter, not the sizes. */
export function keepsAffinity(from: string, to: string): boolean {
  const [before, after] = [affinityOf(from), affinityOf(to)]
  switch (after) {
    case 'blob':
      return true
    case 'text':
      return before === 'text' || before === 'integer'
    case 'integer':
    case 'numeric':
      return before === 'integer' || before === 'numeric' || before === 'real'
    case 'real':
      return before === 'real'
  }
}

/** @see https://www.sqlite.org/datatype3.html#determination_of_column_affinity */
function affinityOf(type: string): Affinity {
  if (/int/i.test(type)) return 'integer'
  if (/char|clob|text/i.test(type)) return 'text'
  if (type === '' || /blob/i.test(type)) return 'blob'
  return /real|floa|doub/i.test(type) ? 'real' : 'numeric'
}
