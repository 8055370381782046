import {operationRegistry} from '../support/operations.ts'
import {expect} from 'chai'
import {writtenEffects, writtenLosses} from '../../src/conflicts/written-effects.ts'
import type {Effects, SchemaObject} from '../../src/operations/definition.ts'
import type {Operation} from '../../src/operations/operation.ts'

const upgrade = (body: string): string => `export async function upgrade(op) {\n${body}\n}\n`

/** Lists effects: `+` marks a write, `?` an unknown effect. */
function shown(effects: readonly Effects[]): string {
  const named = (sign: string, objects: readonly SchemaObject[]): string[] =>
    objects.map(({kind, name}) => (kind === 'unknown' ? '?' : `${sign}${kind} ${name}`))
  const all = effects.flatMap(({reads, writes}) => [...named('+', writes), ...named('', reads)])
  return [...new Set(all)].toSorted().join('; ')
}

/** A call of every kind, and what its text says. */
const calls: Readonly<Record<Operation['kind'], readonly [call: string, effects: string]>> = {
  execute: ["op.execute('drop table a')", '+table a'],
  bulkInsert: ["op.bulkInsert('a', [{id: 1}])", '+table a'],
  createTable: ["op.createTable('a', (t) => ({}))", '+table a'],
  dropTable: ["op.dropTable('app.a')", '+table app.a'],
  renameTable: ["op.renameTable('app.a', 'b')", '+table app.a; +table app.b'],
  moveTable: ["op.moveTable('app.a', 'web')", '+table app.a; +table web.a'],
  setTableComment: ["op.setTableComment('a', 'x')", '+table a'],
  setTableParameters: ["op.setTableParameters('a', {fillfactor: 70})", '+table a'],
  batchAlterTable: ["op.batchAlterTable('a', (table) => {})", '+table a'],
  addColumn: ["op.addColumn('a', 'x', (t) => t.text())", '+column a.x; +table a'],
  dropColumn: ["op.dropColumn('a', 'x')", '+column a.x; +table a'],
  alterColumn: ["op.alterColumn('a', 'x', {nullable: true})", '+column a.x; +table a'],
  renameColumn: ["op.renameColumn('a', 'x', 'y')", '+column a.x; +column a.y; +table a'],
  createIndex: ["op.createIndex('a', ['x'])", 'table a'],
  dropIndex: ["op.dropIndex('i', {table: 'a'})", '+index i'],
  renameIndex: ["op.renameIndex('app.i', 'j', {table: 'a'})", '+index app.i; +index app.j'],
  createPrimaryKey: ["op.createPrimaryKey('a', 'id')", '+table a'],
  dropPrimaryKey: ["op.dropPrimaryKey('a')", '+table a'],
  createUniqueConstraint: ["op.createUniqueConstraint('a', ['x'])", '+table a'],
  createCheckConstraint: ["op.createCheckConstraint('a', 'x > 0')", '+table a'],
  createForeignKey: ["op.createForeignKey('a', ['b_id'], 'b', ['id'])", '+table a; table b'],
  createExcludeConstraint: ["op.createExcludeConstraint('a', {expression: 'x', with: '&&'})", '+table a'],
  dropConstraint: ["op.dropConstraint('a', 'k')", '+table a'],
  validateConstraint: ["op.validateConstraint('a', 'k')", '+table a'],
  renameConstraint: ["op.renameConstraint('a', 'k', 'l')", '+table a'],
  createEnum: ["op.createEnum('mood', ['x'])", '+type mood'],
  dropEnum: ["op.dropEnum('mood')", '+type mood'],
  addEnumValue: ["op.addEnumValue('mood', 'x')", '+type mood'],
  renameEnum: ["op.renameEnum('app.mood', 'm')", '+type app.m; +type app.mood'],
  renameEnumValue: ["op.renameEnumValue('mood', 'x', 'y')", '+type mood'],
  replaceEnum: ["op.replaceEnum('mood', ['x'])", '+type mood'],
  createDomain: ["op.createDomain('age', 'integer')", '+type age'],
  dropDomain: ["op.dropDomain('age')", '+type age'],
  createSchema: ["op.createSchema('app')", '+schema app'],
  dropSchema: ["op.dropSchema('app')", '+schema app'],
  renameSchema: ["op.renameSchema('app', 'web')", '+schema app; +schema web'],
  createSequence: ["op.createSequence('s')", '+sequence s'],
  alterSequence: ["op.alterSequence('s', {increment: 2})", '+sequence s'],
  dropSequence: ["op.dropSequence('s')", '+sequence s'],
  renameSequence: ["op.renameSequence('app.s', 'z')", '+sequence app.s; +sequence app.z'],
  createExtension: ["op.createExtension('hstore')", '+extension hstore'],
  dropExtension: ["op.dropExtension('hstore')", '+extension hstore'],
  createView: ["op.createView('v', 'select 1 from a')", '+view v; table a'],
  replaceView: ["op.replaceView('v', 'select 1 from a')", '+view v; table a'],
  dropView: ["op.dropView('v')", '+view v'],
  createMaterializedView: ["op.createMaterializedView('v', 'select 1 from a')", '+view v; table a'],
  dropMaterializedView: ["op.dropMaterializedView('v')", '+view v'],
  refreshMaterializedView: ["op.refreshMaterializedView('v')", '+view v'],
  createFunction: ["op.createFunction('f', {body: 'select 1'})", '+function f'],
  dropFunction: ["op.dropFunction('f')", '+function f'],
  createProcedure: ["op.createProcedure('f', {body: 'select 1'})", '+function f'],
  dropProcedure: ["op.dropProcedure('f')", '+function f'],
  createTrigger: ["op.createTrigger('a', 'g', {timing: 'after', events: ['insert'], body: ''})", '+table a'],
  dropTrigger: ["op.dropTrigger('a', 'g')", '+table a'],
  createPolicy: ["op.createPolicy('a', 'p')", '+table a'],
  dropPolicy: ["op.dropPolicy('a', 'p')", '+table a'],
  setRowLevelSecurity: ["op.setRowLevelSecurity('a', {enabled: true})", '+table a'],
  createPartition: ["op.createPartition('a', 'a1', 'default')", '+table a; +table a1'],
  dropPartition: ["op.dropPartition('a', 'a1')", '+table a; +table a1'],
  attachPartition: ["op.attachPartition('a', 'a1', 'default')", '+table a; +table a1'],
  detachPartition: ["op.detachPartition('a', 'a1')", '+table a; +table a1'],
}

