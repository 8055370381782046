import {writeFileSync} from 'node:fs'
import {createDatabase, dropAll} from '../support/databases.ts'
import {settings} from './support/changes.ts'
import {measuring} from './support/measure.ts'
import {measuredChanges, measuredFile, pairsIn} from './support/measured.ts'
import type {MeasuredChange} from './support/measured.ts'

/** Measures every two changes of all settings on PostgreSQL, which takes minutes, or of those that are named. */
const wanted = process.argv.slice(2)
const lines: MeasuredChange[] = []
for (const [name, setting] of Object.entries(settings)) {
  if (wanted.length > 0 && !wanted.includes(name)) {
    lines.push(...measuredChanges(name))
    continue
  }
  const database = await createDatabase('postgresql')
  const found = new Map(Object.keys(setting.changes).map((a) => [a, [] as string[]]))
  await measuring(database.url, setting, async (measure) => {
    for (const [a, b] of pairsIn(name)) if ((await measure(a, b)) !== undefined) found.get(a)?.push(b)
  })
  await database.drop()
  for (const [a, collides] of found) lines.push({setting: name, a, collides})
}
writeFileSync(measuredFile, `${lines.map((line) => JSON.stringify(line)).join('\n')}\n`)
await dropAll()
