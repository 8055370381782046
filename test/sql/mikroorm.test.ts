import {DatabaseTable} from '@mikro-orm/sql'
import type {Column, SchemaHelper} from '@mikro-orm/sql'
import {expect} from 'chai'
import type {Dialect} from '../../src/operations/operation.ts'
import type {Operations} from '../../src/operations/operations.ts'
import {recorded, statementsOf} from '../support/operations.ts'
import {platforms} from '../support/platforms.ts'

/** Where mig writes SQL itself: what MikroORM would write, and what is wrong with it. When a case fails, it can go. */
const cases: readonly {
  readonly name: string
  readonly dialect: Dialect
  readonly theirs: (helper: SchemaHelper, table: DatabaseTable) => string
  readonly wrong: string
  readonly run: (op: Operations) => void
  readonly ours: string
}[] = [
  {
    name: 'dropping a table drops what nobody named, and nothing when the name is misspelt',
    dialect: 'postgresql',
    theirs: (helper) => helper.dropTableIfExists('users'),
    wrong: 'drop table if exists "users" cascade',
    run: (op) => op.dropTable('users'),
    ours: 'drop table "users"',
  },
  {
    name: 'dropping a view, too',
    dialect: 'postgresql',
    theirs: (helper) => helper.dropViewIfExists('v'),
    wrong: 'drop view if exists "v" cascade',
    run: (op) => op.dropView('v'),
    ours: 'drop view "v"',
  },
  {
    name: 'renaming a column repeats its definition without what it is updated to',
    dialect: 'mysql',
    theirs: (helper) => helper.getRenameColumnSQL('t', 'a', columnOf('mysql', {name: 'b', extra: 'on update now()'})),
    wrong: 'alter table `t` change `a` `b` text not null',
    run: (op) => op.renameColumn('t', 'a', 'b'),
    ours: 'alter table `t` rename column `a` to `b`',
  },
  {
    name: 'a generated column that can be null is a syntax error',
    dialect: 'mariadb',
    theirs: (helper, table) =>
      helper.createTableColumn(columnOf('mariadb', {nullable: true, generated: '(1) stored'}), table) as string,
    wrong: '`a` text generated always as (1) stored null',
    run: (op) => op.addColumn('t', 'a', (t) => t.text().generatedAs('1')),
    ours: 'alter table `t` add column `a` text generated always as (1) stored',
  },
  {
    name: 'the default of a text is not quoted',
    dialect: 'sqlite',
    theirs: (helper, table) => helper.createTableColumn(columnOf('sqlite', {default: "it's"}), table) as string,
    wrong: "`a` text not null default it's",
    run: (op) => op.addColumn('t', 'a', (t) => t.text().notNull().default("it's")),
    ours: "alter table `t` add column `a` text not null default 'it''s'",
  },
  {
    name: 'the lines of a function are joined, and $$ ends it early',
    dialect: 'postgresql',
    theirs: (helper) =>
      helper.createRoutine({
        name: 'f',
        type: 'function',
        params: [],
        returns: {type: 'text'},
        body: "select 1;\nselect '$$'",
      }),
    wrong: `create or replace function "f"() returns text language sql as $$ select 1; select '$$' $$`,
    run: (op) => op.createFunction('f', {returns: 'text', body: "select 1;\nselect '$$'"}),
    ours: `create or replace function "f"() returns text language sql as $q$\nselect 1;\nselect '$$'\n$q$`,
  },
  {
    name: 'an index has no place for concurrently, expressions and operator classes',
    dialect: 'postgresql',
    theirs: (helper, table) =>
      helper.createIndex(
        {keyName: 'i', columnNames: ['lower(a)'], unique: false, primary: false, constraint: false},
        table,
      ),
    wrong: 'create index "i" on "t" ("lower(a)")',
    run: (op) =>
      op.createIndex('t', [{expression: 'lower(a)', opclass: 'text_pattern_ops'}], {name: 'i', concurrently: true}),
    ours: 'create index concurrently "i" on "t" ((lower(a)) text_pattern_ops)',
  },
]

function columnOf(dialect: Dialect, column: Partial<Column>): Column {
  return {name: 'a', type: 'text', mappedType: platforms[dialect].getMappedType('text'), nullable: false, ...column}
}

describe('sql: what MikroORM has no form for, or a wrong one', () => {
  for (const {name, dialect, theirs, wrong, run, ours} of cases)
    it(`${name}: ${dialect}`, async () => {
      const platform = platforms[dialect]
      expect(theirs(platform.getSchemaHelper()!, new DatabaseTable(platform, 't'))).to.equal(wrong)
      const [statement] = await statementsOf(dialect, recorded(dialect, run))
      expect(statement?.sql).to.equal(ours)
    })
})
