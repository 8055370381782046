import {expect} from 'chai'
import {entitySets} from '../../fixtures/entities/sets.ts'
import {databaseKinds} from '../support/databases.ts'
import {ModelProject} from '../support/models.ts'

/** Where columns stand depends on when they were added. SQLite keeps lengths and does not heed them. */
const comparable = (lines: readonly string[]): readonly string[] =>
  lines
    .map((line) => line.replace(/^(column \S+) \d+ /, '$1 '))
    .map((line) => line.replace(/\bnumeric\(\d+, \d+\)/, 'numeric').replace(/\(\d+ , \d+\) (?=.*\bnumeric\b)/, ''))
    .toSorted()

/** Nothing else finds a change that is not detected: what is not detected is not left over, either. */
describe('a schema that was changed step by step is the one that is made at once', function () {
  this.timeout(120_000)

  for (const {name, on, before, after} of entitySets)
    for (const kind of (['postgresql', 'sqlite'] as const).filter(
      (one) => databaseKinds.includes(one) && (on?.includes(one) ?? true),
    ))
      it(`with ${name}, on ${kind}`, async () => {
        const made = async (...steps: readonly (readonly object[])[]): Promise<readonly string[]> => {
          const project = await ModelProject.open(kind)
          for (const entities of steps) {
            await project.use(entities)
            await project.generate()
            await project.upgrade()
          }
          const lines = comparable(await project.catalogue())
          await project.close()
          return lines
        }
        expect(await made(before(kind), after(kind))).to.deep.equal(await made(after(kind)))
      })
})
