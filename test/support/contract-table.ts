import {readFileSync, writeFileSync} from 'node:fs'
import {expect} from 'chai'
import {findings} from './contract.ts'
import {databaseKinds} from './databases.ts'
import type {DatabaseKind} from './databases.ts'

const page = 'docs/databases.md'
const marks = /(?<=<!-- contract:begin -->\n).*?(?=<!-- contract:end -->)/s

const columns: readonly (readonly [kind: DatabaseKind, title: string])[] = [
  ['postgresql', 'PostgreSQL'],
  ['pglite', 'PGlite'],
  ['sqlite', 'SQLite'],
  ['mariadb', 'MariaDB'],
]

/**
 * Compares what the suite found with what the documentation says; `UPDATE_GOLDEN=1 npm test` writes it instead, if every
 * database was there. Nothing is said of a run of some tests only.
 */
export function checkContractTable(): void {
  const behaviours = [...findings].toSorted(([a], [b]) => a.localeCompare(b))
  const isWhole =
    behaviours.length > 0 && behaviours.every(([, found]) => databaseKinds.every((kind) => found.has(kind)))
  if (!isWhole) return
  const text = readFileSync(page, 'utf8')
  const isEverywhere = columns.every(([kind]) => databaseKinds.includes(kind))
  if (process.env['UPDATE_GOLDEN'] === '1' && isEverywhere) {
    const rows = behaviours.map(([behaviour, found]) => [behaviour, ...columns.map(([kind]) => found.get(kind) ?? '')])
    const table = [
      ['behaviour', ...columns.map(([, title]) => title)],
      columns.concat([columns[0] ?? ['sqlite', '']]).map(() => '---'),
      ...rows,
    ]
    writeFileSync(
      page,
      text.replace(marks, () => `\n${table.map((cells) => `| ${cells.join(' | ')} |\n`).join('')}\n`),
    )
    return
  }
  const written = new Map(
    (marks.exec(text)?.[0] ?? '')
      .split('\n')
      .filter((line) => line.startsWith('|'))
      .map((line) => line.split('|').slice(1, -1))
      .map(([behaviour = '', ...cells]) => [behaviour.trim(), cells.map((cell) => cell.trim())]),
  )
  const shown = columns.filter(([kind]) => databaseKinds.includes(kind))
  for (const [behaviour, found] of behaviours) {
    const said = shown.map(([kind]) => written.get(behaviour)?.[columns.findIndex(([one]) => one === kind)])
    expect(said, `${page} on "${behaviour}": UPDATE_GOLDEN=1 npm test writes it`).to.deep.equal(
      shown.map(([kind]) => found.get(kind)),
    )
  }
  const known = ['behaviour', ...findings.keys()]
  expect(
    [...written.keys()].filter((one) => !known.includes(one) && !one.startsWith('---')),
    page,
  ).to.deep.equal([])
}
