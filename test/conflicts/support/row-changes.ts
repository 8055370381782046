import type {Change, Setting} from './changes.ts'

const of = (
  mostUnknown: number,
  parent: string,
  changes: Readonly<Record<string, string>>,
  after: Setting['after'] = {},
): Setting => ({
  mostUnknown,
  parent,
  changes: Object.fromEntries(Object.entries(changes).map(([name, sql]): readonly [string, Change] => [name, {sql}])),
  after,
})

const foreignKeys = of(
  0.2,
  `create table parents (id integer primary key, code text unique, note text);
   create table children (id integer primary key, parent_id integer references parents (id), note text);
   create table owned (id integer primary key, parent_id integer references parents (id) on delete cascade on update cascade, note text);
   create table loose (id integer primary key, parent_id integer default 3 references parents (id) on delete set null, note text);
   create table deep (id integer primary key, owned_id integer references owned (id) on delete cascade, note text);
   create table nodes (id integer primary key, up integer references nodes (id));
   insert into parents values (1, 'a', 'x'), (2, 'b', 'y'), (3, 'c', 'z'), (4, 'd', 'z'), (5, 'e', 'z');
   insert into children values (1, 1, 'x');
   insert into owned values (1, 1, 'x'), (2, 2, 'y'), (3, 3, 'y');
   insert into loose values (1, 2, 'x');
   insert into deep values (1, 2, 'x');
   insert into nodes values (1, null)`,
  {
    'insert parent': "insert into parents values (9, 'i', 'x')",
    'insert other parent': "insert into parents (id, code) values (8, 'h')",
    'insert child of the new parent': "insert into children values (9, 9, 'x')",
    'insert owned row of the new parent': 'insert into owned (parent_id, id) values (9, 9)',
    'insert child': 'insert into children (id, parent_id) values (7, 2)',
    'insert child of no parent': 'insert into children (id) values (6)',
    'insert child of a queried parent': "insert into children select 12, id, 'q' from parents where code = 'e'",
    'insert owned row': "insert into owned values (7, 2, 'x')",
    'insert loose row with its default': "insert into loose (id, note) values (7, 'x')",
    'insert deep row': 'insert into deep (id, owned_id) values (7, 2)',
    'move child': 'update children set parent_id = 4 where id = 1',
    'move owned row': 'update owned set parent_id = 4 where id = 2',
    'note of owned row': "update owned set note = 'new' where id = 2",
    'note of loose row': "update loose set note = 'new' where parent_id = 2",
    'delete child': 'delete from children where id = 1',
    'delete parent 1': 'delete from parents where id = 1',
    'delete parent 2': 'delete from parents where id = 2',
    'delete parent 3': 'delete from parents where id = 3',
    'delete parent 4': "delete from parents where code = 'd'",
    'renumber parent 3': 'update parents set id = 30 where id = 3',
    'renumber parent 2': 'update owned set parent_id = 3 where parent_id = 2',
    'note of parents': "update parents set note = 'n'",
    'insert node': 'insert into nodes values (2, 1)',
    'insert node below the new one': 'insert into nodes values (3, 2)',
    'truncate all': 'truncate parents cascade',
    'truncate deep rows': 'truncate deep',
    'drop the key of children': 'alter table children drop constraint children_parent_id_fkey',
    'column of children': 'alter table children add column size integer',
  },
  {
    'insert child of the new parent': ['insert parent'],
    'insert owned row of the new parent': ['insert parent'],
    'insert node below the new one': ['insert node'],
    'delete parent 1': ['delete child', 'move child', 'truncate all', 'drop the key of children'],
  },
)

