import type {Dialect} from '../../src/operations/operation.ts'
import type {Operations} from '../../src/operations/operations.ts'

/** An operation that is written for every dialect, run where there is a database, undone, and read back from source. */
export interface OperationCase {
  /** What it does, as a sentence. */
  readonly name: string
  /** What must be there before, on every dialect or on each. */
  readonly before?: (op: Operations) => void
  readonly run: (op: Operations) => void
  /** Dialects that it is only written for: what it would need is not on every server. */
  readonly notRunOn?: readonly Dialect[]
}

const users = (op: Operations): void =>
  op.createTable('users', (t) => ({
    id: t.integer().primaryKey(),
    email: t.varchar(255).notNull().default('-'),
    age: t.integer(),
    bio: t.text(),
  }))

const posts = (op: Operations): void => {
  users(op)
  op.createTable('posts', (t) => ({id: t.integer().primaryKey(), author_id: t.integer(), title: t.varchar(100)}))
}

const isPostgres = (op: Operations): boolean => op.dialect === 'postgresql'

const emailWas = {type: 'varchar(255)', nullable: false, default: '-'}

export const operationCases: readonly OperationCase[] = [
  // tables
  {
    name: 'create a table with keys, checks, indexes and a comment',
    before: users,
    run: (op) =>
      op.createTable(
        'posts',
        (t) => ({
          id: t.integer().autoincrement().primaryKey(),
          slug: t.varchar(80).notNull().unique(),
          author_id: t.integer().notNull(),
          score: t.numeric(10, 2).notNull().default(0),
          title: t.varchar(100).default("it's").comment('what it is about'),
          created_at: t.timestamp().notNull().defaultSql('current_timestamp'),
        }),
        {
          foreignKeys: [{columns: ['author_id'], references: 'users', referencedColumns: ['id'], onDelete: 'cascade'}],
          checks: [{expression: 'score >= 0'}],
          indexes: [{columns: ['author_id', {column: 'created_at', sort: 'desc'}]}],
          comment: "people's posts",
        },
      ),
  },
  {
    name: 'create a table with a composite key',
    run: (op) =>
      op.createTable('memberships', (t) => ({user_id: t.integer(), group_id: t.integer(), since: t.date()}), {
        primaryKey: ['user_id', 'group_id'],
        unique: [{columns: ['group_id', 'since'], name: 'memberships_since'}],
      }),
  },
  {
    name: 'create a table with identity and generated columns',
    run: (op) => {
      if (isPostgres(op))
        op.createTable('orders', (t) => ({
          id: t.bigint().identity('by default', {start: 100}).primaryKey(),
          always: t.integer().identity(),
          net: t.numeric(10, 2).notNull(),
          gross: t.numeric(10, 2).generatedAs('net * 1.19').notNull(),
          tags: t.text().array().notNull().defaultSql("'{}'"),
        }))
      else
        op.createTable('orders', (t) => ({
          id: t.bigint().identity().primaryKey(),
          net: t.numeric(10, 2).notNull(),
          gross: t.numeric(10, 2).generatedAs('net * 1.19', {stored: false}),
          rounded: t.integer().generatedAs('net * 1'),
        }))
    },
  },
  {
    name: 'create a table with long texts that have defaults',
    run: (op) =>
      op.createTable('notes', (t) => ({
        id: t.integer().primaryKey(),
        short: t.tinytext().default('a'),
        usual: t.text().notNull().default("it's"),
        long: t.longtext().notNull().default(''),
      })),
  },
  {
    name: 'create an unlogged, partitioned and a parametrised table',
    run: (op) => {
      op.createTable('log', (t) => ({id: t.bigint().notNull(), at: t.date().notNull()}), {partitionBy: 'range (at)'})
      op.createTable('cache', (t) => ({key: t.text().primaryKey()}), {unlogged: true, with: {fillfactor: 70}})
    },
  },
  {
    name: 'create a strict table without rowid',
    run: (op) => op.createTable('pairs', (t) => ({a: t.text().primaryKey()}), {strict: true, withoutRowid: true}),
  },
  {
    name: 'drop a table',
    before: users,
    run: (op) =>
      op.dropTable('users', {
        was: {
          columns: (t) => ({
            id: t.integer().primaryKey(),
            email: t.varchar(255).notNull().default('-'),
            age: t.integer(),
            bio: t.text(),
          }),
        },
      }),
  },
  {name: 'rename a table', before: users, run: (op) => op.renameTable('users', 'people')},
  {
    name: 'set the comment of a table',
    before: users,
    run: (op) => op.setTableComment('users', "it's people", {was: null}),
  },
  {
    name: 'set storage parameters',
    before: users,
    run: (op) => op.setTableParameters('users', {fillfactor: 70, autovacuum_enabled: false}, {was: {}}),
  },
  // columns
  {name: 'add a column', before: users, run: (op) => op.addColumn('users', 'nick', (t) => t.varchar(50))},
  {
    name: 'add a column with a default and a comment',
    before: users,
    run: (op) =>
      op.addColumn('users', 'active', (t) => t.boolean().notNull().default(true).comment("whether they're here")),
  },
  {
    name: 'add a stored generated column',
    before: users,
    run: (op) => op.addColumn('users', 'double_age', (t) => t.integer().generatedAs('age * 2')),
  },
  {
    name: 'add a column whose default is computed',
    before: users,
    run: (op) => op.addColumn('users', 'seen', (t) => t.timestamp().notNull().defaultSql('current_timestamp')),
  },
  {
    name: 'drop a column',
    before: users,
    run: (op) => op.dropColumn('users', 'bio', {was: (t) => t.text()}),
  },
  {name: 'rename a column', before: users, run: (op) => op.renameColumn('users', 'email', 'mail')},
  {
    name: 'alter the type of a column that has a default',
    before: users,
    run: (op) => op.alterColumn('users', 'email', {type: (t) => t.varchar(320)}, {was: emailWas}),
  },
  {
    name: 'let a column be null',
    before: users,
    run: (op) => op.alterColumn('users', 'email', {nullable: true}, {was: emailWas}),
  },
  {
    name: 'alter several respects of a column at once',
    before: users,
    run: (op) =>
      op.alterColumn(
        'users',
        'age',
        {type: 'bigint', nullable: false, default: 18},
        {was: {type: 'integer', nullable: true, default: null}},
      ),
  },
  {
    name: 'take a default away',
    before: users,
    run: (op) => op.alterColumn('users', 'email', {default: null}, {was: {default: '-'}}),
  },
  {
    name: 'set the default of a long text',
    before: users,
    run: (op) =>
      op.alterColumn('users', 'bio', {default: "it's"}, {was: {type: 'text', nullable: true, default: null}}),
  },
  {
    name: 'set a default that is computed',
    before: (op) => op.createTable('events', (t) => ({id: t.integer().primaryKey(), at: t.timestamp()})),
    run: (op) =>
      op.alterColumn(
        'events',
        'at',
        {default: {sql: 'current_timestamp'}},
        {was: {type: 'timestamp', nullable: true, default: null}},
      ),
  },
  {
    name: 'set a comment of a column',
    before: users,
    run: (op) => op.alterColumn('users', 'email', {comment: "it's"}, {was: {...emailWas, comment: null}}),
  },
  {
    name: 'convert a column by an expression',
    before: users,
    run: (op) => op.alterColumn('users', 'age', {type: 'text'}, {using: "age || ' years'", was: {type: 'integer'}}),
    notRunOn: ['postgresql'],
  },
  {
    name: 'alter a table in several respects at once',
    before: users,
    run: (op) =>
      op.batchAlterTable('users', (table) => {
        table.addColumn('nick', (t) => t.varchar(50))
        table.alterColumn('age', {nullable: false, type: 'integer'}, {was: {nullable: true, type: 'integer'}})
        table.createCheckConstraint('age > 0', {name: 'grown'})
        table.createIndex('nick')
      }),
  },
  {
    name: 'alter a table that is made anew in another order',
    before: users,
    run: (op) =>
      op.batchAlterTable('users', (table) => table.dropColumn('bio', {was: (t) => t.text()}), {
        recreate: 'always',
        columnOrder: ['id', 'email'],
      }),
  },
  {
    name: 'alter what has names that need quotes',
    before: (op) => op.createTable('Order', (t) => ({group: t.integer().primaryKey(), 'a "b"': t.varchar(20)})),
    run: (op) => {
      op.alterColumn(
        'Order',
        'a "b"',
        {nullable: false, type: 'varchar(20)'},
        {was: {nullable: true, type: 'varchar(20)'}},
      )
      op.addColumn('Order', 'Ünïcode $', (t) => t.integer().notNull().default(1).comment('%s ?'))
      op.createIndex('Order', ['a "b"', 'group'], {name: 'Index of "Order"'})
      op.renameColumn('Order', 'group', 'select')
    },
  },
  // indexes
  {name: 'create an index', before: users, run: (op) => op.createIndex('users', ['email', 'age'])},
  {name: 'create a unique index', before: users, run: (op) => op.createIndex('users', 'email', {unique: true})},
  {
    name: 'create a partial index in an order',
    before: users,
    run: (op) => op.createIndex('users', [{column: 'age', sort: 'desc'}], {name: 'adults', where: 'age > 17'}),
  },
  {
    name: 'create an index on an expression',
    before: users,
    run: (op) => op.createIndex('users', {expression: 'lower(email)'}),
  },
  {
    name: 'create an index with all that PostgreSQL has for it',
    before: users,
    run: (op) =>
      op.createIndex('users', [{column: 'email', opclass: 'varchar_pattern_ops', sort: 'asc', nulls: 'first'}], {
        name: 'users_mail',
        using: 'btree',
        unique: true,
        include: ['age'],
        nullsNotDistinct: true,
        with: {fillfactor: 80},
        where: 'age > 1',
      }),
  },
  {
    name: 'create an index concurrently',
    before: users,
    run: (op) => op.createIndex('users', 'age', {concurrently: true, ifNotExists: true}),
  },
  {
    name: 'create a fulltext index',
    before: users,
    run: (op) => op.createIndex('users', 'bio', {using: 'fulltext'}),
    notRunOn: ['postgresql'],
  },
  {
    name: 'drop an index',
    before: (op) => {
      users(op)
      op.createIndex('users', 'age', {name: 'by_age'})
    },
    run: (op) => op.dropIndex('by_age', {table: 'users', was: {columns: ['age']}}),
  },
  {
    name: 'rename an index',
    before: (op) => {
      users(op)
      op.createIndex('users', 'age', {name: 'by_age'})
    },
    run: (op) => op.renameIndex('by_age', 'age_index', {table: 'users', was: {columns: ['age']}}),
  },
  // constraints
  {
    name: 'create a primary key',
    before: (op) => op.createTable('t', (t) => ({a: t.integer().notNull(), b: t.integer().notNull()})),
    run: (op) => op.createPrimaryKey('t', ['a', 'b']),
  },
  {
    name: 'create a primary key that has a name and is put off',
    before: (op) => op.createTable('t', (t) => ({a: t.integer().notNull()})),
    run: (op) => op.createPrimaryKey('t', 'a', {name: 'own_key', deferrable: 'deferred'}),
  },
  {
    name: 'drop a primary key',
    before: (op) => op.createTable('t', (t) => ({a: t.integer().notNull()}), {primaryKey: 'a'}),
    run: (op) => op.dropPrimaryKey('t', {was: 'a'}),
  },
  {
    name: 'create a unique constraint',
    before: users,
    run: (op) => op.createUniqueConstraint('users', ['email', 'age']),
  },
  {
    name: 'create a unique constraint with all that PostgreSQL has for it',
    before: users,
    run: (op) =>
      op.createUniqueConstraint('users', 'email', {
        name: 'one_mail',
        nullsNotDistinct: true,
        include: ['age'],
        deferrable: 'deferred',
      }),
  },
  {
    name: 'create a foreign key',
    // MySQL makes an index for a foreign key that has none, and keeps it.
    before: (op) => {
      posts(op)
      op.createIndex('posts', 'author_id')
    },
    run: (op) => op.createForeignKey('posts', 'author_id', 'users', 'id', {onDelete: 'set null', onUpdate: 'cascade'}),
  },
  {
    name: 'create a foreign key that is put off and not valid yet, and validate it',
    before: posts,
    run: (op) => {
      op.createForeignKey('posts', 'author_id', 'users', 'id', {
        name: 'author',
        deferrable: 'deferred',
        match: 'full',
        notValid: true,
      })
      op.validateConstraint('posts', 'author')
    },
  },
  {name: 'create a check', before: users, run: (op) => op.createCheckConstraint('users', 'age >= 0')},
  {
    name: 'create an exclusion constraint',
    before: (op) => {
      if (isPostgres(op)) op.createTable('rooms', (t) => ({during: t.raw('int4range')}))
      else users(op)
    },
    run: (op) => op.createExcludeConstraint('rooms', {expression: 'during', with: '&&'}),
  },
  {
    name: 'create an exclusion constraint that is written as a check',
    before: (op) => op.createTable('rooms', (t) => ({during: t.int4range()})),
    run: (op) => op.createCheckConstraint('rooms', 'exclude using gist (during with &&)'),
    notRunOn: ['sqlite', 'mysql', 'mariadb'],
  },
  {
    name: 'drop a check',
    before: (op) => {
      users(op)
      op.createCheckConstraint('users', 'age >= 0', {name: 'grown'})
    },
    run: (op) => op.dropConstraint('users', 'grown', {was: {type: 'check', expression: 'age >= 0'}}),
  },
  {
    name: 'drop a foreign key',
    before: (op) => {
      posts(op)
      op.createForeignKey('posts', 'author_id', 'users', 'id', {name: 'author'})
    },
    run: (op) =>
      op.dropConstraint('posts', 'author', {
        was: {type: 'foreignKey', columns: ['author_id'], references: 'users', referencedColumns: ['id']},
      }),
  },
  {
    name: 'drop a unique constraint',
    before: (op) => {
      users(op)
      op.createUniqueConstraint('users', 'email', {name: 'one_mail'})
    },
    run: (op) => op.dropConstraint('users', 'one_mail', {was: {type: 'unique', columns: ['email']}}),
  },
  {
    name: 'rename a constraint',
    before: (op) => {
      users(op)
      op.createCheckConstraint('users', 'age >= 0', {name: 'grown'})
    },
    run: (op) => op.renameConstraint('users', 'grown', 'adult'),
  },
  // enums and domains
  {name: 'create an enum', run: (op) => op.createEnum('mood', ['sad', "it's ok"])},
  {
    name: 'add, rename and replace values of an enum',
    before: (op) => {
      if (!isPostgres(op)) return
      op.createEnum('mood', ['sad', 'ok'])
      op.createTable('people', (t) => ({mood: t.type('mood').notNull().default('ok')}))
    },
    run: (op) => {
      const columns = [{table: 'people', column: 'mood', default: 'ok'}]
      op.addEnumValue('mood', 'fine', {after: 'sad', was: {values: ['sad', 'ok'], columns}})
      op.renameEnumValue('mood', 'sad', 'blue')
      op.replaceEnum('mood', ['ok', 'blue'], {columns, mapping: {fine: 'ok'}, was: ['blue', 'fine', 'ok']})
    },
  },
  {
    name: 'drop an enum',
    before: (op) => {
      if (isPostgres(op)) op.createEnum('mood', ['sad'])
    },
    run: (op) => op.dropEnum('mood', {was: ['sad']}),
  },
  {
    name: 'create a domain',
    run: (op) =>
      op.createDomain('age', 'integer', {
        notNull: true,
        default: 18,
        checks: [{expression: 'value >= 0', name: 'positive'}],
      }),
  },
  {
    name: 'drop a domain',
    before: (op) => {
      if (isPostgres(op)) op.createDomain('age', 'integer')
    },
    run: (op) => op.dropDomain('age', {was: {type: 'integer'}}),
  },
  // schemas, sequences, extensions
  {name: 'create a schema', run: (op) => op.createSchema('app')},
  {
    name: 'work in a schema, and move a table there',
    before: (op) => {
      if (!isPostgres(op)) return
      op.createSchema('app')
      op.createTable('public.notes', (t) => ({id: t.integer()}))
    },
    run: (op) => {
      op.createTable('app.users', (t) => ({id: t.serial().primaryKey(), mail: t.text().unique().comment('m')}), {
        indexes: [{columns: ['mail']}],
      })
      op.createIndex('app.users', 'id')
      op.renameTable('app.users', 'people')
      op.moveTable('public.notes', 'app')
    },
  },
  {
    name: 'rename and drop a schema',
    before: (op) => {
      if (isPostgres(op)) op.createSchema('app')
    },
    run: (op) => {
      op.renameSchema('app', 'web')
      op.dropSchema('web')
    },
  },
  {
    name: 'create a sequence',
    run: (op) =>
      op.createSequence('numbers', {start: 5, increment: 5, minValue: 5, maxValue: 1000, cache: 2, cycle: true}),
  },
  {
    name: 'alter, rename and drop a sequence',
    before: (op) => {
      if (isPostgres(op)) op.createSequence('numbers', {as: 'integer'})
    },
    run: (op) => {
      op.alterSequence('numbers', {increment: 2}, {was: {increment: 1}})
      op.renameSequence('numbers', 'figures')
      op.dropSequence('figures', {was: {as: 'integer', increment: 2}})
    },
  },
  {
    name: 'create and drop an extension',
    run: (op) => {
      op.createExtension('pg_trgm', {version: '1.6', cascade: true})
      op.dropExtension('pg_trgm')
    },
    notRunOn: ['postgresql'],
  },
  // views, routines, triggers
  {name: 'create a view', before: users, run: (op) => op.createView('adults', 'select id from users where age > 17')},
  {
    name: 'replace a view',
    before: (op) => {
      users(op)
      op.createView('adults', 'select id from users where age > 17')
    },
    run: (op) =>
      op.replaceView('adults', 'select id from users where age > 20', {was: 'select id from users where age > 17'}),
  },
  {
    name: 'drop a view',
    before: (op) => {
      users(op)
      op.createView('adults', 'select id from users')
    },
    run: (op) => op.dropView('adults', {was: 'select id from users'}),
  },
  {
    name: 'create, refresh and drop a materialised view',
    before: users,
    run: (op) => {
      op.createMaterializedView('ages', 'select age, count(*) from users group by age', {withNoData: true})
      op.refreshMaterializedView('ages')
      op.createIndex('ages', 'age', {unique: true})
      op.refreshMaterializedView('ages', {concurrently: true})
      op.createMaterializedView('others', 'select 1 as one')
      op.dropMaterializedView('others', {was: {definition: 'select 1 as one'}})
    },
  },
  {
    name: 'create functions',
    run: (op) => {
      const parameters = [{name: 'a', type: 'integer'}]
      if (isPostgres(op)) {
        op.createFunction('double', {parameters, returns: 'integer', deterministic: true, body: 'select a * 2;'})
        op.createFunction('note', {
          language: 'plpgsql',
          security: 'definer',
          comment: "it's a note",
          body: "declare\n  x text := '$$';\nbegin\n\n  -- a comment;\n  perform x;\nend",
        })
      } else op.createFunction('doubled', {parameters, returns: 'integer', deterministic: true, body: 'return a * 2'})
    },
  },
  {
    name: 'create a procedure',
    before: users,
    run: (op) =>
      op.createProcedure('forget', {
        parameters: [{name: 'who', type: 'integer'}],
        body: 'delete from users where id = who',
      }),
  },
  {
    name: 'drop a function',
    before: (op) => {
      if (op.dialect !== 'sqlite')
        op.createFunction('one', {
          returns: 'integer',
          deterministic: true,
          body: isPostgres(op) ? 'select 1' : 'return 1',
        })
    },
    run: (op) =>
      op.dropFunction('one', {
        was: {returns: 'integer', deterministic: true, body: isPostgres(op) ? 'select 1' : 'return 1'},
      }),
  },
  {
    name: 'create a trigger',
    before: users,
    run: (op) => {
      const body = isPostgres(op)
        ? 'new.age := 1; return new'
        : op.dialect === 'sqlite'
          ? 'delete from users where id = 0'
          : 'set new.age = 1'
      op.createTrigger('users', 'touch', {timing: 'before', events: ['insert', 'update'], body})
    },
  },
  {
    name: 'create a trigger that calls a function',
    before: (op) => {
      users(op)
      if (isPostgres(op)) op.createFunction('touch', {language: 'plpgsql', returns: 'trigger', body: 'return new'})
    },
    run: (op) =>
      op.createTrigger('users', 'touched', {
        timing: 'after',
        events: ['update'],
        forEach: 'row',
        when: 'old.age <> new.age',
        execute: 'touch()',
      }),
  },
  {
    name: 'drop a trigger',
    before: (op) => {
      users(op)
      op.createTrigger('users', 'touch', {
        timing: 'after',
        events: ['delete'],
        body: isPostgres(op) ? 'return old' : op.dialect === 'sqlite' ? 'select 1' : 'set @x = 1',
      })
    },
    run: (op) =>
      op.dropTrigger('users', 'touch', {
        was: {
          timing: 'after',
          events: ['delete'],
          body: isPostgres(op) ? 'return old' : op.dialect === 'sqlite' ? 'select 1' : 'set @x = 1',
        },
      }),
  },
  // row-level security and partitions
  {
    name: 'switch row-level security on with policies',
    before: users,
    run: (op) => {
      op.setRowLevelSecurity('users', {enabled: true, forced: true})
      op.createPolicy('users', 'own', {
        for: 'update',
        to: ['public'],
        using: 'id > 1',
        check: 'id > 2',
        restrictive: true,
      })
      op.createPolicy('users', 'all')
      op.dropPolicy('users', 'all', {was: {}})
    },
  },
  {
    name: 'create, detach, attach and drop partitions',
    before: (op) => {
      if (isPostgres(op)) op.createTable('log', (t) => ({id: t.integer()}), {partitionBy: 'range (id)'})
    },
    run: (op) => {
      op.createPartition('log', 'low', 'for values from (1) to (10)')
      op.createPartition('log', 'rest', 'default', {partitionBy: 'list (id)'})
      op.detachPartition('log', 'low', {was: 'for values from (1) to (10)'})
      op.attachPartition('log', 'low', 'for values from (1) to (9)')
      op.dropPartition('log', 'low', {was: 'for values from (1) to (9)'})
    },
  },
  // data
  {
    name: 'insert rows',
    before: users,
    run: (op) =>
      op.bulkInsert('users', [
        {id: 1, email: "it's"},
        {id: 2, email: '', age: 3},
      ]),
  },
  {
    name: 'run SQL with what undoes it',
    run: (op) => op.execute('create table raw (n integer)', [], {inverse: 'drop table raw'}),
  },
]
