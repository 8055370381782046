import {expect} from 'chai'
import * as fc from 'fast-check'
import {planHistory} from '../../src/graph/history.ts'
import {buildRevisionGraph} from '../../src/graph/build.ts'
import {layoutGraph} from '../../src/render/layout.ts'
import {text} from '../../src/render/safe/text.ts'
import type {SafeText} from '../../src/render/safe/text.ts'
import {asciiGlyphs, boxGlyphs, drawGraph} from '../../src/render/terminal.ts'
import type {Glyphs} from '../../src/render/terminal.ts'
import {histories} from '../support/arbitrary.ts'
import {dag} from '../support/dag.ts'
import {expectGolden} from '../support/golden.ts'

const cases = [
  {name: 'a line', dag: 'a <- b <- c'},
  {name: 'a fork', dag: 'a <- b <- c; b <- d <- e'},
  {name: 'a diamond', dag: 'a <- b; a <- c; b, c <- m'},
  {name: 'a long diamond', dag: 'a <- b1 <- b2 <- b3; a <- c1 <- c2; b3, c2 <- m <- n'},
  {name: 'a criss-cross', dag: 'a <- b; a <- c; b, c <- m; c, b <- n; m, n <- z'},
  {name: 'a criss-cross with two heads', dag: 'a <- b; a <- c; b, c <- m; b, c <- n'},
  {name: 'a merge of four', dag: 'a <- b; a <- c; a <- d; a <- e; b, c, d, e <- m'},
  {name: 'a branch of a branch', dag: 'a <- b <- c; b <- d <- e; d <- f; c, e, f <- m'},
  {name: 'two bases', dag: 'a <- b; x <- y'},
  {name: 'two bases that are merged', dag: 'a <- b; x <- y; b, y <- m'},
  {name: 'three bases beside a fork', dag: 'a <- b; a <- c; x; y'},
  {name: 'a line that is crossed', dag: 'a <- b; a <- c; a <- d; c <- e; b, d <- m; e, m <- z'},
  {name: 'a line that another one passes behind', dag: 'a <- b; a <- c; b <- p; c <- q; b <- r'},
  {name: 'a merge with an ancestor', dag: 'a <- b <- c; a, c <- m'},
  {name: 'a range that is cut off', dag: 'a <- b <- c; b <- d; c, d <- m', range: 'b:'},
]

describe('render/terminal', () => {
  for (const [style, glyphs] of Object.entries({box: boxGlyphs, ascii: asciiGlyphs}))
    it(`draws graphs with ${style} characters`, () => {
      const drawings = cases.map((c) => `${c.name}: ${c.dag}\n\n${draw(c, glyphs, 1)}\n`)
      expectGolden(`render/${style}.txt`, drawings.join('\n'))
    })

  it('can be read back: whoever follows the lines finds the parents of every revision', () => {
    fc.assert(
      fc.property(histories(), (revisions) => {
        const graph = buildRevisionGraph(revisions)
        const drawn = planHistory(graph).map((id) => ({id, parents: graph.downRevisions(id)}))
        const lines = drawGraph(
          layoutGraph(drawn),
          ({id}) => ({lines: [text`=${id}`], isCurrent: false}),
          boxGlyphs,
        ).map(({value}) => value)
        const expected = new Map(drawn.map(({id, parents}) => [id, parents.toSorted()]))
        expect(parentsInDrawing(lines), lines.join('\n')).to.deep.equal(expected)
      }),
      {numRuns: 300},
    )
  })

  it('draws texts of several lines', () => {
    const drawings = cases.map((c) => `${c.name}: ${c.dag}\n\n${draw(c, boxGlyphs, 3)}\n`)
    expectGolden('render/several-lines.txt', drawings.join('\n'))
  })
})

/** Reads a drawing as somebody does who knows box characters and nothing of the graph. */
function parentsInDrawing(lines: readonly string[]): Map<string, string[]> {
  const parents = new Map<string, string[]>()
  // Who the line in each column comes from.
  let columns: (readonly string[])[] = []
  let node: {readonly id: string; readonly column: number} | undefined
  for (const line of lines) {
    const cells = [...line.split('=')[0]!]
    const at = (column: number): string => cells[2 * column] ?? ' '
    const column = cells.indexOf('○') / 2
    if (column >= 0) {
      const id = line.split('=')[1]!
      for (const child of columns[column] ?? []) parents.get(child)!.push(id)
      parents.set(id, [])
      node = {id, column}
      columns = columns.map((from, i) => (at(i) === '│' ? from : []))
      columns[column] = [id]
    } else if (node !== undefined && /[├╮╯┤┼╭╰┬┴─]/.test(line)) {
      const {id, column: source} = node
      const before = columns
      columns = Array.from({length: Math.ceil(cells.length / 2)}, (_, i) => {
        const arriving = i === source ? [] : (before[i] ?? [])
        const goesDown = '│├┤┼┬╭╮'.includes(at(i))
        const isPassed = at(i) === '│'
        return goesDown ? [...arriving, ...(isPassed && i !== source ? [] : [id])] : []
      })
      for (const [i, from] of before.entries())
        if (i !== source && at(i) === '╯') columns[source] = [...columns[source]!, ...from]
    } else {
      columns = columns.map((from, i) => (at(i) === '│' ? from : []))
    }
  }
  return new Map([...parents].map(([id, found]) => [id, [...new Set(found)].toSorted()]))
}

function draw(one: {readonly dag: string; readonly range?: string}, glyphs: Glyphs, lines: number): string {
  const graph = dag(one.dag)
  const drawn = planHistory(graph, one.range).map((id) => ({id, parents: graph.downRevisions(id)}))
  const textsOf = (id: string): SafeText[] => [text`${id}`, text`more`, text`and more`].slice(0, lines)
  return drawGraph(layoutGraph(drawn), ({id}) => ({lines: textsOf(id), isCurrent: id === 'b'}), glyphs)
    .map(({value}) => value)
    .join('\n')
}