const otherNames = of(
  0.13,
  `create table notes (id integer primary key, body text, kind text default 'k', tag text);
   insert into notes values (1, 'a', 'k', 't'), (2, 'b', 'l', 't');
   create view bodies as select id as number, body from notes;
   create view bodies_again as select number, body as text from bodies;
   create view kinds as select id, kind from notes where kind = 'k';
   create materialized view summary as select kind, count(*) as n from notes group by kind;
   create table base (id integer, label text); create table derived (extra text) inherits (base);
   insert into base values (1, 'a'); insert into derived values (2, 'b', 'c');
   create table parts (n integer primary key, note text) partition by range (n);
   create table parts_low partition of parts for values from (0) to (10);
   create table parts_mid partition of parts for values from (10) to (20);
   insert into parts values (1, 'a'), (11, 'b');
   create table copies (id integer, note text)`,
  {
    'insert note': "insert into notes (id, body) values (5, 'e')",
    'insert by view': "insert into bodies values (6, 'f')",
    'insert by the other view': "insert into bodies_again (number, text) values (5, 'f')",
    'update note': "update notes set body = 'x'",
    'update by view': "update bodies set body = 'y' where number = 1",
    'update by the other view': 'update bodies_again set text = upper(text)',
    'update tags': "update notes set tag = 'u'",
    'delete by view': 'delete from bodies where number = 2',
    'delete kinds': 'delete from kinds',
    'update kinds': "update notes set kind = 'k' where id = 2",
    'copy from view': 'insert into copies select number, body from bodies',
    refresh: 'refresh materialized view summary',
    'replace view': 'create or replace view kinds as select id, kind from notes',
    'check option': "create or replace view kinds as select id, kind from notes where kind = 'k' with check option",
    'default of view': "alter view bodies alter column body set default 'none'",
    'insert by view without a body': 'insert into bodies (number) values (7)',
    'update base': "update base set label = 'z'",
    'update only base': "update only base set label = 'w'",
    'update derived': 'update derived set label = upper(label)',
    'insert derived': "insert into derived values (3, 'd', 'e')",
    'insert base': "insert into base values (4, 'd')",
    'delete base': 'delete from base where id = 3',
    'truncate only base': 'truncate only base',
    'copy base': 'insert into copies select id, label from base',
    'stop inheriting': 'alter table derived no inherit base',
    'update parts': "update parts set note = 'z'",
    'update low part': 'update parts_low set note = upper(note)',
    'insert into low part': "insert into parts_low values (2, 'x')",
    'insert same row into parts': "insert into parts values (2, 'y')",
    'insert into mid part': "insert into parts values (12, 'x')",
    'delete parts': 'delete from parts where n = 2',
    'move part': 'update parts set n = 13 where n = 1',
    'truncate mid part': 'truncate parts_mid',
    'copy low part': 'insert into copies select n, note from parts_low',
    'moved by a with clause':
      'with gone as (delete from parts where n = 11 returning n, note) insert into copies select n, note from gone',
  },
)

const sequences = of(
  0.1,
  `create table tickets (id serial primary key, number integer generated by default as identity, note text);
   create sequence numbers; create table numbered (id integer primary key, n bigint default nextval('numbers'));
   create sequence spare;
   create table strict (id integer generated always as identity, note text)`,
  {
    'insert ticket': "insert into tickets (note) values ('a')",
    'insert other ticket': "insert into tickets (note) values ('b')",
    'insert ticket with values': "insert into tickets (id, number, note) values (50, 50, 'c')",
    'insert ticket with default': "insert into tickets (id, number, note) values (default, 60, 'd')",
    setval: "select setval('tickets_id_seq', 100)",
    'setval otherwise': "select setval('tickets_id_seq', 200)",
    'setval by query': "select setval('tickets_id_seq', (select coalesce(max(id), 1) from tickets))",
    'setval by name of the column': "select setval(pg_get_serial_sequence('tickets', 'id'), 300)",
    'restart tickets': 'alter sequence tickets_id_seq restart with 500',
    'restart number': 'alter table tickets alter column number restart with 700',
    'increment of tickets': 'alter sequence tickets_id_seq increment by 10',
    'truncate and restart': 'truncate tickets restart identity',
    'insert numbered': 'insert into numbered (id) values (1)',
    'insert numbered with nextval': "insert into numbered values (2, nextval('numbers'))",
    'update numbered': "update numbered set n = nextval('numbers')",
    'restart numbers': 'alter sequence numbers restart with 40',
    'take a number': "select nextval('numbers')",
    'other sequence': "alter table numbered alter column n set default nextval('spare')",
    'set spare': "select setval('spare', 8)",
    'insert strict': "insert into strict (note) values ('a')",
    'insert strict with a value': "insert into strict (id, note) overriding system value values (5, 'b')",
    'strict by default': 'alter table strict alter column id set generated by default',
    'drop default of tickets': 'alter table tickets alter column id drop default',
  },
)

