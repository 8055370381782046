import {pathToFileURL} from 'node:url'
import {join} from 'node:path'
import {expect} from 'chai'
import {failureOf} from '../../src/cli/failure.ts'
import {autogenerate, current, downgrade, show, upgrade} from '../../src/index.ts'
import {mig} from '../support/cli.ts'
import {Folder} from '../support/folder.ts'

const core = import.meta.resolve('@mikro-orm/core')
const rewriter = pathToFileURL('src/autogenerate/rewriter.ts').href

/** What a configuration says besides its database and its entities. */
interface Case {
  readonly name: string
  /** Keys of the configuration, in which `boom()` throws. */
  readonly config?: string
  /** Keys of the options of MikroORM. */
  readonly orm?: string
  /** Keys of the entity. */
  readonly entity?: string
  /** Whatever stands above the configuration. */
  readonly head?: string
  /** The body of a second revision. */
  readonly upgrade?: string
  readonly act: (cwd: string) => Promise<unknown>
  readonly code: string
  /** What the message names besides the place. */
  readonly says: string
}

const generate = async (cwd: string): Promise<unknown> => autogenerate({cwd, message: 'x'})
const ask = async (cwd: string): Promise<unknown> => current({cwd})
const up = async (cwd: string): Promise<unknown> => upgrade({cwd})

const CONFIG = {code: 'CONFIG_FAILED', says: 'The configuration failed at'} as const
const ORM = {code: 'ORM_FAILED', says: 'MikroORM cannot be initialised from'} as const
const HOOK = {code: 'PROJECT_CODE_FAILED', act: generate} as const

/** An operation of the project whose function of this name throws. */
const operation = (name: string): Pick<Case, 'config' | 'upgrade'> => ({
  upgrade: "op.touch('users')",
  config: `operations: [{kind: 'touch', parameters: ['table'], sql: () => ['select 1'], inverse: () => [],
  ${name}: () => boom()}]`,
})

const cases: readonly Case[] = [
  {name: 'a configuration that is a function', head: 'boomIn(3)', act: ask, ...CONFIG},
  {name: 'a getter', config: 'get scriptDirectory() { return boom() }', act: ask, ...CONFIG},
  {name: 'a getter in a key', config: 'autogenerate: {get exclude() { return boom() }}', act: ask, ...CONFIG},
  {name: '`orm`', config: 'orm: () => boom()', act: ask, ...CONFIG},
  {name: '`orm` that rejects', config: 'orm: async () => boom()', act: ask, ...CONFIG},
  {
    name: '`orm` of one of several databases',
    config: 'orm: undefined, databases: {main: {orm: () => boom()}}',
    act: ask,
    ...CONFIG,
  },
  {name: '`tenants`', config: 'tenants: async () => boom()', act: ask, ...CONFIG},
  {name: 'a getter in the options of MikroORM', orm: 'get schema() { return boom() }', act: ask, ...CONFIG},
  {
    name: 'the options of the driver',
    head: `import {SqliteDriver} from '${import.meta.resolve('@mikro-orm/sqlite')}'`,
    orm: "clientUrl: undefined, driver: SqliteDriver, dbName: ':memory:', driverOptions: () => boom()",
    act: ask,
    ...ORM,
  },
  {
    name: 'a getter in the options of the driver',
    orm: 'driverOptions: {get fileMustExist() { return boom() }}',
    act: ask,
    code: 'PROJECT_CODE_FAILED',
    says: 'Code of the project failed at',
  },
  {name: 'a function of an entity', entity: "checks: [{name: 'c', expression: () => boom()}]", act: ask, ...ORM},
  ...['includeName', 'includeObject', 'compareType', 'compareDefault', 'renderItem', 'processRevisionDirectives'].map(
    (name) => ({
      name,
      config: `autogenerate: {${name}: () => boom()}`,
      says: `\`autogenerate.${name}\` failed at`,
      ...HOOK,
    }),
  ),
  {
    name: 'processRevisionDirectives that rejects',
    config: 'autogenerate: {processRevisionDirectives: async () => boom()}',
    says: '`autogenerate.processRevisionDirectives` failed at',
    ...HOOK,
  },
  {
    name: 'a rule of a rewriter',
    head: `import {rewriter} from '${rewriter}'`,
    config: 'autogenerate: {processRevisionDirectives: rewriter({addColumn: () => boom()})}',
    says: '`autogenerate.processRevisionDirectives` failed at',
    ...HOOK,
  },
  {
    name: 'a comparator',
    config: 'autogenerate: {comparators: {comments: async () => boom()}}',
    says: '`autogenerate.comparators.comments` failed at',
    ...HOOK,
  },
  {
    name: 'sql of an operation',
    ...operation('sql'),
    act: up,
    code: 'REVISION_FAILED',
    says: '`sql` of the operation touch failed at',
  },
  {
    name: 'inverse of an operation',
    ...operation('inverse'),
    act: async (cwd) => {
      await up(cwd)
      await downgrade({cwd, target: '-1'})
    },
    code: 'PROJECT_CODE_FAILED',
    says: '`inverse` of the operation touch failed at',
  },
  ...['effects', 'losesData'].map((name) => ({
    name: `${name} of an operation`,
    ...operation(name),
    act: async (cwd: string) => show({cwd, target: 'b', effects: true}),
    code: 'PROJECT_CODE_FAILED',
    says: `\`${name}\` of the operation touch failed at`,
  })),
]

