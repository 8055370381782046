import type {DatabaseKind} from '../support/databases.ts'

/** A merge of two branches; each revision is of another kind. */
export const dag = 'a <- b; b <- l; b <- r; l, r <- m'

/** Returns the text of a revision of the history. */
export function bodyOf(id: string, kind: DatabaseKind): string {
  const concurrently = kind === 'postgresql' ? 'concurrently ' : ''
  const ofTable = kind === 'mariadb' || kind === 'mysql' ? ' on account' : ''
  return revisionOf(bodies[id] ?? '', concurrently, ofTable)
}

function revisionOf(body: string, concurrently: string, ofTable: string): string {
  return body.replaceAll('CONCURRENTLY ', concurrently).replaceAll(' OF_TABLE', ofTable)
}

const bodies: Readonly<Record<string, string>> = {
  /** One transaction, all of whose statements are known. */
  a: `export function upgrade(op) {
  op.execute('create table account (id integer not null primary key, name varchar(40) not null)')
  op.bulkInsert('account', [{id: 1, name: 'one'}, {id: 2, name: 'two'}, {id: 3, name: 'three'}])
}
export function downgrade(op) {
  op.execute('drop table account')
}
`,
  /** What it does depends on what it reads. */
  b: `export async function upgrade(op) {
  op.execute('create table copy (id integer not null primary key, name varchar(40) not null)')
  const rows = await op.query('select id, name from account order by id')
  op.bulkInsert('copy', rows.filter(({id}) => id > 1))
}
export async function downgrade(op) {
  const rows = await op.query('select id from account order by id')
  op.execute('delete from copy where id = ?', [rows.at(-1).id])
  op.execute('drop table copy')
}
`,
  /** One statement in the middle commits by itself. */
  l: `export async function upgrade(op) {
  op.execute("insert into account (id, name) values (10, 'ten')")
  await op.autocommit(() => op.execute('create index CONCURRENTLY account_name on account (name)'))
  op.execute("insert into account (id, name) values (11, 'eleven')")
}
export async function downgrade(op) {
  op.execute('delete from account where id = 11')
  await op.autocommit(() => op.execute('drop index CONCURRENTLY account_name OF_TABLE'))
  op.execute('delete from account where id = 10')
}
`,
  /** No statement is in a transaction with another. */
  r: `export const transactional = false
export function upgrade(op) {
  op.execute('create table entry (id integer not null primary key, account_id integer not null)')
  op.execute('insert into entry (id, account_id) values (1, 1)')
  op.execute('alter table entry add column amount integer')
  op.execute('update entry set amount = coalesce(amount, 0) + 5')
}
export function downgrade(op) {
  op.execute('update entry set amount = amount - 5')
  op.execute('alter table entry drop column amount')
  op.execute('delete from entry')
  op.execute('drop table entry')
}
`,
  m: `export function upgrade(op) {
  op.execute('create table total (id integer not null primary key references account (id), amount integer)')
  op.execute('insert into total (id, amount) select account_id, sum(amount) from entry group by account_id')
  op.execute('update account set id = id + 100 where id > 9')
}
export function downgrade(op) {
  op.execute('update account set id = id - 100 where id > 100')
  op.execute('drop table total')
}
`,
}
