import type {RevisionId} from '../graph/revision.ts'

/** A revision and its parents, in drawing order. */
export interface DrawnRevision {
  readonly id: RevisionId
  readonly parents: readonly RevisionId[]
}

/** Direction of the lines of one column between two revisions. */
export interface LinkCell {
  readonly up: boolean
  readonly down: boolean
  readonly left: boolean
  readonly right: boolean
  /** Whether the lines meet here. Where they do not, one passes behind the other. */
  readonly joins: boolean
}

/** One revision with the lines around it. Columns are counted from 0. */
export interface LayoutRow {
  readonly id: RevisionId
  readonly column: number
  /** Which columns have a line that passes the revision. */
  readonly passing: readonly boolean[]
  /** Links to its parents; empty if the line below suffices. */
  readonly links: readonly LinkCell[]
  /** Which columns have a line below the links. */
  readonly below: readonly boolean[]
  /** Whether its line ends here although it has parents: they are not drawn. */
  readonly isCutOff: boolean
  /** Whether room is needed above it, so that it does not seem to belong to the revision there. */
  readonly startsApart: boolean
}

/**
 * Returns where everything goes in a drawing of revisions, newest on top: rows and columns, without glyphs.
 *
 * A column is a line that waits for one revision. A revision takes the column that waits for it; its first parent goes
 * on in that column, every other parent gets a column of its own, unless one waits for it already.
 *
 * @param revisions each before its parents; parents that do not come later are not drawn
 */
export function layoutGraph(revisions: readonly DrawnRevision[]): readonly LayoutRow[] {
  const drawn = new Set(revisions.map(({id}) => id))
  const columns: (RevisionId | undefined)[] = []
  let endedIn: number | undefined
  return revisions.map(({id, parents}) => {
    const waiting = columns.indexOf(id)
    const column = waiting === -1 ? firstFree(columns) : waiting
    const startsApart = waiting === -1 && column === endedIn
    const before = columns.map((one) => one !== undefined)
    columns[column] = undefined

    const visible = [...new Set(parents)].filter((parent) => drawn.has(parent))
    const ends = visible.flatMap((parent) => {
      const known = columns.indexOf(parent)
      // A line that waits further to the right comes over, so that what is common stays on the left; not where more
      // lines begin in the same row, which could take its column and seem to cross it.
      const comesOver = visible.length === 1 && known > column
      const target = known === -1 || comesOver ? firstFree(columns, column) : known
      if (comesOver) columns[known] = undefined
      columns[target] = parent
      return comesOver ? [target, known] : [target]
    })
    while (columns.length > 0 && columns.at(-1) === undefined) columns.pop()
    endedIn = columns[column] === undefined ? column : undefined
    return {
      id,
      column,
      passing: before.map((isLine, i) => isLine && i !== column),
      links: linksBetween(column, ends, before, columns),
      below: columns.map((one) => one !== undefined),
      isCutOff: visible.length === 0 && parents.length > 0,
      startsApart,
    }
  })
}

/** Returns the column to begin a line in: the preferred one, or the first that is free. */
function firstFree(columns: readonly (RevisionId | undefined)[], preferred?: number): number {
  if (preferred !== undefined && columns[preferred] === undefined) return preferred
  const free = columns.indexOf(undefined)
  return free === -1 ? columns.length : free
}

/** @param ends the columns that the lines from `column` lead to, or come over from */
function linksBetween(
  column: number,
  ends: readonly number[],
  before: readonly boolean[],
  columns: readonly (RevisionId | undefined)[],
): readonly LinkCell[] {
  const first = Math.min(column, ...ends)
  const last = Math.max(column, ...ends)
  if (first === last) return []
  return Array.from({length: Math.max(before.length, columns.length, last + 1)}, (_, i) => ({
    up: i === column || before[i] === true,
    down: columns[i] !== undefined,
    left: i > first && i <= last,
    right: i >= first && i < last,
    joins: i === column || ends.includes(i),
  }))
}
