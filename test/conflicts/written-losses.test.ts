import {expect} from 'chai'
import {writtenLosses} from '../../src/conflicts/written-losses.ts'
import {operationRegistry} from '../support/operations.ts'

const upgrade = (body: string): string => `export async function upgrade(op) {\n${body}\n}\n`

describe('conflicts/written-losses', () => {
  const losses: Readonly<Record<string, readonly [body: string, losses: readonly string[], isPartial?: true]>> = {
    'a table': ["op.dropTable('a')", ['the rows of a']],
    'a column': ["op.dropColumn('a', 'x')", ['the values in a.x']],
    'a column that is computed': ["op.dropColumn('a', name)", [], true],
    'a partition': ["op.dropPartition('a', 'a1')", ['the rows of a1']],
    'a table that is computed': ['op.dropTable(name)', [], true],
    'SQL that is computed': ['op.execute(`drop table ${name}`)', [], true],
    'a query builder': ["op.execute(op.entityManager().qb('a').truncate())", [], true],
    'a method by a name that is computed': ["op['drop' + 'Table']('a')", [], true],
    'a function that gets op': ['helper(op)', [], true],
    SQL: ["op.execute({postgresql: 'drop table a', sqlite: 'drop table b'})", ['the rows of a', 'the rows of b']],
    'SQL with values': ["op.execute('delete from a where n = ?', [1])", ['some rows of a']],
    'what adds': ["op.createTable('a', (t) => ({})); op.renameTable('a', 'b'); op.flush()", []],
    'an operation of the project': ["op.createAudit('a')", [], true],
  }
  for (const [name, [body, lost, isPartial = false]] of Object.entries(losses))
    it(`lose with ${name} ${lost.join(' and ') || 'nothing'}`, async () => {
      expect(await writtenLosses('a.ts', upgrade(body), operationRegistry, 'postgresql')).to.deep.equal({
        losses: lost,
        isPartial,
      })
    })

  it('may lose anything in a file without an upgrade', async () => {
    const text = 'export const revision = 1\n'
    expect(await writtenLosses('a.ts', text, operationRegistry, 'sqlite')).to.deep.equal({losses: [], isPartial: true})
  })
})
