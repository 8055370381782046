import {expect} from 'chai'
import type {Entities, ModelProject} from './models.ts'

/**
 * Generates a revision for each of the entities, from nothing on, and applies it, after which there must be no difference;
 * then goes down to the base, where the catalogue must be what it was.
 */
export async function expectFullCircle(
  project: ModelProject,
  stages: readonly [() => Entities, () => Entities],
): Promise<void> {
  await project.use([])
  const start = await project.catalogue()
  for (const entities of stages) {
    await project.use(entities())
    const generated = await project.generate()
    expect(generated.revision, 'there is a difference').to.not.equal(null)
    await project.upgrade()
    const again = await project.generate()
    expect(again.detected.map(({text}) => text)).to.deep.equal([])
  }
  await project.downgrade('base')
  expect(await project.catalogue()).to.deep.equal(start)
}
