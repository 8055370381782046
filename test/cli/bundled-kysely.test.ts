import {cpSync} from 'node:fs'
import {join, resolve} from 'node:path'
import {expect} from 'chai'
import {mig} from '../support/cli.ts'
import type {CliResult} from '../support/cli.ts'
import {Folder} from '../support/folder.ts'
import {linkPackages} from '../support/packages.ts'

const revision = `
import {CompiledQuery, Kysely, sql} from 'kysely'
import {Kysely as KyselyOfMikroOrm} from '@mikro-orm/sql'
import {jsonObjectFrom} from 'kysely/helpers/sqlite'
export const revision = 'aaaa'
export const downRevision = null
export async function upgrade(op) {
  op.execute('create table t (n integer)')
  const db = await op.kysely()
  await db.insertInto('t').values({n: sql\`\${40} + 2\`}).execute()
  const {rows} = await db.executeQuery(CompiledQuery.raw('select n from t'))
  console.log([Kysely === KyselyOfMikroOrm, db instanceof Kysely, rows[0].n, typeof jsonObjectFrom].join(' '))
  console.log(import.meta.resolve('kysely'))
}
`

describe('kysely, which mig loads from one file', () => {
  let folder: Folder
  beforeEach(() => {
    folder = new Folder().write({'migrations/versions/aaaa_.js': revision, 'package.json': '{"type": "module"}'})
  })

  const upgraded = async (): Promise<CliResult> =>
    mig('upgrade heads', {cwd: folder.path, env: {MIG_DATABASE_URL: 'sqlite:t.db'}})

  it('is the same for MikroORM and revisions, where mig and the project have it from one place', async () => {
    linkPackages(folder.path, {without: []})
    const {stderr, status} = await upgraded()
    expect([stderr.split('\n').slice(0, 2), status]).to.deep.equal([
      ['true true 42 function', `file://${resolve('dist/kysely.js')}`],
      0,
    ])
  })

  it('is left alone where it is a copy of the project', async () => {
    linkPackages(folder.path, {without: ['kysely']})
    cpSync('node_modules/kysely', join(folder.path, 'node_modules/kysely'), {recursive: true})
    const {stderr, status} = await upgraded()
    expect([stderr.split('\n').slice(0, 2), status]).to.deep.equal([
      ['false false 42 function', `file://${folder.path.replaceAll(' ', '%20')}/node_modules/kysely/dist/index.js`],
      0,
    ])
  })
})
