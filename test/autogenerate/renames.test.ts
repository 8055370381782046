import {defineEntity, p} from '@mikro-orm/core'
import {expect} from 'chai'
import type {AutogenerateOptions} from '../../src/autogenerate/autogenerate.ts'
import {rejectionOf} from '../support/errors.ts'
import {ModelProject} from '../support/models.ts'

const properties = {id: p.integer().primary(), grade: p.integer().nullable()}
const pupils = defineEntity({
  name: 'Pupil',
  tableName: 'pupils',
  properties: {...properties, mail: p.string().unique()},
})
const students = defineEntity({
  name: 'Student',
  tableName: 'students',
  properties: {...properties, mail: p.string().unique()},
})
const withEmail = defineEntity({
  name: 'Pupil',
  tableName: 'pupils',
  properties: {...properties, email: p.string().unique()},
})

describe('renames', () => {
  for (const kind of ['sqlite', 'postgresql'] as const)
    describe(`on ${kind}`, () => {
      let project: ModelProject
      beforeEach(async () => {
        project = await ModelProject.open(kind)
        await project.use([pupils])
        await project.generate()
        await project.upgrade()
        await project.query(`insert into pupils (mail, grade) values ('a@b.c', 3)`)
      })
      afterEach(async () => project.close())

      it('of columns are a question, and until it is answered the column is dropped and another one added', async () => {
        await project.use([withEmail])
        const result = await project.generate()
        expect(result.questions).to.deep.equal([
          {
            kind: 'column',
            removed: 'pupils.mail',
            added: ['email'],
            answers: ['--rename pupils.mail:email', '--drop pupils.mail'],
          },
        ])
        expect(result.losesData).to.deep.equal(['the values in pupils.mail'])
        expect(project.read(result)).to.include(
          "// loses data: the values in pupils.mail\n  op.dropColumn('pupils', 'mail'",
        )
      })

      it('are asked about where default, nullability and comment change as well, the most similar column first', async () => {
        const {id} = properties
        const mail = p.string().unique()
        const added = {score: p.integer().default(0).comment('of ten'), 'last year': p.integer().nullable()}
        await project.use([
          defineEntity({name: 'Pupil', tableName: 'pupils', properties: {id, mail, ...added}} as never),
        ])
        const {questions} = await project.generate()
        expect(questions.map((one) => [one.removed, one.added, one.answers])).to.deep.equal([
          [
            'pupils.grade',
            ['last year', 'score'],
            ["--rename 'pupils.grade:last year'", '--rename pupils.grade:score', '--drop pupils.grade'],
          ],
        ])
      })

      it('of columns keep what they hold, when that is the answer', async () => {
        await project.use([withEmail])
        const result = await project.generate({renames: ['pupils.mail:email']})
        expect([result.questions, result.losesData]).to.deep.equal([[], []])
        await project.upgrade()
        expect((await project.generate()).revision).to.equal(null)
        expect(await project.rows('select email, grade from pupils')).to.deep.equal([{email: 'a@b.c', grade: 3}])
        await project.downgrade('-1')
        expect(await project.rows('select mail from pupils')).to.deep.equal([{mail: 'a@b.c'}])
      })

      it('of tables keep their rows, when that is the answer', async () => {
        await project.use([students])
        expect((await project.generate({allowEmpty: true})).questions.map(({answers}) => answers)).to.deep.equal([
          ['--rename pupils:students', '--drop pupils'],
        ])
        project.removeLast()
        await project.generate({renames: ['pupils:students']})
        await project.upgrade()
        expect((await project.generate()).revision).to.equal(null)
        expect(await project.rows('select mail, grade from students')).to.deep.equal([{mail: 'a@b.c', grade: 3}])
        await project.downgrade('-1')
        expect(await project.rows('select mail from pupils')).to.deep.equal([{mail: 'a@b.c'}])
      })
    })

  it('of a partitioned table keep the rows of its partitions', async () => {
    const parts = (tableName: string): readonly object[] => [
      defineEntity({
        name: 'Part',
        tableName,
        partitionBy: {type: 'hash', expression: ['id'], partitions: 2},
        properties: {id: p.integer().primary()},
      } as never),
    ]
    const project = await ModelProject.open('postgresql')
    await project.use(parts('one'))
    await project.generate()
    await project.upgrade()
    await project.query('insert into one (id) values (1), (2), (3)')
    await project.use(parts('two'))
    const {losesData, rehearsals} = await project.generate({renames: ['one:two']})
    expect(losesData).to.deep.equal([])
    expect(rehearsals[0]?.notReverted).to.deep.equal([])
    await project.upgrade()
    expect(await project.rows('select id from two order by id')).to.deep.equal([{id: 1}, {id: 2}, {id: 3}])
    expect((await project.generate()).revision).to.equal(null)
    await project.downgrade('-1')
    expect(await project.rows('select count(*)::int as n from one')).to.deep.equal([{n: 3}])
    await project.close()
  })

  it('of a column that a trigger of a view uses are refused on SQLite, until the trigger is dropped', async () => {
    const project = await ModelProject.open('sqlite')
    await project.use([pupils])
    await project.generate()
    await project.upgrade()
    await project.query(
      `insert into pupils (mail, grade) values ('a@b.c', 3)`,
      'create view mails as select id, mail from pupils',
      'create trigger add_mail instead of insert on mails begin insert into pupils (mail) values (new.mail); end',
    )
    await project.use([withEmail])
    const rename = {renames: ['pupils.mail:email']}
    const error = await rejectionOf('RENAME_REFUSED', async () => project.generate(rename))
    expect(error.message).to.equal(
      'The column pupils.mail cannot be renamed to email: error in trigger add_mail after rename: no such column: new.mail.',
    )
    await project.query('drop trigger add_mail')
    await project.generate(rename)
    await project.upgrade()
    expect(await project.rows('select email from mails')).to.deep.equal([{email: 'a@b.c'}])
    await project.close()
  })

  describe('are answered', () => {
    let project: ModelProject
    beforeEach(async () => {
      project = await ModelProject.open('sqlite')
      await project.use([pupils])
      await project.generate()
      await project.upgrade()
      await project.use([withEmail])
    })
    afterEach(async () => project.close())

    it('by saying that it is really dropped', async () => {
      const {questions, losesData} = await project.generate({drops: ['pupils.mail']})
      expect([questions, losesData]).to.deep.equal([[], ['the values in pupils.mail']])
    })

    it('by a file', async () => {
      project.folder.write({'answers.json': '{"renames": ["pupils.mail:email"]}'})
      expect(project.read(await project.generate({answersFile: 'answers.json'}))).to.include('op.renameColumn(')
    })

    it('by whoever is asked', async () => {
      const asked: string[] = []
      const ask: AutogenerateOptions['ask'] = async (questions) => {
        asked.push(...questions.map(({removed}) => removed))
        return {renames: ['pupils.mail:email'], drops: []}
      }
      expect(project.read(await project.generate({ask}))).to.include('op.renameColumn(')
      expect(asked).to.deep.equal(['pupils.mail'])
    })

    const wrong: readonly (AutogenerateOptions & {readonly name: string; readonly says: string})[] = [
      {name: 'a column that is not gone', renames: ['pupils.grade:email'], says: 'no column pupils.grade was removed'},
      {name: 'a column that has not come', renames: ['pupils.mail:emial'], says: 'no column pupils.emial was added'},
      {name: 'a table that is not gone', renames: ['users:people'], says: 'no table users was removed'},
      {name: 'half of a rename', renames: ['pupils.mail'], says: 'use students.mail:email for a column'},
      {name: 'a drop of what is not gone', drops: ['pupils.grade'], says: 'no column pupils.grade was removed'},
    ]
    for (const {name, says, ...options} of wrong)
      it(`not by ${name}`, async () => {
        const error = await rejectionOf('UNKNOWN_ANSWER', async () => project.generate(options))
        expect(error.message).to.include(says)
      })
  })
})
