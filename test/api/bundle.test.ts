import {MikroORM} from '@mikro-orm/sqlite'
import {expect} from 'chai'
import {
  defineOperation,
  downgrade,
  ensureVersion,
  heads,
  history,
  show,
  stamp,
  status,
  upgrade,
} from '../../src/index.ts'
import type {Bundle} from '../../src/index.ts'
import {createDatabase} from '../support/databases.ts'
import type {TestDatabase} from '../support/databases.ts'
import {rejectionOf} from '../support/errors.ts'

const header = (id: string, parent: string | null): string =>
  `export const revision = ${JSON.stringify(id)}\nexport const downRevision = ${JSON.stringify(parent)}\n`

function bundleOf(changed: Partial<Bundle> = {}): Bundle {
  return {
    format: 1,
    settings: {},
    code: [],
    locations: ['versions'],
    files: {
      'versions/aaaa.ts': {
        text: `${header('aaaa', null)}export async function upgrade(op) { op.createTable('t', (t) => ({n: t.integer()})) }
export async function downgrade(op) {
  // It stays.
}
`,
        load: async () => ({
          upgrade: (op: {createTable: (name: string, columns: unknown) => void}) =>
            op.createTable('t', (t: {integer: () => unknown}) => ({n: t.integer()})),
          // As bundlers leave it.
          async downgrade() {},
        }),
      },
      'versions/bbbb.sql': {text: '-- revision: bbbb\n-- revises: aaaa\n\n-- upgrade\ncreate table b (n int);\n'},
    },
    ...changed,
  }
}

const api = {downgrade, ensureVersion, heads, history, show, stamp, status, upgrade}

const invalid: readonly {
  readonly name: string
  readonly call: keyof typeof api
  readonly options: object
  readonly code: 'INVALID_OPTION' | 'INVALID_BUNDLE' | 'INVALID_CONFIG'
  readonly message: string
}[] = [
  {
    name: 'a value that is no bundle',
    call: 'upgrade',
    options: {bundle: {}},
    code: 'INVALID_BUNDLE',
    message: 'The option bundle is not a bundle.',
  },
  {
    name: 'a module instead of its default export',
    call: 'heads',
    options: {bundle: {default: bundleOf()}},
    code: 'INVALID_BUNDLE',
    message: 'The option bundle is a module.',
  },
  {
    name: 'a bundle of a later format',
    call: 'history',
    options: {bundle: bundleOf({format: 2})},
    code: 'INVALID_BUNDLE',
    message: 'The option bundle has the format 2, and this version of mig runs format 1.',
  },
  {
    name: 'a bundle with a file that has no text',
    call: 'stamp',
    options: {bundle: {...bundleOf(), files: {'versions/aaaa.sql': {}}}, target: 'heads'},
    code: 'INVALID_BUNDLE',
    message: 'The option bundle is incomplete.',
  },
  {
    name: 'a bundle without a database',
    call: 'upgrade',
    options: {bundle: bundleOf()},
    code: 'INVALID_BUNDLE',
    message: 'A bundle has no database, and neither orm nor em was passed.',
  },
  {
    name: 'a bundle without its code',
    call: 'ensureVersion',
    options: {bundle: bundleOf({code: ['operations', 'afterRun']}), settings: {afterRun: undefined}},
    code: 'INVALID_BUNDLE',
    message: 'The bundle needs operations, which is code and not part of it.',
  },
  {
    name: 'a configuration beside a bundle',
    call: 'downgrade',
    options: {bundle: bundleOf(), target: 'base', config: 'mig.config.ts'},
    code: 'INVALID_OPTION',
    message: 'Invalid option config of downgrade: it is about files, which a bundle replaces.',
  },
  {
    name: 'a commit beside a bundle',
    call: 'heads',
    options: {bundle: bundleOf(), at: 'main'},
    code: 'INVALID_OPTION',
    message: 'Invalid option at of heads: it is about files, which a bundle replaces.',
  },
  {
    name: 'settings without a bundle',
    call: 'upgrade',
    options: {settings: {versionTable: 'v'}},
    code: 'INVALID_OPTION',
    message: 'Invalid option settings of upgrade: it is only for a bundle.',
  },
  {
    name: 'a bundle for a function that is about files',
    call: 'status',
    options: {bundle: bundleOf()},
    code: 'INVALID_OPTION',
    message: 'Invalid option bundle of status: there is no such option.',
  },
  {
    name: 'a setting that concerns no run',
    call: 'heads',
    options: {bundle: bundleOf(), settings: {orm: 'sqlite:x'}},
    code: 'INVALID_CONFIG',
    message: '`settings`: unknown key orm.',
  },
  {
    name: 'a setting of the wrong type',
    call: 'heads',
    options: {bundle: bundleOf(), settings: {lockRetries: -1}},
    code: 'INVALID_CONFIG',
    message: '`settings`: lockRetries must be 0 or a positive integer.',
  },
]