const conflicts = of(
  0.13,
  `create table keyed (id integer primary key, code text constraint keyed_code unique, note text, kind integer);
   create unique index keyed_note on keyed (note);
   create unique index keyed_kind on keyed (kind) where kind > 0;
   insert into keyed values (1, 'a', 'n', 1);
   create table plain (id integer, code text); insert into plain values (1, 'a')`,
  {
    'insert or ignore by id': "insert into keyed values (2, 'b', 'o', 2) on conflict (id) do nothing",
    'insert or update by code': "insert into keyed values (3, 'c', 'p', 3) on conflict (code) do update set note = 'q'",
    'insert by constraint': "insert into keyed values (4, 'd', 'r', 4) on conflict on constraint keyed_code do nothing",
    'insert by index': "insert into keyed values (5, 'e', 's', 5) on conflict (note) do nothing",
    'insert by partial index': "insert into keyed values (6, 'f', 't', 6) on conflict (kind) where kind > 0 do nothing",
    'insert or ignore': "insert into keyed values (7, 'a', 'u', 7) on conflict do nothing",
    'insert known code': "insert into keyed values (8, 'a', 'n', 8) on conflict (code) do nothing",
    'plain insert': "insert into keyed values (9, 'i', 'v', 9)",
    'plain insert of code b': "insert into keyed values (19, 'b', 'w', 19)",
    'drop key': 'alter table keyed drop constraint keyed_pkey',
    'drop unique code': 'alter table keyed drop constraint keyed_code',
    'drop index of note': 'drop index keyed_note',
    'drop partial index': 'drop index keyed_kind',
    'rename unique code': 'alter table keyed rename constraint keyed_code to unique_code',
    'replace unique code':
      'alter table keyed drop constraint keyed_code; create unique index keyed_codes on keyed (code)',
    'other partial index': 'drop index keyed_kind; create unique index keyed_kind on keyed (kind) where kind > 100',
    'key of plain': 'alter table plain add primary key (id)',
    'unique code of plain': 'create unique index plain_code on plain (code)',
    'insert plain or ignore': "insert into plain values (1, 'b') on conflict (id) do nothing",
    'insert plain or ignore anything': "insert into plain values (1, 'c') on conflict do nothing",
    'insert plain': "insert into plain values (2, 'a')",
    'insert other plain': "insert into plain values (3, 'd')",
    'update plain': "update plain set code = 'a'",
  },
  {'insert plain or ignore': ['key of plain']},
)

