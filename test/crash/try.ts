import {Bench} from '../support/contract.ts'
import {createDatabase, dropAll} from '../support/databases.ts'
import type {DatabaseKind} from '../support/databases.ts'
import {catalogueOf} from '../support/catalogue.ts'
import {bodyOf, dag} from './history.ts'
import {migKilled} from '../support/crash.ts'
for (const kind of process.argv.slice(2) as DatabaseKind[]) {
  const on = new Bench(kind, await createDatabase(kind))
  on.use(dag, ({id}) => bodyOf(id, kind))
  for (const c of ['upgrade heads', 'downgrade base']) {
    const t = performance.now()
    const r = await migKilled(c, {at: 100000, when: 'before'}, on)
    console.log(kind, c, r.status, r.stderr.slice(-300), Math.round(performance.now() - t))
    if (c[0] === 'u') console.log((await catalogueOf(kind, on.database)).filter((x) => process.env.V))
  }
  await on.end()
}
await dropAll()
