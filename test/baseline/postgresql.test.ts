import {expect} from 'chai'
import {baseline, verifyBaseline} from '../../src/api/files/baseline.ts'
import {downgrade} from '../../src/api/runs/migrate.ts'
import {createDatabase, databaseKinds} from '../support/databases.ts'
import {rejectionOf} from '../support/errors.ts'
import {Folder} from '../support/folder.ts'

const schema = [
  'create table base (id int primary key, kind int not null default 1, note text)',
  'create table child (own int) inherits (base)',
  'create table events (id int not null, at date, kind int default 1) partition by range (at)',
  `create table events_2025 partition of events for values from ('2025-01-01') to ('2026-01-01')`,
  'create index base_note on base (note)',
  'create unique index base_kind on base (kind)',
  'create type pair as (a int, b text)',
  'create table pairs (a int, b text)',
  'create view v as select id, note from base',
  'create rule r as on delete to base do nothing',
  'create policy p on base using (true)',
  'create statistics st on id, kind from base',
]

/** Statements whose effect no definition of a table shows, and the setting that they make. */
const settings: readonly (readonly [sql: string, setting: string])[] = [
  ['alter table child alter column kind set default 2', 'child.kind default'],
  ['alter table child alter column kind drop default', 'child.kind default'],
  ['alter table child alter column note set not null', 'child.note not null'],
  ['alter table only events_2025 alter column kind set default 3', 'events_2025.kind default'],
  ['alter table only events_2025 alter column kind set not null', 'events_2025.kind not null'],
  ['alter table base alter column note set statistics 500', 'base.note statistics'],
  ['alter table base alter column note set (n_distinct = -0.5)', 'base.note options'],
  ['alter table base alter column note set compression pglz', 'base.note compression'],
  [`alter view v alter column note set default 'x'`, 'v.note default'],
  ['alter table pairs of pair', 'pairs.type'],
  ['alter table base set (toast.autovacuum_enabled = off)', 'base.toast options'],
  ['alter table base replica identity full', 'base.replica identity'],
  ['alter table base replica identity using index base_kind', 'base.replica identity'],
  ['alter table base cluster on base_note', 'base.cluster'],
  ['alter statistics st set statistics 7', 'base.statistics st'],
  [`comment on statistics st is 'both'`, 'base.comment on statistics st'],
  ['alter table base disable rule r', 'base.rule r'],
  [`comment on rule r on base is 'none goes'`, 'base.comment on rule r'],
  [`comment on policy p on base is 'all'`, 'base.comment on policy p'],
]

if (databaseKinds.includes('postgresql'))
  describe('a baseline on postgresql has what no definition of a table shows', () => {
    for (const [sql, setting] of settings)
      it(sql, async () => {
        const [existing, other] = [await createDatabase('postgresql'), await createDatabase('postgresql')]
        await existing.query(...schema, sql)
        await other.query(...schema)
        const folder = new Folder().write({
          'mig.config.js': `export default {orm: '${existing.url}'}\n`,
          'other.config.js': `export default {orm: '${other.url}'}\n`,
          'migrations/versions/.gitkeep': '',
        })
        await baseline({cwd: folder.path})
        const error = await rejectionOf('BASELINE_DIFFERS', () =>
          verifyBaseline({cwd: folder.path, config: 'other.config.js'}),
        )
        expect(error.message).to.contain(`setting ${setting} is not in the database`)
        await downgrade({cwd: folder.path, target: 'base', baseline: true})
        await Promise.all([existing.drop(), other.drop()])
      })
  })

/** Objects that the server describes in other words once its own description is read again. */
const texts = [
  `create index i on notes (id) where kind in ('a', 'b')`,
  `create unique index i on notes ((kind in ('a,', 'it''s (]')))`,
  `create view v as select * from notes where kind in ('a', 'b') or note not in ('c', 'd')`,
  `create materialized view v as select kind in ('a', 'b') as is_known from notes`,
  `alter table notes add check (kind in ('a', 'b'))`,
  `alter table notes add is_known boolean generated always as (kind in ('a', 'b')) stored`,
  `alter table notes add is_known boolean default ('x'::varchar in ('a', 'b'))`,
  `create policy p on notes using (kind in ('a', note))`,
  `create domain known as varchar(5) check (value in ('a', 'b'))`,
  `create rule r as on insert to notes where new.kind in ('a', 'b') do nothing`,
  `create trigger t before insert on notes for each row when (new.kind in ('a', 'b')) execute function suppress_redundant_updates_trigger()`,
  `create table part (x int, n int, kind varchar(5) not null, id int not null); alter table part drop column x; alter table parts attach partition part default`,
  `create table part (kind varchar(5) not null, n int, id int not null); alter table parts attach partition part default; create index on parts (id)`,
  `create table part partition of parts for values in ('a', 'b'); alter table part add check (kind in ('a', 'b'))`,
]

if (databaseKinds.includes('postgresql'))
  describe('a baseline on postgresql is proved equal where the server rewrites an expression', () => {
    for (const sql of texts)
      it(sql, async () => {
        const existing = await createDatabase('postgresql')
        const other = await createDatabase('postgresql')
        const statements = [
          'create table notes (id int, kind varchar(5), note varchar(9))',
          'create table parts (id int default 1, n int, kind varchar(5), primary key (kind, id)) partition by list (kind)',
          sql,
        ]
        await existing.query(...statements)
        await other.query(...statements)
        const folder = new Folder().write({
          'mig.config.js': `export default {orm: '${existing.url}'}\n`,
          'other.config.js': `export default {orm: '${other.url}'}\n`,
          'migrations/versions/.gitkeep': '',
        })
        const {stamped} = await baseline({cwd: folder.path})
        expect(await verifyBaseline({cwd: folder.path, config: 'other.config.js'})).to.deep.include({stamped})
        await Promise.all([existing.drop(), other.drop()])
      })
  })
