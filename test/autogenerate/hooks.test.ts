import {defineEntity, p} from '@mikro-orm/core'
import {expect} from 'chai'
import {rewriter} from '../../src/autogenerate/rewriter.ts'
import type {Directive} from '../../src/config/autogenerate.ts'
import {rejectionOf} from '../support/errors.ts'
import {ModelProject} from '../support/models.ts'

const users = defineEntity({
  name: 'User',
  tableName: 'users',
  properties: {id: p.integer().primary(), name: p.string().default('x').index()},
})
const audit = defineEntity({name: 'Audit', tableName: 'audit_log', properties: {id: p.integer().primary()}})

/** What the configuration says under `autogenerate`, and what is found and written then. */
const cases: readonly ({readonly name: string; readonly config: string} & (
  | {readonly detected: readonly string[]}
  | {readonly writes: string}
))[] = [
  {name: 'patterns leave tables out', config: `exclude: ['audit_*']`, detected: ['users', 'users.users_name_index']},
  {name: 'patterns let tables in', config: `include: ['audit_*']`, detected: ['audit_log']},
  {
    name: 'includeName leaves things out by name and kind',
    config: `includeName: (name, kind) => kind !== 'index' && name !== 'audit_log'`,
    detected: ['users'],
  },
  {
    name: 'renderItem writes an operation',
    config: `renderItem: (operation) => operation.kind === 'createTable' ? '// made elsewhere: ' + operation.table : undefined`,
    writes: 'upgrade(op: Operations) {\n  // made elsewhere: audit_log\n  // made elsewhere: users\n}',
  },
  {
    name: 'processRevisionDirectives changes what is done, and the downgrade follows',
    config: `processRevisionDirectives: (directives) => directives.map((one) => ({
      ...one, upgrade: one.upgrade.filter(({table}) => table === 'audit_log')}))`,
    writes: `downgrade(op: Operations) {\n  // loses data: the rows of audit_log\n  op.dropTable('audit_log')\n}`,
  },
  {
    name: 'a comparator of the project finds what nobody else does',
    config: `comparators: {comments: async ({dialect, query}) => {
      const [{n}] = await query("select count(*) as n from sqlite_master where name = 'extra'")
      return n === 0 ? [{kind: 'execute', sql: 'create table extra (id integer)', parameters: [], inverse: 'drop table extra'}] : []
    }}`,
    writes: "op.execute('create table extra (id integer)', [], {inverse: 'drop table extra'})",
  },
]

describe('hooks of autogenerate', () => {
  let project: ModelProject
  beforeEach(async () => {
    project = await ModelProject.open('sqlite')
    await project.use([users, audit])
  })
  afterEach(async () => project.close())

  const configure = (text: string): void =>
    void project.folder.write({'mig.config.js': `export default {autogenerate: {${text}}}\n`})

  for (const {name, config, ...expected} of cases)
    it(name, async () => {
      configure(config)
      const result = await project.generate()
      if ('detected' in expected) expect(result.detected.map((one) => one.name)).to.deep.equal(expected.detected)
      else expect(project.read(result)).to.include(expected.writes)
    })

  it('tables that MikroORM is to skip are skipped, also those that a revision has made', async () => {
    await project.generate()
    await project.upgrade()
    await project.use([users, audit], {
      schemaGenerator: {skipTables: ['audit_log'], skipColumns: {users: ['name']}},
    })
    const {detected, unknown} = await project.generate()
    expect([detected, unknown]).to.deep.equal([[], []])
  })

  it('includeObject knows on which side something is, and whether the other side has it', async () => {
    await project.query('create table users (id integer not null primary key autoincrement, old text null)')
    const detected = async (condition: string, drops: readonly string[] = []): Promise<readonly string[]> => {
      configure(`includeObject: ({kind, isIn, hasCounterpart}) => ${condition}`)
      const result = await project.generate({drops})
      project.removeRevisions()
      return result.detected.map(({name}) => name)
    }
    const all = ['audit_log', 'users.old', 'users.name', 'users.users_name_index']
    expect(await detected('true', ['users.old'])).to.deep.equal(all)
    expect(await detected('isIn === "database" || hasCounterpart', ['users.old'])).to.deep.equal(['users.old'])
    expect(await detected('isIn === "entities" || hasCounterpart')).to.deep.equal(all.toSpliced(1, 1))
    expect(await detected('kind !== "column"')).to.deep.equal(['audit_log', 'users.users_name_index'])
  })

  it('an empty list of directives writes no file', async () => {
    configure('processRevisionDirectives: () => []')
    expect((await project.generate()).revision).to.equal(null)
  })

  it('compareType and compareDefault have the last word', async () => {
    await project.generate()
    await project.upgrade()
    const changed = defineEntity({
      name: 'User',
      tableName: 'users',
      properties: {id: p.integer().primary(), name: p.integer().default(7).index()},
    })
    await project.use([changed, audit])
    configure('compareType: () => false')
    expect((await project.generate()).detected.map(({text}) => text)).to.deep.equal([
      "Detected changed default of column 'users.name'",
    ])
    project.removeLast()
    configure('compareType: ({column}) => column !== "name", compareDefault: () => false')
    expect((await project.generate()).revision).to.equal(null)
  })

  it('a comparator that there is not is an error', async () => {
    configure('comparators: {timestmaps: false}')
    const error = await rejectionOf('INVALID_CONFIG', async () => project.generate())
    expect(error.message).to.include('timestamps')
  })
})

describe('a rewriter', () => {
  const directive: Directive = {
    database: undefined,
    dialect: 'postgresql',
    upgrade: [
      {kind: 'createIndex', table: 'users', columns: ['name'], name: 'i'},
      {kind: 'dropTable', table: 'old'},
    ],
    downgrade: [],
  }

  it('puts operations in the place of others, and can be one of a chain', async () => {
    const concurrent = rewriter({createIndex: (operation) => ({...operation, concurrently: true})})
    const careful = rewriter({dropTable: () => [], createIndex: (operation) => [operation, operation]})
    const [result] = await concurrent.chain(careful)([directive])
    expect(result?.upgrade.map(({kind, ...rest}) => [kind, 'concurrently' in rest])).to.deep.equal([
      ['createIndex', true],
      ['createIndex', true],
    ])
  })

  it('leaves alone what it has nothing to say about', async () => {
    const [result] = await rewriter({createIndex: () => undefined})([directive])
    expect(result?.upgrade).to.deep.equal(directive.upgrade)
  })
})