describe('conflicts/written-effects', () => {
  for (const [kind, [call, effects]] of Object.entries(calls)) {
    it(`of op.${kind} are ${effects}`, async () => {
      expect(shown(await writtenEffects('a.ts', upgrade(call), operationRegistry))).to.equal(effects)
    })

    it(`of op.${kind} are not known without its name`, async () => {
      const computed = call.replace(/\('(?:[^']*)'/, '(name')
      expect(computed).to.not.equal(call)
      expect(shown(await writtenEffects('a.ts', upgrade(computed), operationRegistry))).to.contain('?')
    })
  }

  const others: Readonly<Record<string, readonly [file: string, text: string, effects: string]>> = {
    'a flush': ['a.ts', upgrade('await op.flush()'), ''],
    'what is outside of the transaction': ['a.ts', upgrade("op.autocommit(() => op.dropTable('a'))"), '+table a'],
    'a query': ['a.ts', upgrade("await op.query('select 1 from a where b = ?', [1])"), 'column a.b; table a'],
    'a query that is a list': ['a.ts', upgrade("await op.query(['a'])"), '?'],
    'an operation of the project': ['a.ts', upgrade("op.createAudit('a')"), '?'],
    'a method that every object has': ['a.ts', upgrade("op.toString('a')"), '?'],
    'a column that is computed': ['a.ts', upgrade("op.dropColumn('a', name)"), '+table a; ?'],
    'a new name that is computed': ['a.ts', upgrade("op.renameTable('a', name)"), '+table a; ?'],
    'a file without an upgrade': ['a.ts', 'export const revision = 1\n', '?'],
    'an upgrade that does nothing': ['a.ts', upgrade(''), ''],
    'a SQL file': ['a.sql', '-- upgrade\ndrop table a;\n-- downgrade\ndrop table b;\n', '+table a'],
  }
  for (const [name, [file, text, effects]] of Object.entries(others))
    it(`of ${name} are ${effects || 'none'}`, async () => {
      expect(shown(await writtenEffects(file, text, operationRegistry))).to.equal(effects)
    })

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