describe('code of a project that throws is named, with its file and line:', () => {
  for (const c of cases)
    it(c.name, async () => {
      const folder = await projectOf()
      const text = configOf(folder, c)
      folder.write({'mig.config.js': text})
      if (c.upgrade !== undefined) folder.write({'migrations/versions/b.ts': revisionText('b', 'a', c.upgrade)})
      const failure = failureOf(await thrownBy(async () => c.act(folder.path)), undefined)
      expect(failure.code, failure.message).to.equal(c.code)
      expect(failure.message).to.contain(c.says)
      expect(failure.message).to.contain('the reason')
      // boom itself is the first place of the stack in the project.
      expect(failure.message).to.contain(`${join(folder.path, 'mig.config.js')}:${lineOf(text, 'the reason')}`)
      expect(failure.hint ?? '').not.to.contain('defect')
    })

  it('what is thrown is no error', async () => {
    const folder = await projectOf()
    folder.write({
      'mig.config.js': configOf(folder, {config: "autogenerate: {includeObject: () => { throw 'the reason' }}"}),
    })
    const failure = failureOf(await thrownBy(async () => generate(folder.path)), undefined)
    expect(failure.message).to.equal('`autogenerate.includeObject` failed: the reason')
  })

  it('on the command line', async () => {
    const folder = await projectOf()
    folder.write({'mig.config.js': configOf(folder, {config: 'autogenerate: {includeObject: () => boom()}'})})
    const {stderr, status} = await mig('check models', {cwd: folder.path})
    expect(stderr).to.match(
      /^error: `autogenerate\.includeObject` failed at \/.*\/mig\.config\.js:1: the reason\nhint: `--debug` shows the whole stack\.\n$/,
    )
    expect(status).to.equal(1)
  })
})

/** A project whose database has less than its entities. */
async function projectOf(): Promise<Folder> {
  const create = "op.createTable('users', (t) => ({id: t.integer().primaryKey(), name: t.text().default('y')}))"
  const folder = new Folder().write({'migrations/versions/a.ts': revisionText('a', undefined, create)})
  folder.write({'mig.config.js': configOf(folder, {})})
  await upgrade({cwd: folder.path})
  return folder
}

function configOf(folder: Folder, {config = '', orm = '', entity = '', head = ''}: Partial<Case>): string {
  const database = JSON.stringify(`sqlite:${join(folder.path, 'app.db')}`)
  return `function boom() { throw new Error('the reason') }
import {defineEntity, p} from '${core}'
${head === 'boomIn(3)' ? '' : head}
const properties = {id: p.integer().primary(), name: p.string().default('x'), age: p.integer().nullable()}
const users = defineEntity({name: 'User', tableName: 'users', properties, ${entity}})
const orm = () => ({clientUrl: ${database}, entities: [users], ${orm}})
const config = () => ({orm: orm(), ${config}})
export default ${head === 'boomIn(3)' ? '() => boom()' : 'config()'}
`
}

function revisionText(id: string, down: string | undefined, body: string): string {
  return `/** ${id} */
export const revision = '${id}'
export const downRevision = ${down === undefined ? 'null' : `'${down}'`}
export function upgrade(op) { ${body} }
`
}

function lineOf(text: string, part: string): number {
  return text.slice(0, text.indexOf(part)).split('\n').length
}

async function thrownBy(work: () => Promise<unknown>): Promise<unknown> {
  try {
    await work()
  } catch (error) {
    return error
  }
  throw new Error('nothing was thrown')
}
