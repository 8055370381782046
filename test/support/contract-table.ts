import {readFileSync, writeFileSync} from 'node:fs'
import {expect} from 'chai'
import type {DatabaseKind} from './databases.ts'

const page = 'docs/databases.md'
const marks = /(?<=<!-- contract:begin -->\n).*?(?=<!-- contract:end -->)/s

const columns: readonly (readonly [kind: DatabaseKind, title: string])[] = [
  ['postgresql', 'PostgreSQL'],
  ['pglite', 'PGlite'],
  ['sqlite', 'SQLite'],
  ['mariadb', 'MariaDB'],
  ['mysql', 'MySQL'],
]

/** What was found of one behaviour: for each database, whether it holds, or why it does not apply. */
export type Findings = ReadonlyMap<DatabaseKind, string>

/** Returns the behaviours that the documentation has a row for. */
export function documentedBehaviours(): readonly string[] {
  return [...rowsOf(readFileSync(page, 'utf8')).keys()]
}

/** Returns the cells of each behaviour's row, one for each database. */
export function documentedFindings(): ReadonlyMap<string, readonly string[]> {
  return rowsOf(readFileSync(page, 'utf8'))
}

/**
 * Compares what the suite found of a behaviour with its row in the documentation; with UPDATE_GOLDEN=1 it writes the
 * columns of the databases of this run instead.
 */
export function checkRow(behaviour: string, found: Findings): void {
  const text = readFileSync(page, 'utf8')
  const rows = rowsOf(text)
  if (process.env['UPDATE_GOLDEN'] === '1') {
    const former = rows.get(behaviour) ?? []
    rows.set(
      behaviour,
      columns.map(([kind], i) => found.get(kind) ?? former[i] ?? ''),
    )
    const sorted = [...rows].toSorted(([a], [b]) => a.localeCompare(b))
    const table = [
      ['behaviour', ...columns.map(([, title]) => title)],
      ['---', ...columns.map(() => '---')],
      ...sorted.map(([name, cells]) => [name, ...cells]),
    ]
    const lines = table.map((cells) => `| ${cells.join(' | ')} |\n`)
    writeFileSync(
      page,
      text.replace(marks, () => `\n${lines.join('')}\n`),
    )
  }
  const said = rows.get(behaviour)
  const shown = columns.filter(([kind]) => found.has(kind))
  expect(
    shown.map(([kind]) => said?.[columns.findIndex(([one]) => one === kind)]),
    `${page} on "${behaviour}": UPDATE_GOLDEN=1 writes it`,
  ).to.deep.equal(shown.map(([kind]) => found.get(kind)))
}

function rowsOf(text: string): Map<string, readonly string[]> {
  const lines = (marks.exec(text)?.[0] ?? '').split('\n').filter((line) => line.startsWith('|'))
  return new Map(
    lines
      .slice(2)
      .map((line) => line.split('|').slice(1, -1))
      .map(([behaviour = '', ...cells]) => [behaviour.trim(), cells.map((cell) => cell.trim())]),
  )
}
