import {expect} from 'chai'
import {appliedTo} from '../../src/conflicts/applied-revision.ts'
import {statementsIn} from '../../src/conflicts/revision-statements.ts'
import type {Operation} from '../../src/operations/operation.ts'
import {sourceOf} from '../../src/operations/record.ts'
import {SchemaModel} from '../../src/sql/model/schema-model.ts'
import {operationCases} from '../operations/cases.ts'
import {operationRegistry, recorded} from '../support/operations.ts'

const upgrade = (body: string): string => `export async function upgrade(op) {\n${body}\n}\n`

/** Lists the objects that a revision names: `+` marks one that it changes, `?` that something is not known. */
async function shown(file: string, text: string): Promise<string> {
  const content = await statementsIn(file, text, operationRegistry)
  const [revision] = appliedTo(new SchemaModel(), [{name: 'r', content}]).revisions
  const {touched: all, unclear, vague} = revision!
  const touched = [...all.values()].filter(({object}) => `${object.kind} ${object.name}` !== 'schema public')
  return [
    ...touched.map(({object: {kind, name}, isWritten}) => `${isWritten ? '+' : ''}${kind} ${name}`).toSorted(),
    ...(unclear.length + vague.length > 0 ? ['?'] : []),
  ].join('; ')
}

/** A call of every kind, and what its text says. */
const calls: Readonly<Record<Operation['kind'], readonly [call: string, effects: string]>> = {
  execute: ["op.execute('drop table a')", '+table a'],
  bulkInsert: ["op.bulkInsert('a', [{id: 1}])", '+table a; column a.id'],
  createTable: ["op.createTable('a', (t) => ({id: t.integer()}))", '+column a.id; +table a; type a'],
  dropTable: ["op.dropTable('app.a')", '+table app.a; schema app'],
  renameTable: ["op.renameTable('app.a', 'b')", '+table app.a; +table app.b; schema app'],
  moveTable: ["op.moveTable('app.a', 'web')", '+table app.a; +table web.a; schema app; schema web'],
  setTableComment: ["op.setTableComment('a', 'x')", '+table a'],
  setTableParameters: ["op.setTableParameters('a', {fillfactor: 70})", '+table a'],
  batchAlterTable: ["op.batchAlterTable('a', (table) => { table.dropColumn('x') })", '+column a.x; +table a'],
  addColumn: ["op.addColumn('a', 'x', (t) => t.text())", '+column a.x; +table a'],
  dropColumn: ["op.dropColumn('a', 'x')", '+column a.x; +table a'],
  alterColumn: ["op.alterColumn('a', 'x', {nullable: true})", '+column a.x; +table a'],
  renameColumn: ["op.renameColumn('a', 'x', 'y')", '+column a.x; +column a.y; +table a'],
  createIndex: ["op.createIndex('a', ['x'])", '+index a_x_index; +table a; column a.x'],
  dropIndex: ["op.dropIndex('i', {table: 'a'})", '+index i'],
  renameIndex: ["op.renameIndex('i', 'j', {table: 'a'})", '+index i; +index j'],
  createPrimaryKey: ["op.createPrimaryKey('a', 'id')", '+column a.id; +constraint a.a_pkey; +index a_pkey; +table a'],
  dropPrimaryKey: ["op.dropPrimaryKey('a')", '+constraint a.a_pkey; +table a'],
  createUniqueConstraint: [
    "op.createUniqueConstraint('a', ['x'])",
    '+constraint a.a_x_unique; +index a_x_unique; +table a; column a.x',
  ],
  createCheckConstraint: ["op.createCheckConstraint('a', 'x > 0')", '+constraint a.a_check; +table a; column a.x'],
  createForeignKey: [
    "op.createForeignKey('a', ['b_id'], 'b', ['id'])",
    '+constraint a.a_b_id_foreign; +table a; column a.b_id; column b.id; table b',
  ],
  createExcludeConstraint: [
    "op.createExcludeConstraint('a', {expression: 'x', with: '&&'})",
    '+constraint a.a_exclude; +index a_exclude; +table a; column a.x',
  ],
  dropConstraint: ["op.dropConstraint('a', 'k')", '+constraint a.k; +table a'],
  validateConstraint: ["op.validateConstraint('a', 'k')", '+constraint a.k; +table a'],
  renameConstraint: ["op.renameConstraint('a', 'k', 'l')", '+constraint a.k; +constraint a.l; +table a'],
  createEnum: ["op.createEnum('mood', ['x'])", '+type mood; table mood'],
  dropEnum: ["op.dropEnum('mood')", '+type mood'],
  addEnumValue: ["op.addEnumValue('mood', 'x')", '+type mood'],
  renameEnum: ["op.renameEnum('app.mood', 'm')", '+type app.m; +type app.mood; schema app; table app.m'],
  renameEnumValue: ["op.renameEnumValue('mood', 'x', 'y')", '+type mood'],
  replaceEnum: ["op.replaceEnum('mood', ['x'])", '+type mood; +type mood_old; table mood; table mood_old'],
  createDomain: ["op.createDomain('age', 'integer')", '+type age; table age'],
  dropDomain: ["op.dropDomain('age')", '+type age'],
  createSchema: ["op.createSchema('app')", '+schema app'],
  dropSchema: ["op.dropSchema('app')", '+schema app'],
  renameSchema: ["op.renameSchema('app', 'web')", '+schema app; +schema web'],
  createSequence: ["op.createSequence('s')", '+sequence s'],
  alterSequence: ["op.alterSequence('s', {increment: 2})", '+sequence s'],
  dropSequence: ["op.dropSequence('s')", '+sequence s'],
  renameSequence: ["op.renameSequence('app.s', 'z')", '+sequence app.s; +sequence app.z; schema app'],
  createExtension: ["op.createExtension('hstore')", '+extension hstore'],
  dropExtension: ["op.dropExtension('hstore')", '+extension hstore'],
  createView: ["op.createView('v', 'select 1 from a')", '+column v.?column?; +view v; table a'],
  replaceView: ["op.replaceView('v', 'select 1 from a')", '+column v.?column?; +view v; table a'],
  dropView: ["op.dropView('v')", '+view v'],
  createMaterializedView: ["op.createMaterializedView('v', 'select 1 from a')", '+column v.?column?; +view v; table a'],
  dropMaterializedView: ["op.dropMaterializedView('v')", '+view v'],
  refreshMaterializedView: ["op.refreshMaterializedView('v')", '+view v'],
  createFunction: ["op.createFunction('f', {body: 'select 1'})", '+function f; +function f()'],
  dropFunction: ["op.dropFunction('f')", '+function f()'],
  createProcedure: ["op.createProcedure('f', {body: 'select 1'})", '+function f; +function f()'],
  dropProcedure: ["op.dropProcedure('f')", '+function f()'],
  createTrigger: [
    "op.createTrigger('a', 'g', {timing: 'after', events: ['insert'], execute: 'f()'})",
    '+table a; +trigger a.g; function f()',
  ],
  dropTrigger: ["op.dropTrigger('a', 'g')", '+table a; +trigger a.g'],
  createPolicy: ["op.createPolicy('a', 'p')", '+policy a.p; +table a'],
  dropPolicy: ["op.dropPolicy('a', 'p')", '+policy a.p; +table a'],
  setRowLevelSecurity: ["op.setRowLevelSecurity('a', {enabled: true})", '+table a'],
  createPartition: ["op.createPartition('a', 'a1', 'default')", '+table a; +table a1; type a1'],
  dropPartition: ["op.dropPartition('a', 'a1')", '+table a1'],
  attachPartition: ["op.attachPartition('a', 'a1', 'default')", '+table a; +table a1'],
  detachPartition: ["op.detachPartition('a', 'a1')", '+table a; +table a1'],
}

