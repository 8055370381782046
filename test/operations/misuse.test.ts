import {expect} from 'chai'
import type {ColumnTypes} from '../../src/operations/columns/column-builder.ts'
import {defineOperation} from '../../src/operations/custom.ts'
import type {Dialect} from '../../src/operations/operation.ts'
import type {Operations} from '../../src/operations/operations.ts'
import {createRegistry} from '../../src/operations/registry.ts'
import {errorOf, rejectionOf} from '../support/errors.ts'
import {recorded, statementsOf} from '../support/operations.ts'

/** What JavaScript lets a revision write, and types do not. */
interface Untyped {
  readonly [method: string]: (...args: readonly unknown[]) => void
}

const cases: readonly {
  readonly name: string
  readonly run: (op: Untyped) => void
  readonly message: string
  readonly hint?: string
}[] = [
  {
    name: 'an option that is misspelt',
    run: (op) => op['createIndex']?.('users', 'email', {concurently: true}),
    message: 'op.createIndex has no option concurently.',
    hint: 'Did you mean concurrently?',
  },
  {
    name: 'an option that is none',
    run: (op) => op['renameTable']?.('users', 'people', {sure: true}),
    message: 'op.renameTable has no option sure.',
    hint: 'It has no options.',
  },
  {
    name: 'an option of a part that is misspelt',
    run: (op) => op['createTable']?.('t', (t: ColumnTypes) => ({id: t.integer()}), {checks: [{expresion: 'id > 0'}]}),
    message: 'op.createTable has no option expresion.',
    hint: 'Did you mean expression?',
  },
  {
    name: 'no table',
    run: (op) => op['addColumn']?.(),
    message: 'op.addColumn expects a table name, but received undefined.',
  },
  {
    name: 'a column that is a text',
    run: (op) => op['addColumn']?.('users', 'email', 'varchar(255)'),
    message: "op.addColumn expects a column, as in (t) => t.varchar(255).notNull(), but received 'varchar(255)'.",
  },
  {
    name: 'a key in a new column',
    run: (op) => op['addColumn']?.('users', 'email', (t: ColumnTypes) => t.integer().unique()),
    message: 'op.addColumn expects a column without .primaryKey() and .unique(), which are separate operations',
  },
  {
    name: 'a table without columns',
    run: (op) => op['createTable']?.('t', () => ({})),
    message: 'op.createTable expects columns, as in',
  },
  {
    name: 'a word that is none of those there are',
    run: (op) => op['createForeignKey']?.('a', 'b', 'c', 'd', {onDelete: 'casacde'}),
    message:
      "op.createForeignKey expects 'no action' or 'restrict' or 'cascade' or 'set null' or 'set default' for onDelete, but received 'casacde'.",
  },
  {
    name: 'a flag that is a text',
    run: (op) => op['dropTable']?.('t', {ifExists: 'yes'}),
    message: "op.dropTable expects true or false for ifExists, but received 'yes'.",
  },
  {
    name: 'options that are no object',
    run: (op) => op['dropTable']?.('t', 'cascade'),
    message: "op.dropTable expects an object with options, but received 'cascade'.",
  },
  {
    name: 'one argument too many',
    run: (op) => op['renameColumn']?.('t', 'a', 'b', {}, 'c'),
    message: "op.renameColumn expects at most 4 arguments, but received 'c'.",
  },
  {
    name: 'a definition of what was that is none',
    run: (op) => op['dropConstraint']?.('t', 'k', {was: {type: 'chek', expression: 'x'}}),
    message: "for was.type, but received 'chek'.",
  },
]

describe('operations, misused,', () => {
  for (const {name, run, message, hint} of cases)
    it(`refuse ${name}`, () => {
      const error = errorOf('INVALID_OPERATION', () =>
        recorded('postgresql', run as unknown as (op: Operations) => void),
      )
      expect(error.message).to.contain(message)
      if (hint !== undefined) expect(error.hint).to.equal(hint)
    })

  const definitions: readonly {readonly name: string; readonly definition: object; readonly message: string}[] = [
    {
      name: 'the name of another',
      definition: {kind: 'addColumn'},
      message: 'mig already has an operation of that name',
    },
    {
      name: 'the name of something else',
      definition: {kind: 'query'},
      message: '`op` already has a member of that name',
    },
    {name: 'a name that is none', definition: {kind: 'a b'}, message: '`kind` is not a valid method name'},
    {name: 'no parameters', definition: {kind: 'a', parameters: 1}, message: '`parameters` must be an array'},
    {name: 'no SQL', definition: {kind: 'a', sql: 'x'}, message: '`sql` must be a function'},
  ]
  for (const {name, definition, message} of definitions)
    it(`refuse a custom one with ${name}`, () => {
      const whole = {parameters: [], sql: () => [], ...definition}
      const error = errorOf('INVALID_OPERATION', () => createRegistry([defineOperation(whole as never)] as never))
      expect(error.message).to.contain(message)
    })
})

describe('operations that a database has no form for', () => {
  const refused: readonly {
    readonly name: string
    readonly dialect: Dialect
    readonly run: (op: Operations) => void
    readonly message: string
  }[] = [
    {
      name: 'a column that is updated by itself',
      dialect: 'postgresql',
      run: (op) => op.addColumn('t', 'at', (t) => t.timestamp().onUpdate('now()')),
      message: '`onUpdate` and `unsigned` are only supported on MySQL',
    },
    {
      name: 'a number that is counted up beside the key',
      dialect: 'sqlite',
      run: (op) => op.createTable('t', (t) => ({id: t.integer().primaryKey(), n: t.integer().identity()})),
      message: '`autoincrement` is only supported on a single-column primary key on SQLite',
    },
    {
      name: 'a change of half a column',
      dialect: 'mysql',
      run: (op) => op.alterColumn('t', 'a', {nullable: false}),
      message: 'MySQL redefines the whole column; pass its previous definition as `was`',
    },
    {
      name: 'a constraint of no type',
      dialect: 'mariadb',
      run: (op) => op.dropConstraint('t', 'k'),
      message: 'the type of the constraint is missing; pass it as `type`',
    },
    {
      name: 'a table that must not be rebuilt',
      dialect: 'sqlite',
      run: (op) => op.batchAlterTable('t', (table) => table.alterColumn('a', {nullable: true}), {recreate: 'never'}),
      message: 'the table would have to be rebuilt',
    },
  ]
  for (const {name, dialect, run, message} of refused)
    it(`refuse ${name} on ${dialect}`, async () => {
      const error = await rejectionOf('OPERATION_NOT_SUPPORTED', () => statementsOf(dialect, recorded(dialect, run)))
      expect(error.message).to.contain(message)
    })
})
