import {existsSync, writeFileSync} from 'node:fs'
import {databaseKinds, dropAll} from '../support/databases.ts'
import {dialectsFile, measuredOnDialects} from './support/dialects/fixture.ts'
import type {MeasuredOn} from './support/dialects/fixture.ts'
import {measuringOn} from './support/dialects/measure.ts'
import {dialectSettings, measuredDialects, pairsOfChanges} from './support/dialects/setting.ts'

/** Measures every two changes of all settings on MariaDB, MySQL and SQLite, as far as the run has them, or on those named. */
const wanted = process.argv.slice(2)
const former = existsSync(dialectsFile) ? measuredOnDialects() : []
const lines: MeasuredOn[] = []
for (const dialect of measuredDialects) {
  if (!databaseKinds.includes(dialect) || (wanted.length > 0 && !wanted.includes(dialect))) {
    lines.push(...former.filter((one) => one.dialect === dialect))
    continue
  }
  for (const [setting, changes] of Object.entries(dialectSettings[dialect])) {
    const found = new Map(Object.keys(changes.changes).map((a) => [a, [] as string[]]))
    await measuringOn(dialect, changes, async (measure) => {
      for (const [a, b] of pairsOfChanges(changes)) if ((await measure(a, b)) !== undefined) found.get(a)?.push(b)
    })
    for (const [a, collides] of found) lines.push({dialect, setting, a, collides})
  }
}
writeFileSync(dialectsFile, `${lines.map((line) => JSON.stringify(line)).join('\n')}\n`)
await dropAll()
