import {expect} from 'chai'
import {writtenLosses} from '../../src/conflicts/written-losses.ts'
import {operationRegistry} from '../support/operations.ts'

const upgrade = (body: string): string => `export async function upgrade(op) {\n${body}\n}\n`

describe('conflicts/written-losses', () => {
  const losses: Readonly<Record<string, readonly [body: string, losses: readonly string[]]>> = {
    'a table': ["op.dropTable('a')", ['the rows of a']],
    'a column': ["op.dropColumn('a', 'x')", ['the values in a.x']],
    'a column that is computed': ["op.dropColumn('a', name)", []],
    'a partition': ["op.dropPartition('a', 'a1')", ['the rows of a1']],
    'a table that is computed': ['op.dropTable(name)', []],
    SQL: ["op.execute({postgresql: 'drop table a', sqlite: 'drop table b'})", ['the rows of a', 'the rows of b']],
    'SQL with values': ["op.execute('delete from a where n = ?', [1])", ['some rows of a']],
    'what adds': ["op.createTable('a', (t) => ({})); op.renameTable('a', 'b'); op.flush()", []],
    'an operation of the project': ["op.createAudit('a')", []],
  }
  for (const [name, [body, lost]] of Object.entries(losses))
    it(`lose with ${name} ${lost.join(' and ') || 'nothing'}`, async () => {
      expect(await writtenLosses('a.ts', upgrade(body), operationRegistry)).to.deep.equal(lost)
    })

  it('lose nothing in a file without an upgrade', async () => {
    expect(await writtenLosses('a.ts', 'export const revision = 1\n', operationRegistry)).to.deep.equal([])
  })
})
