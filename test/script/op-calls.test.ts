import {expect} from 'chai'
import {hasEmptyBody, readFunction, readOpCalls} from '../../src/script/op-calls.ts'
import type {OpCall, WrittenFunction} from '../../src/script/op-calls.ts'

/** `?` stands for what would have to be evaluated, `{…}` for the texts of an object. */
function argumentText(value: OpCall['args'][number]): string {
  if (value === undefined) return '?'
  if (typeof value === 'string') return JSON.stringify(value)
  return 'texts' in value ? `{${value.texts.join('|')}}` : `[${value.join(' ')}]`
}

/** Everything about a function as one line: calls, what they name, and whether that is all. */
function shown({calls, tables, types, isPartial, isDeclarative}: WrittenFunction): string {
  return [
    ...calls.map(({method, args}) => `${method}(${args.map(argumentText).join(', ')})`),
    ...tables.map((name) => `table ${name}`),
    ...types.map((name) => `type ${name}`),
    ...(isPartial ? ['partial'] : []),
    ...(isDeclarative ? ['declarative'] : []),
  ].join('; ')
}

const bodies: readonly (readonly [body: string, shown: string])[] = [
  ['', 'declarative'],
  ["op.dropTable('a')", 'dropTable("a"); declarative'],
  ['op.dropTable("a"); op.dropTable(`b`);', 'dropTable("a"); dropTable("b"); declarative'],
  ['op.flush()', 'flush(); declarative'],
  ["op\n  .dropTable(\n 'a', // why\n)", 'dropTable("a"); declarative'],
  ["op.renameColumn('t', 'a', 'b')", 'renameColumn("t", "a", "b"); declarative'],
  ["op.createIndex('t', ['a', 'b'])", 'createIndex("t", [a b]); declarative'],
  ["op.createIndex('t', [])", 'createIndex("t", []); declarative'],
  ["op.createIndex('t', ['a', b])", 'createIndex("t", ?)'],
  ["op.createIndex('t', ['a' 'b'])", 'createIndex("t", ?); declarative'],
  ["op.execute({postgresql: 'x', sqlite: `y`})", 'execute({x|y}); declarative'],
  ["op.execute({postgresql: 'x', 'sqlite': 'y'})", 'execute(?); declarative'],
  ['op.execute({postgresql: sql})', 'execute(?)'],
  ["op.execute('a' + 'b')", 'execute(?); declarative'],
  ["op.execute('a', [1, 2])", 'execute("a", ?); declarative'],
  ["op.execute(('a'))", 'execute(?); declarative'],
  ["op.dropTable(f('a', 'b'), 'c')", 'dropTable(?, "c")'],
  ["op.dropTable(a[1, 2], {b: 'c, d'})", 'dropTable(?, {c, d})'],
  ["op.dropTable(/,/.test(x) ? 'a' : 'b')", 'dropTable(?)'],
  ["op.dropTable(a / b, 'c' / 2)", 'dropTable(?, ?)'],
  ["op.dropTable('it\\'s \\\\ \"')", String.raw`dropTable("it's \\ \""); declarative`],
  [String.raw`op.dropTable('a\n')`, 'dropTable(?); declarative'],
  ["op.dropTable(`a${''}`)", 'dropTable(?); declarative'],
  ['op.execute(`a $ {b}`)', 'execute("a $ {b}"); declarative'],
  ["op.query<{n: Map<string, number>}>('select 1')", 'query("select 1")'],
  ["op.renameColumn('t','a','b')", 'renameColumn("t", "a", "b"); declarative'],
  ["op.createIndex('t',['a','b'])", 'createIndex("t", [a b]); declarative'],
  ["op.execute({postgresql:'x',sqlite:'y'})", 'execute({x|y}); declarative'],
  ["op.execute({postgresql: 'x' + y})", 'execute(?)'],
  ['op.execute(`a\nb`)', String.raw`execute("a\nb"); declarative`],
  ["op.dropTable('a\n)", 'dropTable(?); declarative'],
  ['op.first(x); op.second(y, z)', 'first(?); second(?, ?)'],
  // columns
  ["op.addColumn('t', 'c', (t) => t.integer())", 'addColumn("t", "c", ?); declarative'],
  ["op.addColumn('t', 'c', t => t.integer())", 'addColumn("t", "c", ?); declarative'],
  ["op.addColumn('t', 'c', (t) => t.type('mood'))", 'addColumn("t", "c", ?); type mood; declarative'],
  ["op.addColumn('t', 'c', (t) => t.type(mood))", 'addColumn("t", "c", ?); partial'],
  ["op.createTable('t', x, {foreignKeys: [{references: 'u'}]})", 'createTable("t", ?, ?); table u'],
  ["op.createTable('t', x, {foreignKeys: [{references:'u'}]})", 'createTable("t", ?, ?); table u'],
  ["op.createTable('t', x, {foreignKeys: [{references : u}]})", 'createTable("t", ?, ?); partial'],
  ["op.createTable('t', x, {foreignKeys: [{references: ['u']}]})", 'createTable("t", ?, ?); partial'],
  ["op.dropTable('references')", 'dropTable("references"); declarative'],
  // what else may happen
  ["if (op.dialect === 'sqlite') op.dropTable('a')\nelse return", 'dropTable("a"); declarative'],
  ["for (const t of ['a']) op.dropTable(t)", 'dropTable(?)'],
  ["await op.dropTable('a')", 'dropTable("a")'],
  ["await op.autocommit(() => op.dropTable('a'))", 'autocommit(?); dropTable("a")'],
  ["op.autocommit(() => op.dropTable('a'))", 'autocommit(?); dropTable("a"); declarative'],
  ["console.log('x'); op.dropTable('a')", 'dropTable("a")'],
  ["const drop = 1; op.dropTable('a')", 'dropTable("a")'],
  ["op.dropTable('a', {cascade: true, ifExists: false, was: null, x: undefined})", 'dropTable("a", ?); declarative'],
  ['helper(op)', 'partial'],
  ['helper(op, drop(1))', 'partial'],
  ['helper(op.dialect)', ''],
  ['const {dropTable} = op', 'partial'],
  ["op['dropTable']('a')", 'partial'],
  ["op?.dropTable('a')", 'partial'],
  ['const drop = op.dropTable', ''],
  ['`${op}`', 'partial'],
  ['`${x}`', ''],
  ['`${stop.x}`', ''],
  ['`${stop({op})}`', 'partial'],
  ["other.op.dropTable('a')", ''],
  ['({op: 1})', 'declarative'],
  ["// op.dropTable('a')\n/* helper(op) */", 'declarative'],
  ["'op.dropTable()'", 'declarative'],
  ['/op/.test(x)', ''],
]

