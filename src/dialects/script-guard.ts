import type {ScriptSyntax} from './dialect.ts'

/** Returns a guard that fails through a check constraint, for databases that cannot raise errors in plain SQL. */
export function guardByConstraint({
  create,
  drop,
}: {
  readonly create: string
  readonly drop: string
}): ScriptSyntax['guard'] {
  return ({condition, place}, {quote}) => {
    const name = quote(`database is not at ${place}`.slice(0, 60).replaceAll('.', ' '))
    return [
      `${create} mig_guard (ok integer, constraint ${name} check (ok = 1))`,
      `insert into mig_guard select case when ${condition} then 1 else 0 end`,
      `${drop} mig_guard`,
    ]
  }
}
