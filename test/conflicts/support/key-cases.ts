import type {Case, Cases} from './catalogue-cases.ts'

const table = 'create table k (id integer primary key, v integer, w integer)'
const texts = 'create table k (id integer primary key, v text, w text)'
const filled = `${table}; insert into k values (1, 1, 1)`
const lowered = `${texts}; create unique index on k (lower(v))`
const joined = `${texts}; create unique index on k ((v || '-' || w))`
const summed = `${table}; create unique index on k ((v + w))`
const grouped = `${table}; create unique index on k (v, (w % 2))`
const partial = `${table}; create unique index on k (v) where w > 0`
const renamed = `${summed}; alter table k rename column v to a`
const nulls = 'create table k (id integer primary key, v integer, w integer, unique nulls not distinct (v, w))'
const ofNulls = `${table}; create unique index on k (v) nulls not distinct`
const computed =
  'create table k (id integer primary key, v integer, w integer generated always as (v % 2) stored unique)'
const doubled = `create table k (id integer primary key, v integer, w integer generated always as (v * 2) stored);
  insert into k (id, v) values (1, 1)`
const ranges = 'create table k (id integer primary key, r int4range, exclude using gist (r with &&))'
const equals = 'create table k (id integer primary key, v integer, exclude using btree (v with =))'
const checked = `${table}; alter table k add check (v < w); insert into k values (1, 1, 20), (2, 1, 20)`
const checkedPart = `${doubled}; alter table k add column x integer; alter table k add check (w < x); update k set x = 20`

const dropKey = 'alter table k drop constraint k_pkey'

const insertion = (...rows: readonly string[]): string => `insert into k values ${rows.join(', ')}`
const inserted = (common: string, ours: string, theirs: string): Case => [common, insertion(ours), insertion(theirs)]

