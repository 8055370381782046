import {writeFileSync} from 'node:fs'
import {createDatabase, dropAll} from '../support/databases.ts'
import {settings} from './support/changes.ts'
import {measuring} from './support/measure.ts'
import {measuredFile, pairsIn} from './support/measured.ts'

/** Measures every two changes of all settings on PostgreSQL, which takes minutes. */
const lines: string[] = []
for (const [name, setting] of Object.entries(settings)) {
  const database = await createDatabase('postgresql')
  const found = new Map(Object.keys(setting.changes).map((a) => [a, [] as string[]]))
  await measuring(database.url, setting, async (measure) => {
    for (const [a, b] of pairsIn(name)) if ((await measure(a, b)) !== undefined) found.get(a)?.push(b)
  })
  await database.drop()
  for (const [a, collides] of found) lines.push(JSON.stringify({setting: name, a, collides}))
}
writeFileSync(measuredFile, `${lines.join('\n')}\n`)
await dropAll()