describe('functions that take a bundle', () => {
  for (const {name, call, options, code, message} of invalid)
    it(`refuse ${name}`, async () => {
      const run = api[call] as (given: object) => Promise<unknown>
      const error = await rejectionOf(code, async () => run(options))
      expect(error.message.slice(0, message.length)).to.equal(message)
      expect(error.hint).to.be.a('string')
    })

  describe('on a database', () => {
    let database: TestDatabase
    let orm: MikroORM
    beforeEach(async () => {
      database = await createDatabase('sqlite')
      const dbName = database.url.replace('sqlite:', '')
      orm = await MikroORM.init({dbName, entities: [], discovery: {warnWhenNoEntities: false}})
    })
    afterEach(async () => {
      await orm.close(true)
      await database.drop()
    })

    it('use its settings, and those of the caller instead', async () => {
      const calls: string[] = []
      const bundle = bundleOf({settings: {versionTable: 'applied', logTable: 'log'}, code: ['beforeRun']})
      const settings = {logTable: 'other_log', beforeRun: (): number => calls.push('beforeRun')}
      await upgrade({bundle, orm, settings})
      expect(calls).to.deep.equal(['beforeRun'])
      const [tables] = await database.query("select name from sqlite_master where type = 'table' order by name")
      expect(tables?.map(({name}) => name)).to.include.members(['applied', 'b', 'other_log', 't'])
    })

    it('run custom operations that the caller passes', async () => {
      const note = defineOperation({
        kind: 'note',
        parameters: ['text'],
        sql: ({text}: {readonly kind: 'note'; readonly text: string}) => [`create table ${text} (n int)`],
      })
      const bundle = bundleOf({
        code: ['operations'],
        files: {
          'versions/aaaa.js': {
            text: `${header('aaaa', null)}export async function upgrade(op) { op.note('noted') }\n`,
            load: async () => ({upgrade: (op: {note: (text: string) => void}) => op.note('noted')}),
          },
        },
      })
      await upgrade({bundle, orm, settings: {operations: [note]}})
      const [rows] = await database.query('select * from noted')
      expect(rows).to.deep.equal([])
    })

    it('keep a downgrade that has only a comment, which bundlers remove', async () => {
      const bundle = bundleOf()
      await upgrade({bundle, orm, target: 'aaaa'})
      const {steps} = await downgrade({bundle, orm, target: 'base'})
      expect(steps.map(({revision}) => revision)).to.deep.equal(['aaaa'])
      const [rows] = await database.query('select * from t')
      expect(rows).to.deep.equal([])
    })

    it('say that an applied revision is not in the bundle', async () => {
      await upgrade({bundle: bundleOf(), orm})
      const bundle = bundleOf()
      const files = {'versions/aaaa.ts': bundle.files['versions/aaaa.ts'] ?? {text: ''}}
      const error = await rejectionOf('UNKNOWN_APPLIED_REVISION', async () =>
        upgrade({bundle: {...bundle, files}, orm}),
      )
      expect(error.hint).to.match(/^bbbb: it is not in the bundle; write the bundle from a version that contains it\./)
    })

    it('run in a transaction of the caller', async () => {
      await orm.em.transactional(async (em) => {
        await upgrade({bundle: bundleOf(), em})
        await em.rollback()
        await em.begin()
      })
      const [tables] = await database.query("select name from sqlite_master where name in ('t', 'b')")
      expect(tables).to.deep.equal([])
    })
  })
})
