import {expect} from 'chai'
import {mig} from '../support/cli.ts'
import {Bench} from '../support/contract.ts'
import {createDatabase} from '../support/databases.ts'

const loading = {NODE_DEBUG: 'module,esm'}

for (const kind of ['postgresql', 'sqlite'] as const)
  describe(`a database that is up to date, on ${kind}`, () => {
    let on: Bench
    beforeEach(async () => {
      on = new Bench(kind, await createDatabase(kind))
      on.use('a <- b; b <- c; b <- d')
      await mig('upgrade heads -q', {cwd: on.cwd})
    })
    afterEach(async () => on.end())

    const answers: readonly {readonly command: string; readonly stdout: string}[] = [
      {command: 'upgrade heads', stdout: 'The database is at c and d; nothing to do.\n'},
      {command: 'upgrade b', stdout: 'The database is at c and d; nothing to do.\n'},
      {command: 'upgrade heads --dry-run', stdout: 'The database is at c and d; nothing to do.\n'},
      {command: 'current', stdout: 'c (head), revision c\nd (head), revision d\n'},
    ]
    for (const {command, stdout} of answers)
      it(`is asked by \`mig ${command}\` without MikroORM`, async () => {
        const plain = await mig(command, {cwd: on.cwd})
        expect([plain.status, plain.stdout]).to.deep.equal([0, stdout])
        const {stderr} = await mig(command, {cwd: on.cwd, env: loading})
        expect(stderr).to.contain('dist/commands/').and.not.to.contain('mikro-orm/core')
      })

    it('is asked by `mig status` without MikroORM', async () => {
      const {status, stdout, stderr} = await mig('status', {cwd: on.cwd, env: loading})
      expect([status, stdout]).to.satisfy(() => status === 0 && /^ +up to date$/m.test(stdout))
      expect(stderr).to.contain('dist/commands/').and.not.to.contain('mikro-orm/core')
    })

    for (const command of ['current -v', 'check files'])
      it(`compares the files with it by \`mig ${command}\` without loading revisions or MikroORM`, async () => {
        const {stderr} = await mig(command, {cwd: on.cwd, env: loading})
        expect(stderr)
          .to.contain('dist/')
          .and.not.to.match(/mikro-orm\/core|versions\/b\.ts\?mig/)
      })

    it('is asked without MikroORM if mig 0.1.0 has created its tables', async () => {
      await on.database.query('alter table mig_version drop column operations_id')
      const {stdout, stderr} = await mig('upgrade heads', {cwd: on.cwd, env: loading})
      expect(stdout).to.equal('The database is at c and d; nothing to do.\n')
      expect(stderr).to.contain('dist/commands/').and.not.to.contain('mikro-orm/core')
    })

    it('gives the heads as JSON', async () => {
      const {stdout} = await mig('upgrade heads --json', {cwd: on.cwd})
      expect(JSON.parse(stdout)).to.deep.equal({steps: [], heads: ['c', 'd']})
    })

    it('is opened for hooks that want to know of every run', async () => {
      on.use('a <- b; b <- c; b <- d')
      on.folder.write({
        'mig.config.js': `export default {orm: ${JSON.stringify(on.database.url)}, afterRun: ({databases}) => console.error(databases.length)}\n`,
      })
      const {stderr} = await mig('upgrade heads', {cwd: on.cwd})
      expect(stderr).to.contain('1\n')
    })

    const changes: readonly {
      readonly name: string
      readonly sql: string
      readonly status: number
      readonly says: RegExp
    }[] = [
      {
        name: 'a revision is not applied',
        sql: "delete from mig_version where revision = 'd'",
        status: 1,
        says: /^error: /,
      },
      {
        name: 'a revision is partially applied',
        sql: "update mig_log set outcome = null where revision = 'c'",
        status: 1,
        says: /mig repair/,
      },
      {
        name: 'a revision is unknown',
        sql: "update mig_version set revision = 'x' where revision = 'd'",
        status: 1,
        says: /^error: .*\bx\b/,
      },
      {name: 'the log is missing', sql: 'drop table mig_log', status: 0, says: /^$/},
      {
        name: 'the version table is damaged',
        sql: "update mig_version set down_revisions = 'null'",
        status: 1,
        says: /^error: .*mig_version/,
      },
    ]
    for (const {name, sql, status, says} of changes)
      it(`is not taken for one when ${name}`, async () => {
        await on.database.query(sql)
        const result = await mig('upgrade heads', {cwd: on.cwd})
        expect(result.stderr).to.match(says)
        expect(result.status).to.equal(status)
      })
  })
