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

describe('what looks different and is not', () => {
  let project: ModelProject | undefined
  afterEach(async () => project?.close())

  it('is left out and named, and what is different beside it is not', async () => {
    project = await ModelProject.open('postgresql')
    await project.use(graded(1))
    await project.generate()
    await project.upgrade()
    // Without it, MikroORM takes what PostgreSQL makes of `between` for another check.
    project.folder.write({'mig.config.js': 'export default {autogenerate: {comparators: {expressions: false}}}\n'})
    const same = await project.generate()
    expect([same.revision, same.unstable]).to.deep.equal([null, ['students.students_grade']])
    await project.use(graded(2))
    const changed = await project.generate()
    expect([changed.detected.map(({text}) => text), changed.unstable]).to.deep.equal([
      ["Detected changed check 'students.students_grade'"],
      [],
    ])
    await project.upgrade()
    const again = await project.generate()
    expect([again.revision, again.unstable]).to.deep.equal([null, ['students.students_grade']])
  })

  for (const kind of databaseKinds.filter((one) => one === 'mariadb' || one === 'mysql'))
    it(`is a view on ${kind}, unless it is another view`, async () => {
      project = await ModelProject.open(kind)
      await project.use(withView(3))
      await project.generate()
      await project.upgrade()
      expect((await project.generate()).revision).to.equal(null)
      await project.use(withView(5))
      expect((await project.generate()).detected.map(({text}) => text)).to.deep.equal([
        "Detected changed view 'good_students'",
      ])
      await project.upgrade()
      expect((await project.generate()).revision).to.equal(null)
    })

  it('cannot be told when rows stand in the way, which a note says', async () => {
    project = await ModelProject.open('sqlite')
    await project.use([
      defineEntity({name: 'T', tableName: 't', properties: {id: p.integer().primary(), n: p.integer().nullable()}}),
    ])
    await project.generate()
    await project.upgrade()
    await project.query('insert into t (n) values (null)')
    await project.use([
      defineEntity({name: 'T', tableName: 't', properties: {id: p.integer().primary(), n: p.integer()}}),
    ])
    const notes: string[] = []
    const {revision, detected} = await project.generate({
      onEvent: (event) => void (event.kind === 'note' && notes.push(event.text)),
    })
    expect(revision).to.not.equal(null)
    expect(detected.map(({text}) => text)).to.deep.equal(["Detected changed NOT NULL of column 't.n'"])
    expect(notes.join()).to.match(/^The trial run of the operations failed: .*NOT NULL constraint failed/)
    expect(await project.rows('select n from t')).to.deep.equal([{n: null}])
  })
})
