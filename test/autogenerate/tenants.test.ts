import {defineEntity, p} from '@mikro-orm/core'
import {expect} from 'chai'
import type {AutogenerateOptions} from '../../src/autogenerate/autogenerate.ts'
import {check} from '../../src/api/checks/check.ts'
import {ModelProject} from '../support/models.ts'

describe('autogenerate with tenants', () => {
  let project: ModelProject
  before(async () => {
    project = await ModelProject.open('postgresql')
  })
  after(async () => project.close())

  it('compares with what the history makes for any of them', async () => {
    project.folder.write({'mig.config.js': `export default {tenants: ['one', 'two']}\n`})
    await project.query('create schema one', 'create schema two')
    const school = defineEntity({
      name: 'School',
      tableName: 'schools',
      schema: '*',
      properties: {id: p.integer().primary()},
    })
    const student = defineEntity({
      name: 'Student',
      tableName: 'students',
      schema: '*',
      properties: {id: p.integer().primary(), school: () => p.manyToOne(school)},
    })
    await project.use([school, student])
    const result = await project.generate()
    expect(project.read(result)).to.include("op.createForeignKey('students', ['school_id'], 'schools', ['id'])")
    await project.upgrade()
    expect(
      await project.rows("select schemaname from pg_tables where tablename = 'students' order by 1"),
    ).to.deep.equal([{schemaname: 'one'}, {schemaname: 'two'}])
    const {checks} = await check({cwd: project.cwd, orm: project.orm, names: ['models']})
    expect(checks[0]?.findings).to.deep.equal([])
  })

  it('says which entities have a schema of their own, and are left out', async () => {
    const of = (name: string, tableName: string, schema?: string): object =>
      defineEntity({
        name,
        tableName,
        ...(schema !== undefined && {schema}),
        properties: {id: p.integer().primary()},
      })
    await project.use([of('Room', 'rooms', '*'), of('Plan', 'plans', 'shared'), of('Price', 'prices', 'shared')])
    const notes: string[] = []
    const onEvent: AutogenerateOptions['onEvent'] = (event) => {
      if (event.kind === 'note') notes.push(event.text)
    }
    const {detected, omitted} = await project.generate({onEvent})
    expect(detected.map(({text}) => text)).to.include("Detected added table 'rooms'")
    expect(omitted).to.deep.equal([])
    expect(notes).to.deep.equal([
      'With tenants, entities with a schema of their own are left out: shared.plans, shared.prices.',
    ])
  })
})
