import {NOT_SUPPORTED, isPostgres, users} from './case.ts'
import type {OperationCase} from './case.ts'

export const programCases: readonly OperationCase[] = [
  {
    name: 'create a view',
    before: users,
    run: (op) => op.createView('adults', 'select id from users where age > 17'),
    sql: {
      postgresql: ['create view "adults" as select id from users where age > 17'],
      sqlite: ['create view `adults` as select id from users where age > 17'],
      mysql: ['create view `adults` as select id from users where age > 17'],
      mariadb: ['create view `adults` as select id from users where age > 17'],
    },
  },
  {
    name: 'replace a view',
    before: (op) => {
      users(op)
      op.createView('adults', 'select id from users where age > 17')
    },
    run: (op) =>
      op.replaceView('adults', 'select id from users where age > 20', {was: 'select id from users where age > 17'}),
    sql: {
      postgresql: ['create or replace view "adults" as select id from users where age > 20'],
      sqlite: ['drop view `adults`', 'create view `adults` as select id from users where age > 20'],
      mysql: ['create or replace view `adults` as select id from users where age > 20'],
      mariadb: ['create or replace view `adults` as select id from users where age > 20'],
    },
  },
  {
    name: 'drop a view',
    before: (op) => {
      users(op)
      op.createView('adults', 'select id from users')
    },
    run: (op) => op.dropView('adults', {was: 'select id from users'}),
    sql: {
      postgresql: ['drop view "adults"'],
      sqlite: ['drop view `adults`'],
      mysql: ['drop view `adults`'],
      mariadb: ['drop view `adults`'],
    },
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
    sql: {
      postgresql: [
        'create materialized view "ages" as select age, count(*) from users group by age with no data',
        'refresh materialized view "ages"',
        'create unique index "ages_age_unique" on "ages" ("age")',
        'refresh materialized view concurrently "ages"',
        'create materialized view "others" as select 1 as one with data',
        'drop materialized view "others"',
      ],
      sqlite: [
        NOT_SUPPORTED,
        NOT_SUPPORTED,
        'create unique index `ages_age_unique` on `ages` (`age`)',
        NOT_SUPPORTED,
        NOT_SUPPORTED,
        NOT_SUPPORTED,
      ],
      mysql: [
        NOT_SUPPORTED,
        NOT_SUPPORTED,
        'create unique index `ages_age_unique` on `ages` (`age`)',
        NOT_SUPPORTED,
        NOT_SUPPORTED,
        NOT_SUPPORTED,
      ],
      mariadb: [
        NOT_SUPPORTED,
        NOT_SUPPORTED,
        'create unique index `ages_age_unique` on `ages` (`age`)',
        NOT_SUPPORTED,
        NOT_SUPPORTED,
        NOT_SUPPORTED,
      ],
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
    sql: {
      postgresql: [
        'create or replace function "double"("a" integer) returns integer language sql immutable as $$ select a * 2; $$',
        'create or replace function "note"() returns void language plpgsql security definer as $q$\ndeclare\n  x text := \'$$\';\nbegin\n\n  -- a comment;\n  perform x;\nend\n$q$',
        "comment on function \"note\"() is 'it''s a note'",
      ],
      sqlite: NOT_SUPPORTED,
      mysql: ['create function `doubled`(`a` integer) returns integer deterministic begin return a * 2; end'],
      mariadb: ['create function `doubled`(`a` integer) returns integer deterministic begin return a * 2; end'],
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
    sql: {
      postgresql: [
        'create or replace procedure "forget"("who" integer) language plpgsql as $$\nbegin\ndelete from users where id = who;\nend\n$$',
      ],
      sqlite: NOT_SUPPORTED,
      mysql: ['create procedure `forget`(IN `who` integer) begin delete from users where id = who; end'],
      mariadb: ['create procedure `forget`(IN `who` integer) begin delete from users where id = who; end'],
    },
  },
  {
    name: 'drop a function',
    before: (op) => {
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
    sql: {
      postgresql: ['drop function "one"()'],
      sqlite: NOT_SUPPORTED,
      mysql: ['drop function `one`'],
      mariadb: ['drop function `one`'],
    },
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
    sql: {
      postgresql: [
        'create or replace function "users_touch_fn"() returns trigger as $$ begin new.age := 1; return new; end; $$ language plpgsql',
        'create trigger "touch" before insert or update on "users" for each row execute function "users_touch_fn"()',
      ],
      sqlite: [
        'create trigger `touch_insert` BEFORE INSERT on `users` for each ROW begin delete from users where id = 0; end',
        'create trigger `touch_update` BEFORE UPDATE on `users` for each ROW begin delete from users where id = 0; end',
      ],
      mysql: [
        'create trigger `touch_insert` BEFORE INSERT on `users` for each ROW begin set new.age = 1; end',
        'create trigger `touch_update` BEFORE UPDATE on `users` for each ROW begin set new.age = 1; end',
      ],
      mariadb: [
        'create trigger `touch_insert` BEFORE INSERT on `users` for each ROW begin set new.age = 1; end',
        'create trigger `touch_update` BEFORE UPDATE on `users` for each ROW begin set new.age = 1; end',
      ],
    },
  },
  {
    name: 'create a trigger that calls a function',
    before: (op) => {
      users(op)
      op.createFunction('touch', {language: 'plpgsql', returns: 'trigger', body: 'return new'})
    },
    run: (op) =>
      op.createTrigger('users', 'touched', {
        timing: 'after',
        events: ['update'],
        forEach: 'row',
        when: 'old.age <> new.age',
        execute: 'touch()',
      }),
    sql: {
      postgresql: [
        'create trigger "touched" after update on "users" for each row when (old.age <> new.age) execute function touch()',
      ],
      sqlite: NOT_SUPPORTED,
      mysql: NOT_SUPPORTED,
      mariadb: NOT_SUPPORTED,
    },
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
    sql: {
      postgresql: ['drop trigger "touch" on "users"', 'drop function if exists "users_touch_fn"()'],
      sqlite: ['drop trigger `touch`'],
      mysql: ['drop trigger `touch`'],
      mariadb: ['drop trigger `touch`'],
    },
  },
]