export const keyCases: Readonly<Record<string, Cases>> = {
  'unique expressions': {
    colliding: [
      inserted(lowered, "(1, 'A')", "(2, 'a')"),
      [lowered, "insert into k values (1, 'A')", "insert into k select 2, 'a'"],
      [lowered, "insert into k values (1, concat('A', ''))", "insert into k values (2, 'a')"],
      inserted(joined, "(1, 'a', 'b')", "(2, 'a', 'b')"),
      inserted(summed, '(1, 1, 2)', '(2, 2, 1)'),
      inserted(grouped, '(1, 1, 2)', '(2, 1, 4)'),
      inserted(partial, '(1, 1, 2)', '(2, 1, 4)'),
      inserted(renamed, '(1, 1, 2)', '(2, 2, 1)'),
      inserted(`${table}; create unique index on k (coalesce(v, 0))`, '(1, null)', '(2, 0)'),
      [`${filled}, (2, 5, 5)`, 'create unique index on k ((v + w))', 'update k set v = -3 where id = 2'],
      [
        `${summed}; insert into k values (1, 1, 1), (2, 5, 5)`,
        insertion('(3, 2, 2)'),
        'update k set v = -1 where id = 2',
      ],
      [filled, 'create unique index on k ((v + w))', insertion('(2, 0, 2)')],
      [filled, 'create unique index on k (v) where w > 0', insertion('(2, 1, 2)')],
      [filled, 'create unique index on k (abs(v))', insertion('(2, -1, 2)')],
      [filled, 'create unique index on k (v)', insertion('(2, 1, 2)')],
      [filled, 'create unique index on k (v)', 'insert into k select id + 1, v from k'],
      [filled, 'alter table k add unique (v)', 'insert into k select 2, 1'],
      [filled, 'alter table k add unique (v)', 'insert into k values (2, 1) on conflict (id) do nothing'],
      [table, 'alter table k add unique (v)', 'insert into k select n, 1 from generate_series(1, 2) n'],
    ],
    commuting: [
      inserted(lowered, "(1, 'A')", "(2, 'b')"),
      inserted(lowered, '(1, null)', '(2, null)'),
      inserted(joined, "(1, 'a', 'b')", "(2, 'a', 'c')"),
      inserted(summed, '(1, 1, 2)', '(2, 2, 2)'),
      inserted(renamed, '(1, 1, 2)', '(2, 2, 2)'),
      [summed, insertion('(1, 1, 2)'), 'create table other (id integer)'],
      [filled, 'create unique index on k ((v + w))', insertion('(2, 1, 2)')],
      [filled, 'create unique index on k (v) where w > 5', insertion('(2, 1, 2)')],
      [filled, 'alter table k add unique (v)', 'insert into k values (2, 2) on conflict (id) do nothing'],
    ],
  },
  'unique nulls': {
    colliding: [
      inserted(nulls, '(1, null)', '(2, null)'),
      inserted(nulls, '(1, 1, null)', '(2, 1, null)'),
      inserted(ofNulls, '(1)', '(2)'),
      [`${table}; insert into k values (1)`, 'alter table k add unique nulls not distinct (v)', insertion('(2)')],
    ],
    commuting: [
      inserted(nulls, '(1, 1, null)', '(2, null, 1)'),
      inserted(ofNulls, '(1, null)', '(2, 1)'),
      inserted(`${table}; create unique index on k (v)`, '(1)', '(2)'),
      [`${table}; insert into k values (1)`, 'alter table k add unique (v)', insertion('(2)')],
    ],
  },
  'generated columns': {
    colliding: [
      [computed, 'insert into k (id, v) values (1, 1)', 'insert into k (id, v) values (2, 3)'],
      [doubled, 'update k set v = 2 where id = 1', 'delete from k where w = 4'],
      [doubled, 'update k set v = 2 where id = 1', 'update k set id = 5 where w = 4'],
      [doubled, 'update k set v = 2', 'insert into k (id, v) select 9, w from k'],
      [doubled, 'insert into k (id, v) values (2, 3)', 'delete from k where w = 6'],
      [doubled, 'alter table k add unique (w)', 'insert into k (id, v) values (2, 1)'],
      [doubled, 'alter table k add check (w < 5)', 'insert into k (id, v) values (2, 9)'],
      [doubled, 'alter table k add check (w < 5)', 'update k set v = 9'],
      [
        filled,
        'alter table k add column g integer generated always as (v % 2) stored unique',
        'insert into k values (2, 3)',
      ],
    ],
    commuting: [
      [doubled, 'insert into k (id, v) values (2, 3)', 'delete from k where w = 4'],
      [doubled, 'update k set v = 2 where id = 1', 'delete from k where id = 2'],
      [computed, 'insert into k (id, v) values (1, 1)', 'insert into k (id, v) values (2, 2)'],
    ],
  },
  'excluded rows': {
    colliding: [
      inserted(ranges, "(1, '[1,5]')", "(2, '[2,3]')"),
      inserted(equals, '(1, 1)', '(2, 1)'),
      [
        'create table k (id integer primary key, a integer, b integer); insert into k values (1, 1, 5)',
        'alter table k add exclude using gist (int4range(a, b) with &&)',
        'insert into k values (2, 2, 3)',
      ],
      [
        `${ranges}; ${insertion("(1, '[1,5]')", "(2, '[7,9]')")}`,
        insertion("(3, '[11,12]')"),
        "update k set r = '[11,11]' where id = 2",
      ],
    ],
    commuting: [
      inserted(equals, '(1, 1)', '(2, 2)'),
      [ranges, insertion("(1, '[1,5]')"), 'create table other (id integer)'],
    ],
  },
  'grouped queries': {
    colliding: [
      [table, dropKey, 'create view s as select id, v from k group by id'],
      [table, dropKey, 'create view s as select id, lower(v::text), count(*) from k group by k.id'],
      [table, dropKey, 'create materialized view s as select id, v from k group by 1'],
      [table, 'alter table k drop constraint k_pkey cascade', 'create view s as select id, v from k group by id'],
      [
        `${table}; create table c (k integer primary key)`,
        dropKey,
        'create view s as select id, v, count(*) from k join c on c.k = k.id group by k.id',
      ],
    ],
    commuting: [
      [table, dropKey, 'create view s as select id, sum(v), count(*) from k group by id'],
      [table, dropKey, 'create view s as select id, v from k group by id, v'],
      [table, dropKey, 'create view s as select id, v from k'],
      [table, dropKey, 'create view s as select v + 1 from k group by v + 1'],
      [table, dropKey, 'create view s as select id, array_agg(v order by w) from k group by id having max(w) > 1'],
      [table, 'alter table k rename constraint k_pkey to kk', 'create view s as select id, v from k group by id'],
    ],
  },
  'checks over several columns': {
    colliding: [
      [checked, 'update k set v = 10 where id = 1', 'update k set w = 5 where id = 1'],
      [checked, 'update k set v = 10', 'update k set w = 5 where id = 2'],
      [checkedPart, 'update k set v = 5', 'update k set x = 6'],
    ],
    commuting: [
      [checked, 'update k set v = 10 where id = 1', 'update k set w = 5 where id = 2'],
      [checked, 'update k set v = 3 where id = 1', 'update k set v = 3 where id in (1, 2)'],
    ],
  },
}
