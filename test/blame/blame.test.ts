import {expect} from 'chai'
import {blame} from '../../src/api/public.ts'
import {Folder} from '../support/folder.ts'

/** The configuration of a database; mig does not connect to it. */
const databases = {
  PostgreSQL: {},
  SQLite: {orm: 'sqlite:test.db'},
  MariaDB: {orm: 'mariadb://root@127.0.0.1:1/test'},
} as const

interface Case {
  readonly graph: string
  /** The upgrades of revisions; others do nothing. */
  readonly bodies: Readonly<Record<string, string>>
  readonly table: string
  /** Each object as "kind name: change revision". */
  readonly is: readonly string[]
  /** The revisions that may have changed it; those that do not contain the name in parentheses. */
  readonly may?: readonly string[]
  readonly on?: keyof typeof databases
}

const people = `op.createTable('people', (t) => ({id: t.integer().primaryKey(), name: t.text(), note: t.text()}))`
const created = ['table people: creates a', 'column id: creates a', 'column name: creates a', 'column note: creates a']
const key = 'constraint people_pkey: creates a'
const sql = (text: string): string => `op.execute(${JSON.stringify(text)})`
const peopleSql = sql('create table people (id int primary key, name text, note text)')

const cases: Readonly<Record<string, Case>> = {
  'a table that is created': {graph: 'a', bodies: {a: people}, table: 'people', is: [...created, key]},
  'columns that are added, altered and renamed': {
    graph: 'a <- b <- c <- d',
    bodies: {
      a: people,
      b: `op.addColumn('people', 'age', (t) => t.integer())`,
      c: `op.alterColumn('people', 'name', {nullable: false})`,
      d: `op.renameColumn('people', 'note', 'remark')`,
    },
    table: 'people',
    is: [
      'table people: creates a',
      'column id: creates a',
      'column name: alters c',
      'column remark: renames d from note',
      'column age: creates b',
      key,
    ],
  },
  'raw SQL': {
    graph: 'a <- b <- c',
    bodies: {
      a: peopleSql,
      b: sql('alter table people alter column name set not null; create unique index people_name on people (name)'),
      c: sql('alter table people enable row level security; create policy own on people using (true)'),
    },
    table: 'people',
    is: [
      'table people: alters c',
      'column id: creates a',
      'column name: alters b',
      'column note: creates a',
      key,
      'index people_name: creates b',
      'policy own: creates c',
    ],
  },
  'triggers, checks and foreign keys': {
    graph: 'a <- b',
    bodies: {
      a: `${people}; ${sql("create function f() returns trigger language plpgsql as 'begin return new; end'")}`,
      b: `op.createCheckConstraint('people', 'id > 0', {name: 'positive'})
        op.createForeignKey('people', 'id', 'people', 'id', {name: 'self'})
        ${sql('create trigger noted before insert on people for each row execute function f()')}`,
    },
    table: 'people',
    is: [...created, key, 'constraint positive: creates b', 'constraint self: creates b', 'trigger noted: creates b'],
  },
  'a constraint that is replaced': {
    graph: 'a <- b',
    bodies: {
      a: sql('create table people (id int constraint positive check (id > 0))'),
      b: sql('alter table people drop constraint positive, add constraint positive check (id > 1)'),
    },
    table: 'people.positive',
    is: ['constraint positive: alters b'],
  },
  'inserted rows, which change nothing': {
    graph: 'a <- b',
    bodies: {a: people, b: sql("insert into people (id, name) values (1, 'Ana')")},
    table: 'people',
    is: [...created, key],
  },
  'a merge of sides that changed the same table': {
    graph: 'a <- b; a <- c; b, c <- m',
    bodies: {
      a: people,
      b: `op.addColumn('people', 'age', (t) => t.integer())`,
      c: `op.dropColumn('people', 'note'); op.createIndex('people', 'name')`,
    },
    table: 'people',
    is: [
      'table people: creates a',
      'column id: creates a',
      'column name: creates a',
      'column age: creates b',
      key,
      'index people_name_index: creates c',
    ],
  },
  'a merge of sides that changed the same column': {
    graph: 'a <- b; a <- c; b, c <- m',
    bodies: {
      a: people,
      b: sql('alter table people alter column name set not null'),
      c: sql('alter table people alter column name type varchar(20)'),
    },
    table: 'people.name',
    is: ['column name: alters c beside b'],
  },
  'several heads': {
    graph: 'a <- b; a <- c',
    bodies: {
      a: people,
      b: `op.addColumn('people', 'one', (t) => t.integer())`,
      c: `op.addColumn('people', 'two', (t) => t.integer())`,
    },
    table: 'people',
    is: [...created, 'column one: creates b', 'column two: creates c', key],
  },
  'a table by its former name': {
    graph: 'a <- b <- c',
    bodies: {a: people, b: `op.renameTable('people', 'staff')`, c: `op.dropColumn('staff', 'note')`},
    table: 'people',
    is: ['table staff: renames b from people', 'column id: creates a', 'column name: creates a', key],
  },
  'a table that has the former name of another': {
    graph: 'a <- b <- c',
    bodies: {
      a: people,
      b: `op.renameTable('people', 'staff')`,
      c: `op.createTable('people', (t) => ({n: t.integer()}))`,
    },
    table: 'people',
    is: ['table people: creates c', 'column n: creates c'],
  },
  'columns that exchange their names': {
    graph: 'a <- b',
    bodies: {
      a: people,
      b: `op.renameColumn('people', 'name', 'x'); op.renameColumn('people', 'note', 'name'); op.renameColumn('people', 'x', 'note')`,
    },
    table: 'people',
    is: [
      'table people: creates a',
      'column id: creates a',
      'column note: renames b from name',
      'column name: renames b from note',
      key,
    ],
  },
  'a table that is moved to another schema': {
    graph: 'a <- b',
    bodies: {a: people, b: `op.createSchema('shop'); op.moveTable('people', 'shop')`},
    table: 'shop.people',
    is: ['table shop.people: renames b from people', ...created.slice(1), key],
  },
  'a column that was dropped': {
    graph: 'a <- b',
    bodies: {a: people, b: `op.dropColumn('people', 'note')`},
    table: 'people.note',
    is: ['column note: drops b'],
  },
  'a column that was dropped with its table': {
    graph: 'a <- b',
    bodies: {a: people, b: `op.dropTable('people')`},
    table: 'people.note',
    is: ['column note: drops b'],
  },
  'a column that was renamed': {
    graph: 'a <- b <- c',
    bodies: {
      a: people,
      b: `op.renameColumn('people', 'note', 'remark')`,
      c: `op.alterColumn('people', 'remark', {nullable: false})`,
    },
    table: 'people.note',
    is: ['column note: renames b to remark'],
  },
  'a column that was dropped and added again': {
    graph: 'a <- b <- c',
    bodies: {
      a: people,
      b: `op.dropColumn('people', 'note')`,
      c: `op.addColumn('people', 'note', (t) => t.text())`,
    },
    table: 'people.note',
    is: ['column note: creates c'],
  },
  'an index that a dropped column takes along': {
    graph: 'a <- b <- c',
    bodies: {a: people, b: `op.createIndex('people', 'note')`, c: `op.dropColumn('people', 'note')`},
    table: 'people.people_note_index',
    is: ['index people_note_index: drops c'],
  },
  'a table that was dropped': {
    graph: 'a <- b',
    bodies: {a: people, b: `op.dropTable('people')`},
    table: 'people',
    is: ['table people: drops b'],
  },
  'a view': {
    graph: 'a <- b',
    bodies: {a: people, b: sql('create view names as select name from people')},
    table: 'names',
    is: ['view names: creates b', 'column name: creates b'],
  },
  'operations in a loop': {
    graph: 'a',
    bodies: {a: `${people}; for (const name of ['x', 'y']) op.addColumn('people', name, (t) => t.integer())`},
    table: 'people.y',
    is: ['column y: creates a'],
  },
  'operations for another database': {
    graph: 'a',
    bodies: {a: `${people}; if (op.dialect === 'sqlite') op.addColumn('people', 'x', (t) => t.integer())`},
    table: 'people',
    is: [...created, key],
  },
  'a batch of operations': {
    graph: 'a <- b',
    bodies: {
      a: people,
      b: `op.batchAlterTable('people', (batch) => { batch.dropColumn('note'); batch.addColumn('x', (t) => t.integer()) })`,
    },
    table: 'people',
    is: [...created.slice(0, 3), 'column x: creates b', key],
  },
  'code that queries': {
    graph: 'a <- b',
    bodies: {
      a: people,
      b: `const rows = await op.query('select name from people'); op.dropColumn('people', rows[0].name)`,
    },
    table: 'people',
    is: [...created, key],
    may: ['b'],
  },
  'a DO block': {
    graph: 'a <- b',
    bodies: {a: people, b: sql('do $$ begin end $$')},
    table: 'people',
    is: [...created, key],
    may: ['(b)'],
  },
  'SQL that cannot be parsed': {
    graph: 'a <- b',
    bodies: {a: people, b: sql('alter table people frobnicate')},
    table: 'people',
    is: [...created, key],
    may: ['b'],
  },
  'a statement that fails': {
    graph: 'a <- b <- c',
    bodies: {a: people, b: sql('alter table people add column note text'), c: sql('drop table nothing')},
    table: 'people',
    is: [...created, key],
    may: ['b'],
  },
  'code that fails': {
    graph: 'a <- b',
    bodies: {a: people, b: `throw new Error(op.dialect)`},
    table: 'people',
    is: [...created, key],
    may: ['(b)'],
  },
  'a table that only unknown SQL creates': {
    graph: 'a',
    bodies: {a: sql('frobnicate table people')},
    table: 'people',
    is: [],
    may: ['a'],
  },
  'a table that no revision creates': {
    graph: 'a <- b',
    bodies: {a: sql('alter table people add column age int'), b: `op.renameColumn('people', 'name', 'full_name')`},
    table: 'people',
    is: ['table people: ?', 'column age: creates a', 'column full_name: renames b from name'],
  },
  'a column of a table that no revision creates': {
    graph: 'a',
    bodies: {a: `op.dropColumn('people', 'note')`},
    table: 'people.note',
    is: ['column note: drops a'],
  },
  'names in another case': {graph: 'a', bodies: {a: people}, table: 'PEOPLE.Note', is: ['column note: creates a']},
  'a name with the default schema': {graph: 'a', bodies: {a: people}, table: 'public.people', is: [...created, key]},
  'a table in another schema by its name alone': {
    graph: 'a',
    bodies: {a: `op.createSchema('shop'); op.createTable('shop.orders', (t) => ({n: t.integer()}))`},
    table: 'orders.n',
    is: ['column n: creates a'],
  },
  'operations on SQLite': {
    graph: 'a <- b <- c',
    bodies: {
      a: people,
      b: `op.alterColumn('people', 'name', {nullable: false}); op.createIndex('people', 'note')`,
      c: `op.renameTable('people', 'staff')`,
    },
    table: 'staff',
    is: [
      'table staff: renames c from people',
      'column id: creates a',
      'column name: alters b',
      'column note: creates a',
      key,
      'index people_note_index: creates b',
    ],
    on: 'SQLite',
  },
  'SQL on SQLite': {
    graph: 'a <- b <- c',
    bodies: {a: people, b: sql('alter table `people` drop column `note`'), c: sql('pragma optimize')},
    table: 'people',
    is: [...created.slice(0, 3), key],
    may: ['(c)'],
    on: 'SQLite',
  },
  'operations on MariaDB': {
    graph: 'a <- b',
    bodies: {
      a: people,
      b: `op.addColumn('people', 'age', (t) => t.integer(), {after: 'id'}); op.dropColumn('people', 'note')`,
    },
    table: 'people',
    is: [...created.slice(0, 3), 'column age: creates b', key],
    on: 'MariaDB',
  },
  'indexes of one name on MariaDB': {
    graph: 'a <- b <- c <- d',
    bodies: {
      a: `${people}; op.createTable('teams', (t) => ({id: t.integer(), name: t.text()}))`,
      b: `op.createIndex('people', 'name', {name: 'by_name'}); op.createIndex('teams', 'name', {name: 'by_name'})`,
      c: `op.createUniqueConstraint('people', 'note', {name: 'same'}); op.createUniqueConstraint('teams', 'id', {name: 'same'})
        op.renameTable('teams', 'groups')`,
      d: `op.dropIndex('by_name', {table: 'people'}); op.dropConstraint('people', 'same', {type: 'unique'})`,
    },
    table: 'groups',
    is: [
      'table groups: renames c from teams',
      'column id: creates a',
      'column name: creates a',
      'constraint same: creates c',
      'index by_name: creates b',
    ],
    on: 'MariaDB',
  },
  'an index that another table keeps on MariaDB': {
    graph: 'a <- b <- c <- d',
    bodies: {
      a: `${people}; op.createTable('teams', (t) => ({id: t.integer(), name: t.text()}))`,
      b: `op.createIndex('people', 'name', {name: 'by_name'}); op.createIndex('teams', 'name', {name: 'by_name'})`,
      c: `op.renameIndex('by_name', 'by_title', {table: 'teams'}); op.dropIndex('by_title', {table: 'teams'})`,
      d: `op.renameIndex('by_name', 'named', {table: 'people'})`,
    },
    table: 'people',
    is: [...created, key, 'index named: renames d from by_name'],
    on: 'MariaDB',
  },
  'a unique index that is dropped as an index on MariaDB': {
    graph: 'a <- b',
    bodies: {
      a: `${people}; op.createUniqueConstraint('people', 'id', {name: 'same'})`,
      b: `op.dropIndex('same', {table: 'people'})`,
    },
    table: 'people.same',
    is: ['constraint same: drops b'],
    on: 'MariaDB',
  },
  'SQL after a statement that cannot be parsed': {
    graph: 'a <- b',
    bodies: {a: people, b: sql('frobnicate people; alter table people drop column note')},
    table: 'people.note',
    is: ['column note: drops b'],
    may: ['b'],
  },
  'SQL on MariaDB': {
    graph: 'a <- b <- c',
    bodies: {
      a: people,
      b: sql("alter table `people` add column `it's` int"),
      c: sql('alter table people modify column name varchar(20)'),
    },
    table: 'people',
    is: [...created, "column it's: creates b", key],
    may: ['c'],
    on: 'MariaDB',
  },
}

describe('blame', () => {
  for (const [name, {graph, bodies, table, is, may = [], on = 'PostgreSQL'}] of Object.entries(cases))
    it(`finds the revisions of ${name}`, async () => {
      const folder = new Folder().writeGraph(
        graph,
        ({id}) => `export async function upgrade(op) {\n${bodies[id] ?? ''}\n}\n`,
      )
      folder.write({'mig.config.js': `export default ${JSON.stringify(databases[on])}\n`})
      const {objects, mayHaveChanged} = await blame({cwd: folder.path, table})
      const lines = objects.map(({kind, name: own, change, by, from, to, alongside}) =>
        [
          `${kind} ${own}: ${change ?? '?'}`,
          ...(by === null ? [] : [by.revision]),
          ...(from === undefined ? [] : [`from ${from}`]),
          ...(to === undefined ? [] : [`to ${to}`]),
          ...(alongside.length === 0 ? [] : [`beside ${alongside.join(', ')}`]),
        ].join(' '),
      )
      expect(lines).to.deep.equal(is)
      expect(mayHaveChanged.map(({revision, isNamed}) => (isNamed ? revision : `(${revision})`))).to.deep.equal(may)
    })
})
