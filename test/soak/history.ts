import * as fc from 'fast-check'
import type {Revision} from '../../src/graph/revision.ts'
import {histories} from '../support/arbitrary.ts'
import type {DatabaseKind} from '../support/databases.ts'

/** A history whose revisions do something, by what kind of thing it is. */
export interface History {
  readonly revisions: readonly Revision[]
  readonly kinds: readonly number[]
}

/** Random histories; ids are those of tables, too. */
export const working: fc.Arbitrary<History> = histories(7)
  .filter((revisions) => revisions.length > 0)
  .chain((revisions) =>
    fc.record({
      revisions: fc.constant(renamed(revisions)),
      kinds: fc.array(fc.nat(4), {minLength: revisions.length, maxLength: revisions.length}),
    }),
  )

function renamed(revisions: readonly Revision[]): readonly Revision[] {
  const names = new Map(revisions.map(({id}, i) => [id, `r${i}`]))
  const nameOf = (id: string): string => names.get(id) ?? id
  return revisions.map(({id, downRevisions, dependsOn, branchLabels}) => ({
    id: nameOf(id),
    downRevisions: downRevisions.map(nameOf),
    dependsOn: dependsOn.map(nameOf),
    branchLabels,
  }))
}

/** Returns what a revision does. Nothing of it can be done twice unnoticed. */
export function bodyOf({revisions, kinds}: History, {id}: Revision, database: DatabaseKind): string {
  const kind = kinds[revisions.findIndex((one) => one.id === id)] ?? 0
  const concurrently = database === 'postgresql' ? 'concurrently ' : ''
  const ofTable = database === 'mariadb' || database === 'mysql' ? ` on t_${id}` : ''
  const create = `op.execute('create table t_${id} (id integer not null primary key, n integer)')`
  const insert = (n: number): string => `op.execute('insert into t_${id} (id, n) values (${n}, ${n})')`
  const count = (by: string): string => `op.execute('update t_${id} set n = n ${by}')`
  const index = `op.execute('create index ${concurrently}i_${id} on t_${id} (n)')`
  const dropIndex = `op.execute('drop index ${concurrently}i_${id}${ofTable}')`
  const drop = `op.execute('drop table t_${id}')`
  const query = "await op.query('select 1 as n')"
  switch (kind) {
    case 0:
      return functions('', [create, insert(1), count('+ 1')], [count('- 1'), drop])
    case 1:
      return functions('', [create, query, insert(1), query, count('* 3')], [query, drop])
    case 2: {
      const up = [create, insert(1), `await op.autocommit(() => ${index})`, count('+ 1')]
      return functions('', up, [count('- 1'), `await op.autocommit(() => ${dropIndex})`, drop])
    }
    case 3:
      return functions(
        'export const transactional = false\n',
        [create, insert(1), count('+ 1'), insert(2), count('* 3')],
        [count('- 1'), drop],
      )
    default:
      return functions(
        'export const transactional = false\n',
        [create, query, insert(1), index, count('+ 1')],
        [dropIndex, query, count('- 1'), drop],
      )
  }
}

function functions(header: string, up: readonly string[], down: readonly string[]): string {
  const body = (lines: readonly string[]): string => lines.map((line) => `  ${line}\n`).join('')
  return `${header}export async function upgrade(op) {\n${body(up)}}\nexport async function downgrade(op) {\n${body(down)}}\n`
}
