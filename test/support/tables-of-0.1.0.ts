import {contentIdOf} from '../../src/script/content-id.ts'
import type {Bench} from './contract.ts'
import type {DatabaseKind} from './databases.ts'

const postgresql = [
  `create table "mig_version" ("revision" varchar(255) not null, "is_head" boolean not null, "down_revisions" text not null, "message" text not null, "content_id" varchar(255) not null, "git_commit" varchar(255) null, "applied_at" timestamptz(3) not null, "applied_by" text not null, "duration_ms" int not null, "downgrade_sql" text null, constraint "mig_version_pkey" primary key ("revision"))`,
  `create table "mig_log" ("id" serial, "action" varchar(255) not null, "revision" varchar(255) not null, "at" timestamptz(3) not null, "by" text not null, "mig" varchar(255) not null, "duration_ms" int not null, "outcome" varchar(255) null, "reason" text null, "tag" text null, "statements_done" int null, "statements_total" int null, "statement" text null, "digest" varchar(255) null, constraint "mig_log_pkey" primary key ("id"))`,
] as const

const mysql = [
  'create table `mig_version` (`revision` varchar(255) not null, `is_head` tinyint(1) not null, `down_revisions` text not null, `message` text not null, `content_id` varchar(255) not null, `git_commit` varchar(255) null, `applied_at` datetime(3) not null, `applied_by` text not null, `duration_ms` int not null, `downgrade_sql` text null, primary key (`revision`)) default character set utf8mb4 engine = InnoDB',
  'create table `mig_log` (`id` int not null auto_increment primary key, `action` varchar(255) not null, `revision` varchar(255) not null, `at` datetime(3) not null, `by` text not null, `mig` varchar(255) not null, `duration_ms` int not null, `outcome` varchar(255) null, `reason` text null, `tag` text null, `statements_done` int null, `statements_total` int null, `statement` text null, `digest` varchar(255) null) default character set utf8mb4 engine = InnoDB',
] as const

/** The tables as mig 0.1.0 creates them. */
const tables: Readonly<Record<DatabaseKind, readonly string[]>> = {
  postgresql,
  pglite: postgresql,
  mysql,
  mariadb: mysql,
  sqlite: [
    'create table `mig_version` (`revision` text not null primary key, `is_head` integer not null, `down_revisions` text not null, `message` text not null, `content_id` text not null, `git_commit` text null, `applied_at` datetime not null, `applied_by` text not null, `duration_ms` integer not null, `downgrade_sql` text null)',
    'create table `mig_log` (`id` integer not null primary key autoincrement, `action` text not null, `revision` text not null, `at` datetime not null, `by` text not null, `mig` text not null, `duration_ms` integer not null, `outcome` text null, `reason` text null, `tag` text null, `statements_done` integer null, `statements_total` integer null, `statement` text null, `digest` text null)',
  ],
}

/** An applied revision. */
interface Applied {
  readonly id: string
  readonly parents: readonly string[]
  readonly text: string
  readonly isHead: boolean
}

/** Returns the statements after which a database is as mig 0.1.0 leaves it when it has applied these revisions. */
export function stateOfFirstVersion(kind: DatabaseKind, applied: readonly Applied[]): readonly string[] {
  const inserts = applied.flatMap(({id, parents, text, isHead}, i) => {
    const at = `'2025-01-01 00:00:0${i}'`
    const row = [`'${id}'`, isHead, `'${JSON.stringify(parents)}'`, `'revision ${id}'`, `'${contentIdOf(text)}'`]
    return [
      `insert into mig_version (revision, is_head, down_revisions, message, content_id, applied_at, applied_by, duration_ms, downgrade_sql) values (${row.join(', ')}, ${at}, 'ana@host', 3, 'drop table t_${id};')`,
      `insert into mig_log (action, revision, at, ${kind === 'mysql' || kind === 'mariadb' ? '`by`' : '"by"'}, mig, duration_ms, outcome) values ('upgrade', '${id}', ${at}, 'ana@host', '0.1.0', 3, 'done')`,
      `create table t_${id} (n integer)`,
    ]
  })
  return [...tables[kind], ...inserts]
}

/** Makes a project with the revisions a <- b <- c, and its database as mig 0.1.0 leaves it with a and b applied. */
export async function asOfFirstVersion(on: Bench, config: object = {}): Promise<void> {
  on.use('a <- b <- c', undefined, config)
  const text = (id: string): string => on.folder.read(`migrations/versions/${id}.ts`)
  await on.database.query(
    ...stateOfFirstVersion(on.kind, [
      {id: 'a', parents: [], text: text('a'), isHead: false},
      {id: 'b', parents: ['a'], text: text('b'), isHead: true},
    ]),
  )
}
