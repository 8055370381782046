import type {LayoutRow, LinkCell} from './layout.ts'
import {joined, text} from './safe/text.ts'
import type {SafeText} from './safe/text.ts'

/** The characters that a drawing is made of. */
export interface Glyphs {
  readonly revision: string
  readonly current: string
  readonly cutOff: string
  readonly vertical: string
  readonly horizontal: string
  /** By the directions that meet: `u`, `d`, `l`, `r`, in this order. */
  readonly joints: Readonly<Record<string, string>>
}

export const boxGlyphs: Glyphs = {
  revision: '○',
  current: '●',
  cutOff: '~',
  vertical: '│',
  horizontal: '─',
  joints: {
    ...{dr: '╭', dl: '╮', ur: '╰', ul: '╯', udr: '├', udl: '┤'},
    ...{dlr: '┬', ulr: '┴', udlr: '┼', ud: '│', lr: '─', u: '│', d: '│'},
  },
}

export const asciiGlyphs: Glyphs = {
  revision: '*',
  current: '@',
  cutOff: '~',
  vertical: '|',
  horizontal: '-',
  joints: {
    ...{dr: '.', dl: '.', ur: "'", ul: "'", udr: '+', udl: '+'},
    ...{dlr: '+', ulr: '+', udlr: '+', ud: '|', lr: '-', u: '|', d: '|'},
  },
}

/** Text beside each revision. */
export interface RowText {
  readonly lines: readonly SafeText[]
  readonly isCurrent: boolean
}

/**
 * Returns the lines of a drawing for a terminal.
 *
 * @param textOf text beside a revision: the first line on its row, the others below
 * @param paint colours a part of the drawing
 */
export function drawGraph(
  rows: readonly LayoutRow[],
  textOf: (row: LayoutRow) => RowText,
  glyphs: Glyphs,
  paint: (glyphs: string, part: 'revision' | 'current' | 'line') => SafeText = (glyph) => text`${glyph}`,
): SafeText[] {
  const line = (run: string): SafeText => paint(run, 'line')
  const verticals = (lines: readonly boolean[]): Cell[] => lines.map((is) => (is ? line(glyphs.vertical) : undefined))
  return rows.flatMap((row) => {
    const {lines, isCurrent} = textOf(row)
    const node = isCurrent ? paint(glyphs.current, 'current') : paint(glyphs.revision, 'revision')
    const [first, ...more] = lines
    // The text below a revision goes beside the lines that continue from it.
    const side = row.links.length > 0 ? withNode(row.passing, row.column) : row.below
    return [
      ...(row.startsApart ? [drawRow(verticals(row.passing))] : []),
      drawRow(withCell(verticals(row.passing), row.column, node), first),
      ...more.map((below) => drawRow(side.length > 0 ? verticals(side) : [undefined], below)),
      ...(row.links.length > 0 ? [drawLinks(row.links, glyphs, line)] : []),
      ...(row.isCutOff ? [drawRow(withCell(verticals(row.below), row.column, line(glyphs.cutOff)))] : []),
    ]
  })
}

/** A column of a row; undefined if it is empty. */
type Cell = SafeText | undefined

function withCell(cells: readonly Cell[], column: number, cell: Cell): readonly Cell[] {
  return Array.from({length: Math.max(cells.length, column + 1)}, (_, i) => (i === column ? cell : cells[i]))
}

/** Returns a row with a text beside it, without spaces at its end. */
function drawRow(cells: readonly Cell[], beside?: SafeText): SafeText {
  const isEmpty = beside === undefined || beside.value === ''
  const drawn = isEmpty ? cells.slice(0, cells.findLastIndex((cell) => cell !== undefined) + 1) : [...cells, beside]
  return joined(
    drawn.map((cell) => cell ?? text` `),
    ' ',
  )
}

function withNode(passing: readonly boolean[], column: number): readonly boolean[] {
  return Array.from({length: Math.max(passing.length, column + 1)}, (_, i) => i === column || passing[i] === true)
}

function drawLinks(cells: readonly LinkCell[], glyphs: Glyphs, line: (run: string) => SafeText): SafeText {
  const drawn = cells.map((cell) => glyphOf(cell, glyphs) + (cell.right ? glyphs.horizontal : ' ')).join('')
  const runs = drawn.trimEnd().match(/\s+|\S+/g) ?? []
  return joined(
    runs.map((run) => (run.trim() === '' ? text`${run}` : line(run))),
    '',
  )
}

function glyphOf({up, down, left, right, joins}: LinkCell, glyphs: Glyphs): string {
  // A line that is only crossed stays whole: the other one goes behind it.
  if (!joins && up && down) return glyphs.vertical
  const directions = `${up ? 'u' : ''}${down ? 'd' : ''}${left ? 'l' : ''}${right ? 'r' : ''}`
  return glyphs.joints[directions] ?? ' '
}