const functions: readonly (readonly [text: string, shown: string])[] = [
  ["export function upgrade(op) { op.dropTable('a') }", 'dropTable("a"); declarative'],
  ["export async function upgrade(op) { op.dropTable('a') }", 'dropTable("a"); declarative'],
  ["export async function upgrade(op: Operations): Promise<void> { op.dropTable('a') }", 'dropTable("a"); declarative'],
  ["export function upgrade(op: Operations): void { op.dropTable('a') }", 'dropTable("a"); declarative'],
  ["export const upgrade = (op) => { op.dropTable('a') }", 'dropTable("a"); declarative'],
  ["export const upgrade = async (op: Operations) => op.dropTable('a')", 'dropTable("a"); declarative'],
  ["export const upgrade = op => op.dropTable('a')", 'dropTable("a"); declarative'],
  ["export const upgrade = async function named(op) { op.dropTable('a') }", 'dropTable("a"); declarative'],
  ["export function upgrade($m1) { $m1.dropTable('a'); op.dropTable('b') }", 'dropTable("a")'],
  ["export function upgrade(op,) { op.dropTable('a') }", 'dropTable("a"); declarative'],
  ['export function upgrade() {}', 'declarative'],
  ["export function upgrade() { op.dropTable('a') }", ''],
  ["export function upgrade(op) {}\nexport function downgrade(op) { op.dropTable('a') }", 'declarative'],
  ["export function upgrade(op) {}\nfunction helper(op) { op.dropTable('a') }", 'declarative'],
  ["export function upgrade(op) { (function () { op.dropTable('a') })() }", 'dropTable("a")'],
  ["const x = 1\nexport function upgrade(op) { op.dropTable('a') }", 'dropTable("a"); declarative'],
  ['export function upgrade({dropTable}) { dropTable() }', 'partial'],
  ['export function upgrade(op, other) {}', 'partial'],
  ['export const upgrade = make()', 'partial'],
  ["export {upgrade} from './shared.ts'", 'partial'],
  ["const a = 'export function upgrade(op) {}'", 'partial'],
]