const partitions = of(
  0.13,
  `create table events (n integer not null, kind text default 'k', note text) partition by range (n);
   create table events_low partition of events for values from (0) to (10);
   create table events_rest partition of events default;
   create table events_high (n integer not null, kind text, note text);
   create table regions (name text, n integer) partition by list (name);
   create table regions_north partition of regions for values in ('no', 'se');
   create table regions_south (name text, n integer);
   insert into events values (1, 'a', 'x'); insert into events_high values (25, 'b', 'y');
   insert into regions values ('no', 1); insert into regions_south values ('it', 2)`,
  {
    'partition of 20': 'create table events_20 partition of events for values from (20) to (30)',
    'attach high': 'alter table events attach partition events_high for values from (20) to (30)',
    'attach wider': 'alter table events attach partition events_high for values from (20) to (100)',
    'insert 22': "insert into events (n, note) values (22, 'z')",
    'insert 5': "insert into events values (5, 'c', 'z')",
    'insert 50': "insert into events values (50, 'c', 'z')",
    'insert several': "insert into events values (6, 'c', 'z'), (60, 'c', 'z')",
    'insert by query': 'insert into events select n + 3, kind, note from events_low',
    'insert high': "insert into events_high values (27, 'c', 'z')",
    'insert too high': "insert into events_high values (40, 'c', 'z')",
    'insert rest': "insert into events_rest values (24, 'c', 'z')",
    'insert low': "insert into events_low values (3, 'c', 'z')",
    'detach low': 'alter table events detach partition events_low',
    'drop low': 'drop table events_low',
    'detach rest': 'alter table events detach partition events_rest',
    'update events': "update events set note = 'w'",
    'update high': "update events_high set note = 'v'",
    'move to 23': 'update events set n = 23 where n = 1',
    'delete events': 'delete from events where n < 100',
    'attach south': "alter table regions attach partition regions_south for values in ('it', 'es')",
    'partition west': "create table regions_west partition of regions for values in ('fr')",
    'insert it': "insert into regions values ('it', 3)",
    'insert fr': "insert into regions values ('fr', 3)",
    'insert se': "insert into regions values ('se', 3)",
    'insert south': "insert into regions_south values ('es', 3)",
    'detach north': 'alter table regions detach partition regions_north',
  },
  {
    'insert it': ['attach south'],
    'insert fr': ['partition west'],
  },
)

const replaced = of(
  0.42,
  `create table things (id integer primary key, name text, size integer default 1);
   insert into things values (1, 'a', 1);
   create table lines (id integer primary key, thing_id integer references things (id));
   create table sources (id integer, name text); insert into sources values (1, 's')`,
  {
    'insert thing': "insert into things values (2, 'b', 2)",
    'insert things': 'insert into things select id + 10, name from sources',
    'update thing': "update things set name = 'c' where id = 1",
    'update all things': 'update things set size = size + 1',
    'delete thing': 'delete from things where id = 2',
    'delete all things': 'delete from things',
    'truncate things': 'truncate things cascade',
    'recreate lines': 'drop table lines; create table lines (id integer primary key, thing_id integer)',
    'insert line': 'insert into lines values (1, 1)',
    'recreate things':
      'drop table things cascade; create table things (id integer primary key, name text, size integer default 1)',
    'recreate things with rows':
      "drop table things cascade; create table things (id integer primary key, name text, size integer default 1); insert into things values (1, 'n', 5)",
    'rename things away':
      'alter table things rename to old_things; create table things (like old_things including all)',
    'copy things': 'create table copied as select * from things',
    'replace by a copy':
      'create table fresh (id integer primary key, name text, size integer default 1); insert into fresh select * from things; drop table things cascade; alter table fresh rename to things',
    'insert source': "insert into sources values (2, 't')",
    'recreate sources': 'drop table sources; create table sources (id integer, name text)',
    'fill name': "update things set name = 'z' where name is null",
    'fill again': "update things set name = 'z' where id = 2",
    'retype name': 'alter table things alter column size type numeric',
    'recompute size': 'alter table things alter column size type integer using size * 10',
    'halve size': 'update things set size = size / 2',
  },
)

