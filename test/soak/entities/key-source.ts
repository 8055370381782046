import type {DatabaseKind} from '../../support/databases.ts'
import type {Features, TablePlan} from './plan.ts'

/** Returns the properties of a primary key. */
export function keySource({key, partitions}: TablePlan, features: Features, kind: DatabaseKind): readonly string[] {
  const usual = ['id: p.integer().primary()']
  if (!features.keys || (features.partitions && partitions > 0)) return usual
  const isPostgres = kind === 'postgresql' || kind === 'pglite'
  const forms: readonly (readonly string[])[] = [
    usual,
    ['id: p.bigint().primary()'],
    ['id: p.uuid().primary()'],
    ['id: p.string().length(20).primary()'],
    ['id: p.integer().primary()', 'part: p.integer().primary()'],
    ['id: p.integer().primary().autoincrement(false)'],
    isPostgres ? ["id: p.integer().primary().generated('identity')"] : ['id: p.smallint().primary()'],
  ]
  return forms[key % forms.length] ?? usual
}