/** Functions that depend on nothing but the database, and others. */
const closed: readonly (readonly [body: string, isClosed: boolean])[] = [
  ["op.dropTable('a')", true],
  ["for (const t of ['a', 'b']) op.dropTable(t)", true],
  ["for (const [t, c] of [['a', 'b']]) op.execute(`drop table ${t} ${c.length}`)", true],
  ["const {length} = 'abc'; op.execute('select ?', [length])", true],
  ["let t = 'a'\nop.dropTable(t)", true],
  ["await op.autocommit(() => op.dropTable('a'))", true],
  ["if (op.dialect === 'sqlite') op.dropTable('a')", true],
  ["op.createTable('t', (t) => ({id: t.integer()}))", true],
  ["if (op.x.demo) op.dropTable('a')", false],
  ["if (op.offline) op.dropTable('a')", false],
  ["const {x} = op; if (x.demo) op.dropTable('a')", false],
  ['op.dropTable(process.env.TABLE)', false],
  ['op.execute(`select ${Date.now()}`)', false],
  ['op.execute(`select ${`${Date.now()}`}`)', false],
  ['for (const t of tables) op.dropTable(t)', false],
  ['for (const [t = name()] of [[]]) op.dropTable(t)', false],
  ["await fetch('https://example.org')", false],
  ['helper(op)', false],
  ["op.execute(op.constructor.constructor('return process.env.TABLE')())", false],
  ["op.execute((() => {})['constructor']('return process.argv[2]')())", false],
]

describe('script/op-calls', () => {
  for (const [body, isClosed] of closed)
    it(`knows whether \`${body.replaceAll('\n', ' ')}\` depends on anything else`, () => {
      expect(readFunction(`async (op) => {\n  ${body}\n}`).isClosed).to.equal(isClosed)
    })

  for (const [body, line] of bodies)
    it(`reads \`${body.replaceAll('\n', ' ')}\``, () => {
      const found = readOpCalls(`export function upgrade(op) {\n  ${body}\n}\n`, 'upgrade')
      expect(found && shown(found)).to.equal(line)
    })

  for (const [text, line] of functions)
    it(`reads \`${text.replaceAll('\n', ' ')}\``, () => {
      const found = readOpCalls(text, 'upgrade')
      expect(found && shown(found)).to.equal(line)
    })

  it('reads the function that is asked for', () => {
    const text = "export function upgrade(op) { op.a() }\nexport const downgrade = (op) => { op.b('x') }\n"
    expect(readOpCalls(text, 'downgrade')?.calls.map(({method, args}) => ({method, args}))).to.deep.equal([
      {method: 'b', args: ['x']},
    ])
    expect(readOpCalls('export function upgrade(op) {}', 'downgrade')).to.equal(undefined)
  })

  it('ends where a text does, wherever it is cut off', () => {
    const text = "export function upgrade(op) {\n  op.a<Map<string>>('x', [`y`], {z: 'z'}, f(1))\n  `${op}`\n}"
    for (let length = 0; length < text.length; length++)
      expect(readOpCalls(text.slice(0, length), 'upgrade')?.calls.length ?? 0).to.be.at.most(1)
  })
})

const downgrades: readonly (readonly [text: string, isEmpty: boolean | undefined])[] = [
  ['export async function downgrade(op: Operations): Promise<void> {}', true],
  ['export function downgrade() {\n}', true],
  ['export const downgrade = async (op) => {}', true],
  ['export const downgrade = op => { }', true],
  ['export async function downgrade(op) {\n  // nothing to do\n}', false],
  ['export async function downgrade(op) { op.dropTable("t") }', false],
  ['export async function downgradeMore(op) {}', undefined],
  ['export const downgrade = (op) => op.dropTable("t", {})', undefined],
  ['export const downgrade = undo', undefined],
  ['export {downgrade} from "./undo.ts"', undefined],
  ['// export async function downgrade(op) {}', undefined],
]

describe('whether a downgrade is empty', () => {
  for (const [text, isEmpty] of downgrades)
    it(`is ${isEmpty ?? 'unknown'}: ${text.replaceAll('\n', ' ')}`, () => {
      expect(hasEmptyBody(`export const revision = 'a'\n${text}\n`, 'downgrade')).to.equal(isEmpty)
    })
})
