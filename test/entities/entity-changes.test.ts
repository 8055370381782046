import {readFileSync} from 'node:fs'
import {expect} from 'chai'
import {databaseKinds} from '../support/databases.ts'
import type {DatabaseKind} from '../support/databases.ts'
import {Workbench} from '../support/changes/workbench.ts'
import type {Change} from '../support/changes/workbench.ts'

interface NamedChange extends Change {
  readonly name: string
  readonly databases: readonly DatabaseKind[]
}

const changes = JSON.parse(
  readFileSync(new URL('../../fixtures/entities/changes.json', import.meta.url), 'utf8'),
) as readonly NamedChange[]

/** MikroORM writes the backslashes of a default as they are, which MySQL and MariaDB take for escapes. */
const isMisread = ({name}: NamedChange, kind: DatabaseKind): boolean =>
  name === 'default backslash' && (kind === 'mariadb' || kind === 'mysql')

for (const kind of databaseKinds)
  describe(`autogenerate of a change of entities, on ${kind}`, () => {
    let workbench: Workbench
    before(async () => {
      workbench = await Workbench.open(kind, {needsReference: false})
    })
    after(async () => workbench.close())

    const named = kind === 'mysql' ? 'mariadb' : kind
    // A boolean is an integer on SQLite, so nothing changes there.
    const isChange = ({name, databases}: NamedChange): boolean =>
      databases.includes(named) && !(kind === 'sqlite' && name === 'bool')
    for (const change of changes.filter(isChange))
      it(`makes it back and forth: ${change.name}`, async () => {
        const {refusedRows} = await workbench.try({...change, isMisread: isMisread(change, kind)})
        expect(refusedRows).to.deep.equal([])
      })
  })