const definitions = of(
  0.08,
  `create table items (id integer primary key, kind text default 'k', amount integer, tax integer not null default 0,
     total integer generated always as (amount * 2) stored, label text);
   insert into items (id, amount) values (1, 3);
   create table audit (what text, n integer);
   create function stamp() returns trigger language plpgsql as 'begin new.label := ''stamped''; return new; end';
   create function audit_row() returns trigger language plpgsql as 'begin insert into audit values (''row'', 1); return null; end';
   create function word() returns text language sql as 'select ''w''';
   create table watched (id integer, label text); insert into watched values (1, 'a');
   create trigger watched_audit after insert or update of label on watched for each row execute function audit_row();
   create trigger watched_stamp before insert on watched for each row when (new.id > 10) execute function stamp();
   create table worded (id integer, label text default word());
   create table quiet (id integer, label text); insert into quiet values (1, 'a');
   create rule quiet_update as on update to quiet do instead nothing;
   create domain small as integer check (value < 100); create table smalls (id integer, n small)`,
  {
    'insert without kind': 'insert into items (id, amount) values (2, 4)',
    'insert with kind': "insert into items (id, kind, amount, label) values (3, 'x', 4, 'l')",
    'insert default kind': 'insert into items (id, kind, tax) values (4, default, 5)',
    'insert without names': "insert into items values (5, 'y', 7)",
    'insert by query': 'insert into items (id, amount) select id + 20, amount from items',
    'update amount': 'update items set amount = 9 where id = 1',
    'update to default': 'update items set kind = default where id = 1',
    'update label': "update items set label = 'u'",
    'nullify amount': 'update items set amount = null where id = 1',
    'default of kind': "alter table items alter column kind set default 'z'",
    'no default of kind': 'alter table items alter column kind drop default',
    'default of label': "alter table items alter column label set default 'd'",
    'column with default': "alter table items add column extra text default 'e'",
    'column, then default':
      "alter table items add column extra text; alter table items alter column extra set default 'e'",
    'generated column': 'alter table items add column twice integer generated always as (tax * 2) stored',
    'drop expression': 'alter table items alter column total drop expression',
    'check of amount': 'alter table items add constraint positive check (amount > 0)',
    'check of amount, not valid': 'alter table items add constraint positive check (amount > 8) not valid',
    'amount required': 'alter table items alter column amount set not null',
    'label required':
      "update items set label = 'none' where label is null; alter table items alter column label set not null",
    'trigger before insert': 'create trigger items_stamp before insert on items for each row execute function stamp()',
    'trigger after update':
      'create trigger items_audit after update on items for each row execute function audit_row()',
    'trigger on kind': 'create trigger items_kind before update of kind on items for each row execute function stamp()',
    'rule instead': 'create rule items_quiet as on insert to items do instead nothing',
    'rule also': "create rule items_also as on update to items do also insert into audit values ('rule', 1)",
    'insert watched': "insert into watched values (2, 'b')",
    'update watched': "update watched set label = 'c'",
    'update id of watched': 'update watched set id = 9',
    'drop audit': 'drop table audit',
    'column of audit': 'alter table audit add column at integer default 3',
    'rename column of audit': 'alter table audit rename column n to m',
    'update audit': 'update audit set n = 7',
    'insert audit': "insert into audit values ('other', 2)",
    'replace function of trigger':
      "create or replace function audit_row() returns trigger language plpgsql as 'begin insert into audit values (''changed'', 2); return null; end'",
    'drop trigger': 'drop trigger watched_audit on watched',
    'disable trigger': 'alter table watched disable trigger watched_audit',
    'rename function': 'alter function audit_row() rename to audit_rows',
    'insert worded': 'insert into worded (id) values (1)',
    'insert worded with label': "insert into worded values (2, 'x')",
    'replace word': "create or replace function word() returns text language sql as 'select ''other'''",
    'update quiet': "update quiet set label = 'q'",
    'insert quiet': "insert into quiet values (2, 'b')",
    'drop rule': 'drop rule quiet_update on quiet',
    'insert small': 'insert into smalls values (1, 50)',
    'check of small': 'alter domain small add constraint smaller check (value < 60)',
    'tighter check of small': 'alter domain small add constraint smaller check (value < 40)',
    'default of small': 'alter domain small set default 3',
    'insert without small': 'insert into smalls (id) values (2)',
    'retype tax': 'alter table items alter column tax type bigint',
  },
)

/** Settings with rows, whose changes are about rows and about what decides on them. */
export const rowSettings: Readonly<Record<string, Setting>> = {
  'foreign keys': foreignKeys,
  'other names of rows': otherNames,
  sequences,
  'on conflict': conflicts,
  'partitions with rows': partitions,
  'replaced tables': replaced,
  'what decides on rows': definitions,
}
