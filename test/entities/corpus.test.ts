import {entitySets} from '../../fixtures/entities/sets.ts'
import {databaseKinds} from '../support/databases.ts'
import {expectFullCircle} from '../support/full-circle.ts'
import {ModelProject} from '../support/models.ts'

describe('autogenerate on a corpus of entities', function () {
  this.timeout(120_000)
  let project: ModelProject | undefined
  afterEach(async () => project?.close())

  for (const {name, on, before, after} of entitySets)
    for (const kind of databaseKinds.filter((one) => on?.includes(one) ?? true))
      it(`comes full circle with ${name}, on ${kind}`, async () => {
        project = await ModelProject.open(kind)
        await expectFullCircle(project, [() => before(kind), () => after(kind)])
      })
})
