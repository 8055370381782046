import {expect} from 'chai'
import type {AutogenerateOptions} from '../../src/autogenerate/autogenerate.ts'
import type {Entities, ModelProject} from './models.ts'

/** Two states of entities, and the database in between. */
export interface Change {
  readonly before: () => Entities
  readonly after: () => Entities
  /** Options of MikroORM in the second state. */
  readonly options?: object
  /** Statements that run once the first state is there: rows, and objects that entities cannot describe. */
  readonly sql?: readonly string[]
  readonly answers?: Pick<AutogenerateOptions, 'renames' | 'drops'>
  /** A query whose rows stay the same in both directions. */
  readonly keeps?: string
  /** Whether a column that comes back is the last one. */
  readonly reorders?: true
}

/**
 * Generates the revision from one state of entities to another, applies it, reverts it and applies it again: no
 * difference is found where it is applied, and the catalogue is the same each time. Returns the text of the revision.
 */
export async function expectBothWays(
  project: ModelProject,
  {before, after, options = {}, sql = [], answers = {}, keeps, reorders}: Change,
): Promise<string> {
  await project.use(before())
  await project.generate()
  await project.upgrade()
  await project.query(...sql)
  const read = async (): Promise<readonly string[]> => {
    const all = comparable(await project.catalogue())
    return reorders ? inAnyOrder(all) : all
  }
  const catalogue = await read()
  const rows = keeps === undefined ? [] : await project.rows(keeps)
  const hasSameRows = async (): Promise<void> => {
    if (keeps !== undefined) expect(await project.rows(keeps)).to.deep.equal(rows)
  }

  await project.use(after(), options)
  const generated = await project.generate(answers)
  expect(generated.revision, 'there is a difference').to.not.equal(null)
  await project.upgrade()
  await hasSameRows()
  const changed = await read()
  expect(changed, 'it changes something').to.not.deep.equal(catalogue)
  await expectNone(project)

  await project.downgrade('-1')
  expect(await read()).to.deep.equal(catalogue)
  await hasSameRows()
  await project.upgrade()
  expect(await read()).to.deep.equal(changed)
  await hasSameRows()
  return project.read(generated)
}

async function expectNone(project: ModelProject): Promise<void> {
  const {detected} = await project.generate()
  expect(detected.map(({text}) => text)).to.deep.equal([])
}

/** MySQL lists the indexes of a table in the order of their creation. */
function comparable(catalogue: readonly string[]): readonly string[] {
  return catalogue.map((text) => {
    const lines = text.split('\n').map((line) => line.replace(/,$/, ''))
    const isIndex = (line: string): boolean => /^ {2}(?:(?:UNIQUE |FULLTEXT )?KEY|CONSTRAINT)/.test(line)
    const first = lines.findIndex(isIndex)
    if (first === -1) return text
    return [
      ...lines.slice(0, first),
      ...lines.filter(isIndex).toSorted(),
      ...lines.slice(first).filter((line) => !isIndex(line)),
    ].join('\n')
  })
}

function inAnyOrder(catalogue: readonly string[]): readonly string[] {
  const lines = catalogue.map((text) =>
    text
      .split('\n')
      .toSorted()
      .join('\n')
      .replace(/^(column \S+) \d+/, '$1'),
  )
  return lines.toSorted()
}
