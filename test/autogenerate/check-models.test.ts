import {defineEntity, p} from '@mikro-orm/core'
import {expect} from 'chai'
import {check} from '../../src/api/checks/check.ts'
import type {Check, CheckOptions} from '../../src/api/checks/check-options.ts'
import {rejectionOf} from '../support/errors.ts'
import {ModelProject} from '../support/models.ts'

const users = defineEntity({name: 'User', tableName: 'users', properties: {id: p.integer().primary()}})

describe('check models', () => {
  let project: ModelProject
  beforeEach(async () => {
    project = await ModelProject.open('sqlite')
    await project.use([users])
  })
  afterEach(async () => project.close())

  const run = async (options: CheckOptions = {names: ['models']}): Promise<Check | undefined> => {
    const {checks} = await check({cwd: project.cwd, orm: project.orm, ...options})
    return checks.find(({name}) => name === 'models')
  }

  it('fails with every difference, until there is none', async () => {
    expect(await run()).to.deep.equal({
      name: 'models',
      ok: false,
      findings: [
        {
          code: 'MODEL_DIFFERENCE',
          level: 'error',
          message: "Detected added table 'users'.",
          hint: '`mig revision --autogenerate -m "..."` writes the revision.',
        },
      ],
    })
    await project.generate()
    await project.upgrade()
    expect(await run()).to.deep.equal({name: 'models', ok: true, findings: []})
  })

  it('compares with the history alone, where that is asked for', async () => {
    await project.generate()
    expect(await run({names: ['models'], scratch: true})).to.deep.equal({name: 'models', ok: true, findings: []})
  })

  it('says so when it was asked for and cannot be done', async () => {
    await project.generate()
    await rejectionOf('DATABASE_NOT_AT_HEADS', async () => run())
  })

  it('notes it when it is one of all checks and cannot be done', async () => {
    await project.generate()
    const found = await run({})
    expect([found?.ok, found?.findings.map(({code, level}) => `${level} ${code}`)]).to.deep.equal([
      true,
      ['note DATABASE_NOT_AT_HEADS'],
    ])
  })

  it('is no check where there are no entities', async () => {
    await project.use([])
    expect(await run({})).to.equal(undefined)
  })
})
