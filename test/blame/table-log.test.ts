import {expect} from 'chai'
import {tableLog} from '../../src/api/public.ts'
import {Folder} from '../support/folder.ts'

interface Case {
  readonly graph: string
  readonly bodies: Readonly<Record<string, string>>
  readonly table: string
  /** Each revision with its changes. */
  readonly is: readonly string[]
  readonly may?: readonly string[]
}

const people = `op.createTable('people', (t) => ({name: t.text()}))`
const created = 'a: creates table people, creates column name'

const cases: Readonly<Record<string, Case>> = {
  'a table that is renamed': {
    graph: 'a <- b <- c',
    bodies: {
      a: people,
      b: `op.renameTable('people', 'staff'); op.dropColumn('staff', 'name')`,
      c: `op.createTable('people', (t) => ({n: t.integer()}))`,
    },
    table: 'staff',
    is: ['b: renames table staff from people, drops column name', created],
  },
  'a merge of sides that changed the same table': {
    graph: 'a <- b; a <- c; b, c <- m',
    bodies: {
      a: people,
      b: `op.addColumn('people', 'one', (t) => t.integer())`,
      c: `op.addColumn('people', 'two', (t) => t.integer())`,
    },
    table: 'people',
    is: ['c: creates column two', 'b: creates column one', created],
  },
  'a table that was dropped and created again': {
    graph: 'a <- b <- c',
    bodies: {a: people, b: `op.dropTable('people')`, c: people},
    table: 'people',
    is: ['c: creates table people, creates column name', 'b: drops table people, drops column name', created],
  },
  'a table with the name of one that was dropped': {
    graph: 'a <- b <- c <- d',
    bodies: {
      a: people,
      b: `op.dropTable('people')`,
      c: `op.createTable('staff', (t) => ({n: t.integer()}))`,
      d: `op.renameTable('staff', 'people')`,
    },
    table: 'people',
    is: [
      'd: renames table people from staff',
      'c: creates table staff, creates column n',
      'b: drops table people, drops column name',
      created,
    ],
  },
  'a table that unknown SQL may change': {
    graph: 'a <- b <- c',
    bodies: {a: people, b: `op.execute('do $$ begin end $$')`, c: `op.execute('frobnicate people')`},
    table: 'people',
    is: [created],
    may: ['c: SQL that PostgreSQL cannot parse', 'b: a DO block'],
  },
}

describe('tableLog', () => {
  for (const [name, {graph, bodies, table, is, may = []}] of Object.entries(cases))
    it(`lists the revisions of ${name}`, async () => {
      const folder = new Folder().writeGraph(graph, ({id}) => `export function upgrade(op) {\n${bodies[id] ?? ''}\n}\n`)
      const {revisions, mayHaveChanged} = await tableLog({cwd: folder.path, table})
      const lines = revisions.map(({revision, changes}) => {
        const words = changes.map((change) => {
          const from = change.change === 'renames' ? ` from ${change.from}` : ''
          return `${change.change} ${change.kind} ${change.name}${from}`
        })
        return `${revision}: ${words.join(', ')}`
      })
      expect(lines).to.deep.equal(is)
      expect(mayHaveChanged.map(({revision, reasons}) => `${revision}: ${reasons.join(', ')}`)).to.deep.equal(may)
    })
})
