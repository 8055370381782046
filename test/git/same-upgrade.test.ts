import {expect} from 'chai'
import {haveSameUpgrade} from '../../src/engine/switch/same-upgrade.ts'
import type {RevisionText} from '../../src/engine/switch/same-upgrade.ts'
import {readRevisionFile} from '../../src/script/revision-file.ts'

const file = (upgrade: string, imports = "import type {Operations} from 'migdag'"): RevisionText => {
  const text = `${imports}\n\nexport const revision = 'a'\nexport const downRevision = null\n\nexport async function upgrade(op: Operations) {\n  ${upgrade}\n}\n`
  return {revision: readRevisionFile('a.ts', text)!, text}
}

/** Two texts of the same upgrade. */
const same: Readonly<Record<string, readonly [string, string]>> = {
  quotes: ["op.execute('select 1')", 'op.execute("select 1")'],
  'a template without values': ["op.execute('select 1')", 'op.execute(`select 1`)'],
  'lines, commas, semicolons and comments': ["op.execute('select 1');", 'op.execute(\n  "select 1", // one\n)'],
  'escapes of quotes': [String.raw`op.execute('it\'s')`, `op.execute("it's")`],
  'names of properties': ['op.x({a: 1, b_c: 2})', 'op.x({\'a\': 1, "b_c": 2})'],
  'the parameter of an arrow function': ['list.map((x) => op.x(x))', 'list.map(x => op.x(x))'],
  'the parameter of an async one': ['op.batch(async (t) => t.x())', 'op.batch(async t => t.x())'],
  types: ["const name: string = 'a' as const", "const name = 'a'"],
}

const different: Readonly<Record<string, readonly [string, string]>> = {
  'another value': ["op.execute('a')", "op.execute('b')"],
  'a name instead of a string': ['op.x(a)', "op.x('a')"],
  'an await': ['await op.x()', 'op.x()'],
  'a property with another name': ["op.x({'a-b': 1})", "op.x({'a_b': 1})"],
  'a choice of strings': ["op.x(y ? 'a' : b)", 'op.x(y ? a : b)'],
  'a call instead of an arrow function': ['op.x((x) => y)', 'op.x((x), y)'],
}

describe('the upgrades of two revisions', () => {
  for (const [name, [one, other]] of Object.entries(same))
    it(`are the same if they differ in ${name}`, async () => {
      expect(await haveSameUpgrade(file(one), file(other), 'postgresql')).to.equal(true)
    })

  it('are the same if they import types in another way', async () => {
    const other = file('op.x()', "import {type Operations} from 'migdag'")
    expect(await haveSameUpgrade(file('op.x()'), other, 'postgresql')).to.equal(true)
  })

  for (const [name, [one, other]] of Object.entries(different))
    it(`are not the same if they differ in ${name}`, async () => {
      expect(await haveSameUpgrade(file(one), file(other), 'postgresql')).to.equal(false)
    })
})
