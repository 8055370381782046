import {expect} from 'chai'
import {current} from '../../src/api/runs/current.ts'
import {downgrade, upgrade} from '../../src/api/runs/migrate.ts'
import {createDatabase} from '../support/databases.ts'
import type {TestDatabase} from '../support/databases.ts'
import {rejectionOf} from '../support/errors.ts'
import {Folder} from '../support/folder.ts'

const sessions = {
  postgresql: {set: 'set search_path = nowhere', read: 'show search_path'},
  sqlite: {set: 'pragma recursive_triggers = on', read: 'pragma recursive_triggers'},
}

for (const kind of ['postgresql', 'sqlite'] as const)
  describe(`hooks of the configuration, on ${kind}`, () => {
    let database: TestDatabase
    let folder: Folder
    beforeEach(async () => {
      database = await createDatabase(kind)
      folder = new Folder().writeGraph('a <- b')
    })
    afterEach(async () => database.drop())

    /** Writes a configuration whose hooks begin on line 4. */
    const use = (hooks: string, settings = ''): void =>
      void folder.write({
        'mig.config.js': `export default {\n  orm: ${JSON.stringify(database.url)},\n  ${settings}\n${hooks}\n}\n`,
      })
    const run = async (): Promise<unknown> => upgrade({cwd: folder.path})
    const heads = async (): Promise<unknown> =>
      (await current({cwd: folder.path})).current.map(({revision}) => revision)
    const heard = (): string[] => (globalThis as {heard?: string[]}).heard ?? []
    const say = (name: string, what: string): string =>
      `  ${name}: (e) => void globalThis.heard.push(\`${name} ${what}\`),`
    beforeEach(() => Object.assign(globalThis, {heard: []}))

    for (const transaction of ['each', 'all'])
      it(`are called in order, with transaction: '${transaction}'`, async () => {
        use(
          [
            say('beforeRun', '${e.plan.map((s) => s.revision)} ${e.databases.length}'),
            say('onVersionApply', '${e.revision} ${e.heads}'),
            say('afterEach', '${e.direction} ${e.revision} ${e.heads}'),
            say('afterRun', '${e.result.heads} ${e.error}'),
          ].join('\n'),
          `transaction: '${transaction}',`,
        )
        await run()
        const each = ['onVersionApply a a', 'afterEach upgrade a a', 'onVersionApply b b', 'afterEach upgrade b b']
        expect(heard()).to.deep.equal([
          'beforeRun a,b 1',
          ...(transaction === 'each' ? each : [each[0], each[2], each[1], each[3]]),
          'afterRun b undefined',
        ])
        await run()
        expect(heard().slice(6), 'when there is nothing to do').to.deep.equal(['afterRun b undefined'])
      })

    it('work in the transaction of a revision with a query, a query builder and an entity manager', async () => {
      use(`  onVersionApply: async (e) => {
    if (e.revision === 'a') await e.query('insert into t_a values (?)', [1])
    else await e.kysely().insertInto('t_a').values({n: 2}).execute()
    await e.entityManager().execute('insert into t_a values (3)')
  },`)
      await run()
      expect(await database.query('select n from t_a order by n')).to.deep.equal([[{n: 1}, {n: 2}, {n: 3}, {n: 3}]])
    })

    it('leave no setting behind for the next revision', async () => {
      const {set, read} = sessions[kind]
      use(`  onVersionApply: async ({revision, query}) => {
    if (revision === 'a') await query('${set}')
    else globalThis.heard.push(...Object.values((await query('${read}'))[0]))
  },`)
      const [[former = {}] = []] = await database.query(read)
      await run()
      expect(heard()).to.deep.equal(Object.values(former))
    })

    for (const [name, query, call] of [
      ['a query', "e.query('insert into t_a values (1)')", 'event.query'],
      ['a query builder', "e.kysely().insertInto('t_a').values({n: 1}).execute()", 'A query of event.kysely()'],
      [
        'an entity manager',
        "e.entityManager().execute('insert into t_a values (1)')",
        'A query of event.entityManager()',
      ],
    ])
      it(`may not leave ${name} without awaiting it`, async () => {
        use(`  onVersionApply: (e) => {
    if (e.revision === 'b') ${query}.catch(() => {})
  },`)
        const error = await rejectionOf('HOOK_FAILED', run)
        expect(error.message).to.contain(`${call} was still pending when the hook onVersionApply returned.`)
        // The builder and the entity manager begin their queries later, where the caller is no longer known.
        const place = call === 'event.query' ? '.*mig\\.config\\.js:\\d+' : 'the configuration'
        expect(error.message).to.match(new RegExp(`^The hook onVersionApply failed at ${place}: `))
        expect(error.hint).to.match(/^Await every promise in the function/)
        expect(await heads()).to.deep.equal(['a'])
        expect(await database.query('select n from t_a')).to.deep.equal([[]])
        use('')
        await run()
        expect(await heads()).to.deep.equal(['b'])
      })

    it('may not query when they have returned', async () => {
      use(`  onVersionApply: (e) => {
    if (e.revision === 'a') globalThis.late = e
  },
  afterRun: async () => {
    globalThis.refused = await globalThis.late.query('insert into t_a values (1)').catch(({code, message}) => ({code, message}))
  },`)
      await run()
      const {refused} = globalThis as {refused?: {readonly code: string; readonly message: string}}
      expect(refused?.code).to.equal('LATE_OPERATION')
      expect(refused?.message).to.match(/^event\.query was called at .*after the hook onVersionApply had returned\.$/)
      expect(await database.query('select n from t_a')).to.deep.equal([[]])
    })

    it('stop a run before anything is done', async () => {
      use("  beforeRun: () => {\n    throw new Error('not on a Friday')\n  },")
      const error = await rejectionOf('HOOK_FAILED', run)
      expect(error.message).to.match(
        /^The hook beforeRun failed at .*mig\.config\.js:5: not on a Friday\n {2}Nothing was executed\.$/,
      )
      expect(await heads()).to.deep.equal([])
    })

    it('roll a revision back from within', async () => {
      use(
        "  onVersionApply: (e) => {\n    if (e.revision === 'b') throw new Error('no b')\n  },\n  afterRun: ({error, result}) => void globalThis.heard.push(error.code, result),",
      )
      const error = await rejectionOf('HOOK_FAILED', run)
      expect(error.message).to.match(
        /^The hook onVersionApply failed at .*:5: no b\n {2}The revision was rolled back; the database is at a\.$/,
      )
      expect(await heads()).to.deep.equal(['a'])
      expect(heard()).to.deep.equal(['HOOK_FAILED', undefined])
    })

    it('stop a run after a revision, which stays', async () => {
      use("  afterEach: async () => {\n    throw new Error('no line to the office')\n  },")
      const error = await rejectionOf('HOOK_FAILED', run)
      expect(error.message).to.match(
        /^The hook afterEach failed at .*:5: no line .*\n {2}Committed revisions stay applied: the database is at a\.$/,
      )
      expect(await heads()).to.deep.equal(['a'])
    })

    it('stop a downgrade after a revision, which stays reverted', async () => {
      use('')
      await run()
      use("  afterEach: async () => {\n    throw new Error('no line to the office')\n  },")
      const error = await rejectionOf('HOOK_FAILED', async () => downgrade({cwd: folder.path, target: 'base'}))
      expect(error.message).to.match(/\n {2}Reverted revisions stay reverted: the database is at a\.$/)
      expect(await heads()).to.deep.equal(['a'])
    })

    for (const [name, query, place] of [
      [
        'a query',
        'e.query("insert into audit values (?)", [1])',
        String.raw`.*mig\.config\.js:5: .*\n  statement: insert into audit values \(1\)`,
      ],
      [
        'a query builder',
        "e.kysely().insertInto('audit').values({n: 1}).execute()",
        String.raw`.*: .*\n  statement: insert into .*audit.*`,
      ],
      [
        'an entity manager',
        "e.entityManager().execute('insert into audit values (1)')",
        String.raw`.*: .*\n  statement: insert into audit values \(1\)`,
      ],
    ])
      it(`say where ${name} failed, with its statement`, async () => {
        use(`  onVersionApply: async (e) => {\n    await ${query}\n  },`)
        const error = await rejectionOf('HOOK_FAILED', run)
        expect(error.message).to.match(
          new RegExp(
            `^The hook onVersionApply failed at ${place}\\n  The revision was rolled back; the database is at base\\.$`,
          ),
        )
      })

    it('fail when all is done', async () => {
      use("  afterRun: () => {\n    throw new Error('no mail')\n  },")
      const error = await rejectionOf('HOOK_FAILED', run)
      expect(error.message).to.match(
        /^The hook afterRun failed at .*:5: no mail\n {2}The run is complete; the database is at b\.$/,
      )
      expect(await heads()).to.deep.equal(['b'])
    })
  })

describe('hooks of the configuration, with tenants', () => {
  it('are called for each of them', async () => {
    Object.assign(globalThis, {heard: []})
    const database = await createDatabase('postgresql')
    const folder = new Folder().writeGraph('a')
    folder.write({
      'mig.config.js': `const hear = (name) => ({tenant}) => void globalThis.heard.push(name + ' ' + tenant)
export default {
  orm: ${JSON.stringify(database.url)}, tenants: ['x', 'y'],
  beforeRun: hear('before'), onVersionApply: hear('apply'), afterEach: hear('each'), afterRun: hear('after'),
}`,
    })
    await upgrade({cwd: folder.path, createDatabase: true})
    expect((globalThis as {heard?: string[]}).heard).to.deep.equal(
      ['x', 'y'].flatMap((name) => ['before', 'apply', 'each', 'after'].map((hook) => `${hook} ${name}`)),
    )
    await database.drop()
  })
})
