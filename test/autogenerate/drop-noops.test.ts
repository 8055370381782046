import {defineEntity, p} from '@mikro-orm/core'
import {expect} from 'chai'
import {databaseKinds} from '../support/databases.ts'
import {ModelProject} from '../support/models.ts'
import type {Entities} from '../support/models.ts'

const graded = (from: number): Entities => [
  defineEntity({
    name: 'Student',
    tableName: 'students',
    properties: {id: p.integer().primary(), grade: p.integer()},
    checks: [{name: 'students_grade', expression: `grade between ${from} and 13`}],
  }),
]

/** Entities whose view the server writes in its own words. */
const withView = (least: number): Entities => [
  ...graded(1),
  defineEntity({
    name: 'Good',
    tableName: 'good_students',
    view: true,
    expression: `select id, grade from students where grade > ${least}`,
    properties: {id: p.integer().primary(), grade: p.integer()},
  } as never),
]

for (const kind of databaseKinds.filter((one) => one !== 'pglite'))
  for (const scratch of [undefined, false])
    describe(`what looks different and is not, on ${kind}${scratch === false ? ', without a scratch database' : ''}`, () => {
      let project: ModelProject
      before(async () => {
        project = await ModelProject.open(kind)
        await project.use(withView(3))
        await project.generate({scratch})
        await project.upgrade()
      })
      after(async () => project.close())

      it('is not found, and what is different beside it is', async () => {
        expect((await project.generate({scratch})).revision).to.equal(null)
        await project.use(withView(5))
        const changed = await project.generate({scratch})
        expect(changed.detected.map(({text}) => text)).to.deep.equal(["Detected changed view 'good_students'"])
        await project.upgrade()
        expect((await project.generate({scratch})).revision).to.equal(null)
      })
    })

describe('a change that only rows stand in the way of', () => {
  it('is marked in the file, and leaves no trace', async () => {
    const project = await ModelProject.open('sqlite')
    const table = (n: object): Entities => [
      defineEntity({name: 'T', tableName: 't', properties: {id: p.integer().primary(), n}} as never),
    ]
    await project.use(table(p.integer().nullable()))
    await project.generate()
    await project.upgrade()
    await project.query('insert into t (n) values (null)')
    await project.use(table(p.integer()))
    const result = await project.generate()
    expect(result.detected.map(({text}) => text)).to.deep.equal(["Detected changed NOT NULL of column 't.n'"])
    expect(result.rehearsals[0]?.refused).to.have.lengthOf(1)
    expect(result.rehearsals[0]?.refused[0]).to.include({direction: 'upgrade', index: 0, onlyWithRows: true})
    expect(result.rehearsals[0]?.refused[0]?.reason).to.match(/NOT NULL constraint failed/)
    expect(project.read(result)).to.include('// requires a value for existing rows: fill the column first')
    expect(await project.rows('select n from t')).to.deep.equal([{n: null}])
    await project.close()
  })
})
