import {defineEntity, p} from '@mikro-orm/core'
import {expect} from 'chai'
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
  }).timeout(60_000)
})
