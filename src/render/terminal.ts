import type {LayoutRow, LinkCell} from './layout.ts'

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
  readonly lines: readonly string[]
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
  paint: (text: string, part: 'revision' | 'current' | 'line') => string = (text) => text,
): string[] {
  const line = (text: string): string => paint(text, 'line')
  const verticals = (lines: readonly boolean[]): string[] => lines.map((is) => (is ? line(glyphs.vertical) : ' '))
  return rows.flatMap((row) => {
    const {lines, isCurrent} = textOf(row)
    const node = isCurrent ? paint(glyphs.current, 'current') : paint(glyphs.revision, 'revision')
    const cells = verticals(row.passing)
    while (cells.length <= row.column) cells.push(' ')
    cells[row.column] = node
    const [first = '', ...more] = lines
    // The text below a revision goes beside the lines that continue from it.
    const side = row.links.length > 0 ? withNode(row.passing, row.column) : row.below
    const cut = verticals(row.below)
    while (cut.length <= row.column) cut.push(' ')
    cut[row.column] = line(glyphs.cutOff)
    return [
      ...(row.startsApart ? [verticals(row.passing).join(' ').trimEnd()] : []),
      `${cells.join(' ')} ${first}`.trimEnd(),
      ...more.map((text) => `${verticals(side).join(' ')}${side.length > 0 ? ' ' : '  '}${text}`.trimEnd()),
      ...(row.links.length > 0 ? [drawLinks(row.links, glyphs, line)] : []),
      ...(row.isCutOff ? [cut.join(' ').trimEnd()] : []),
    ]
  })
}

function withNode(passing: readonly boolean[], column: number): readonly boolean[] {
  return Array.from({length: Math.max(passing.length, column + 1)}, (_, i) => i === column || passing[i] === true)
}

function drawLinks(cells: readonly LinkCell[], glyphs: Glyphs, line: (text: string) => string): string {
  return cells
    .map((cell) => glyphOf(cell, glyphs) + (cell.right ? glyphs.horizontal : ' '))
    .join('')
    .trimEnd()
    .replaceAll(/\S+/g, line)
}

function glyphOf({up, down, left, right, joins}: LinkCell, glyphs: Glyphs): string {
  // A line that is only crossed stays whole: the other one goes behind it.
  if (!joins && up && down) return glyphs.vertical
  const directions = `${up ? 'u' : ''}${down ? 'd' : ''}${left ? 'l' : ''}${right ? 'r' : ''}`
  return glyphs.joints[directions] ?? ' '
}
