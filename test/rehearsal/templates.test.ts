import {existsSync, readdirSync, readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {expect} from 'chai'
import {rehearse} from '../../src/api/runs/rehearse.ts'
import {Bench} from '../support/contract.ts'
import {createDatabase, databaseKinds, runOn, serverOf} from '../support/databases.ts'
import type {DatabaseKind} from '../support/databases.ts'

/** Creates many tables, and keeps a number by which one replay can be told from another. */
const history = (table = 't'): string => `export async function upgrade(op) {
  op.execute('create table marks (mark integer)')
  op.execute('insert into marks values (' + Math.floor(Math.random() * 1e9) + ')')
  for (let i = 0; i < 100; i++) op.execute('create table ${table}_' + i + ' (id integer not null primary key)')
}`

/** Leaves a table behind that has the number in its name. */
const leaving = `export async function upgrade(op) {
  const [row] = await op.query('select mark from marks')
  op.execute('create table mark_' + row.mark + ' (id integer)')
  op.execute('create table other (id integer)')
}
export async function downgrade(op) { op.execute('drop table other') }`

const kinds = databaseKinds.filter((kind) => kind === 'postgresql' || kind === 'sqlite' || kind === 'pglite')

async function withHistory(
  kind: DatabaseKind,
  use: (on: Bench, marks: () => Promise<readonly string[]>) => Promise<void>,
  config: object = {},
): Promise<void> {
  const on = new Bench(kind, await createDatabase(kind))
  on.use('a <- b', ({id}) => (id === 'a' ? history() : leaving), config)
  const marks = async (): Promise<readonly string[]> => {
    const {databases} = await rehearse({cwd: on.cwd, range: 'b:b'})
    const {revisions = []} = databases[0] ?? {}
    return revisions.flatMap(({findings}) =>
      findings.flatMap(({difference}) => (difference?.kind === 'table' ? difference.name : [])),
    )
  }
  try {
    await use(on, marks)
  } finally {
    await rehearse({cwd: on.cwd, clean: true})
    await on.end()
  }
}

const cacheOf = (on: Bench): string => join(on.cwd, '.mig/cache')
const filesOf = (on: Bench): readonly string[] =>
  existsSync(cacheOf(on)) ? readdirSync(cacheOf(on)).filter((name) => name.includes('template-')) : []

for (const kind of kinds)
  describe(`a history that rehearsals keep on ${kind}`, () => {
    it('is copied by the next rehearsal, and ignored by git', async () =>
      withHistory(kind, async (on, marks) => {
        const [first] = await marks()
        expect(first).to.match(/^mark_\d+$/)
        expect(await marks()).to.deep.equal([first])
        if (kind !== 'postgresql') expect(readFileSync(join(cacheOf(on), '.gitignore'), 'utf8')).to.equal('*\n')
      }))

    it('is replayed when the text of a revision changes', async () =>
      withHistory(kind, async (on, marks) => {
        const [first] = await marks()
        on.folder.write({
          'migrations/versions/a.ts': readFileSync(join(on.cwd, 'migrations/versions/a.ts'), 'utf8').replace(
            't_',
            'u_',
          ),
        })
        expect(await marks()).to.not.deep.equal([first])
      }))

    it('is replayed when a file changes that a revision imports', async () =>
      withHistory(kind, async (on, marks) => {
        const path = join(on.cwd, 'migrations/versions/a.ts')
        on.folder.write({'lib/names.ts': 'export const name = 1\n'})
        writeFileSync(path, `import {name} from '../../lib/names.ts'\n${readFileSync(path, 'utf8')}// \${name}\n`)
        const [first] = await marks()
        expect(await marks()).to.deep.equal([first])
        on.folder.write({'lib/names.ts': 'export const name = 2\n'})
        expect(await marks()).to.not.deep.equal([first])
      }))

    it('is not kept if a revision reads a file, or there is no room', async () => {
      await withHistory(kind, async (on, marks) => {
        const path = join(on.cwd, 'migrations/versions/a.ts')
        writeFileSync(path, `import {readFileSync} from 'node:fs'\n${readFileSync(path, 'utf8')}// \${readFileSync}\n`)
        expect(await marks()).to.not.deep.equal(await marks())
      })
      await withHistory(
        kind,
        async (_, marks) => {
          expect(await marks()).to.not.deep.equal(await marks())
        },
        {cache: {maxSize: '1 kB'}},
      )
    })

    it('is removed by --clean', async () =>
      withHistory(kind, async (on, marks) => {
        const first = await marks()
        expect((await rehearse({cwd: on.cwd, clean: true})).removed).to.equal(1)
        expect(await marks()).to.not.deep.equal(first)
      }))

    if (kind !== 'postgresql')
      it('is replayed if its file is damaged', async () =>
        withHistory(kind, async (on, marks) => {
          const [first] = await marks()
          for (const name of filesOf(on).filter((file) => file.endsWith('.data'))) {
            const bytes = readFileSync(join(cacheOf(on), name))
            bytes.fill(7, bytes.length / 2)
            writeFileSync(join(cacheOf(on), name), bytes)
          }
          const [second, ...others] = await marks()
          expect(second)
            .to.match(/^mark_\d+$/)
            .and.not.equal(first)
          expect(others).to.deep.equal([])
          for (const name of filesOf(on).filter((file) => file.endsWith('.json')))
            writeFileSync(join(cacheOf(on), name), '{')
          expect(await marks()).to.not.deep.equal([second])
        }))
    else
      it('is replayed if it is not as described', async () =>
        withHistory(kind, async (_, marks) => {
          const [first] = await marks()
          const server = await serverOf(kind)
          const found = "select datname as name from pg_database where datname like 'mig\\_template\\_%'"
          for (const {name} of (await runOn(server, found))[0] ?? []) {
            const [{comment}] = (
              await runOn(
                server,
                `select shobj_description(oid, 'pg_database') as comment from pg_database where datname = '${String(name)}'`,
              )
            )[0] as [{comment: string}]
            await runOn(
              server,
              `comment on database "${String(name)}" is '${comment.replace(/"version":"[^"]*"/, '"version":"1"')}'`,
            )
          }
          expect(await marks()).to.not.deep.equal([first])
        }))
  })

describe('two rehearsals at once', () => {
  for (const kind of kinds)
    it(`keep one history on ${kind}`, async () =>
      withHistory(kind, async (_, marks) => {
        const both = await Promise.all([marks(), marks()])
        for (const found of both) expect(found).to.have.length(1)
        expect(await marks()).to.have.length(1)
      }))
})

describe('a file in the place of the folder of kept histories', () => {
  it('is left alone, and nothing is kept', async () => {
    const on = new Bench('sqlite', await createDatabase('sqlite'))
    on.use('a', () => history())
    on.folder.write({'.mig/cache': 'mine'})
    expect((await rehearse({cwd: on.cwd})).ok).to.equal(true)
    expect((await rehearse({cwd: on.cwd, clean: true})).removed).to.equal(0)
    expect(on.folder.read('.mig/cache')).to.equal('mine')
    await on.end()
  })
})