describe('conflicts/revision-statements', () => {
  for (const [kind, [call, effects]] of Object.entries(calls)) {
    it(`op.${kind} names ${effects}`, async () => {
      expect(await shown('a.ts', upgrade(call))).to.equal(effects)
    })

    it(`op.${kind} is not known without its name`, async () => {
      const computed = call.replace(/\('(?:[^']*)'/, '(name')
      expect(computed).to.not.equal(call)
      expect(await shown('a.ts', upgrade(computed))).to.contain('?')
    })
  }

  const others: Readonly<Record<string, readonly [file: string, text: string, effects: string]>> = {
    'a flush': ['a.ts', upgrade('await op.flush()'), ''],
    'what is outside of the transaction': ['a.ts', upgrade("op.autocommit(() => op.dropTable('a'))"), '+table a'],
    'a query': ['a.ts', upgrade("await op.query('select 1 from a where b = ?', [1])"), 'column a.b; table a'],
    'a query that is a list': ['a.ts', upgrade("await op.query(['a'])"), '?'],
    'an operation of the project': ['a.ts', upgrade("op.createAudit('a')"), '?'],
    'a method that every object has': ['a.ts', upgrade("op.toString('a')"), '?'],
    'a column that is computed': ['a.ts', upgrade("op.dropColumn('a', name)"), '?'],
    'a new name that is computed': ['a.ts', upgrade("op.renameTable('a', name)"), '?'],
    'arguments of the function': ['a.ts', upgrade("await arguments[0].execute('drop table a')"), '?'],
    'a method of op that is taken apart': ['a.ts', upgrade("const {execute} = op; execute('drop table a')"), '?'],
    'a computed method': ['a.ts', upgrade("op['exec' + 'ute']('drop table a')"), '?'],
    'code in a text': ['a.ts', upgrade('eval(text)'), '?'],
    'a property of the global object': ['a.ts', upgrade("globalThis['x'].run()"), '?'],
    'a constructor of functions': ['a.ts', upgrade("new Function('x', text)(1)"), '?'],
    'a call of a function of the project': ['a.sql', '-- upgrade\nselect f();\n', 'function f; unknown function f; ?'],
    'a call of a function of another schema': [
      'a.sql',
      "-- upgrade\nselect app.f('a');\n",
      'function app.f; schema app; unknown function f; ?',
    ],
    'a call of a built-in function': ['a.sql', "-- upgrade\nselect set_config('a.b', 'c', false);\n", ''],
    'a file without an upgrade': ['a.ts', 'export const revision = 1\n', '?'],
    'an upgrade that does nothing': ['a.ts', upgrade(''), ''],
    'a SQL file': ['a.sql', '-- upgrade\ndrop table a;\n-- downgrade\ndrop table b;\n', '+table a'],
  }
  for (const [name, [file, text, effects]] of Object.entries(others))
    it(`${name} names ${effects || 'nothing'}`, async () => {
      expect(await shown(file, text)).to.equal(effects)
    })

  it('knows the source of every operation that PostgreSQL supports', async () => {
    const unknown = new Set<string>()
    for (const {name, run} of operationCases)
      for (const operation of recorded('postgresql', run)) {
        const text = upgrade(sourceOf(operationRegistry.definitionOf(operation), operation as never))
        const {unclear, vague} = await statementsIn('a.ts', text, operationRegistry)
        expect(unclear, `${name}\n${text}`).to.deep.equal([])
        if (vague.length > 0) unknown.add(name)
      }
    expect([...unknown]).to.deep.equal([
      'create a strict table without rowid',
      'compute an existing column of an unknown type',
      'add a column with a check',
      'add a check to a column',
      'rebuild a table with its columns in another order',
      'rebuild a table that must not be rebuilt, for another order of its columns',
      'create and drop unique constraints within a table of SQLite',
    ])
  })

  for (const columns of [
    '(t) => ({id: typeOf(t)})',
    '(t) => [t.column("id").integer()]',
    '(t) => ({id: t.nothing().here()})',
    '() => null',
  ])
    it(`says that it does not know columns that need code to be run: ${columns}`, async () => {
      expect(await shown('a.ts', upgrade(`op.createTable('a', ${columns})`))).to.match(/\?$/)
    })
})
