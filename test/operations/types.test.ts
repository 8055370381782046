import {expect} from 'chai'
import {defineOperation} from '../../src/operations/custom.ts'
import {createRegistry} from '../../src/operations/registry.ts'
import {platforms} from '../support/platforms.ts'
import {recorded, statementsOf} from '../support/operations.ts'

interface TouchTable {
  readonly kind: 'touchTable'
  readonly table: string
  readonly hard?: boolean
}

declare module '../../src/operations/custom.ts' {
  interface CustomOperations {
    touchTable(table: string, options?: {readonly hard?: boolean}): void
  }
}

const touchTable = defineOperation<TouchTable>({
  kind: 'touchTable',
  parameters: ['table'],
  options: ['hard'],
  sql: ({table, hard}, {quote}) => [`update ${quote(table)} set at = ${hard ? 'now()' : 'at'}`],
})

describe('operations, by their types,', () => {
  it('refuse what is misspelt where it is written', () => {
    recorded('postgresql', (op) => {
      // @ts-expect-error -- the option is called concurrently
      expect(() => op.createIndex('users', 'email', {concurently: true})).to.throw('no option')
      // @ts-expect-error -- there is no such type
      expect(() => op.addColumn('users', 'email', (t) => t.varchr(255))).to.throw('not a function')
      // @ts-expect-error -- there is no such action
      expect(() => op.createForeignKey('a', 'b', 'c', 'd', {onDelete: 'casacde'})).to.throw('casacde')
    })
  })

  it('have custom ones beside their own', async () => {
    const registry = createRegistry([touchTable])
    const operations = recorded('postgresql', (op) => op.touchTable('users', {hard: true}), registry)
    expect(operations).to.deep.equal([{kind: 'touchTable', table: 'users', hard: true}])
    const [statement] = await statementsOf('postgresql', operations, platforms.postgresql, registry)
    expect(statement?.sql).to.equal('update "users" set at = now()')
  })
})
